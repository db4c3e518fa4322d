"""What links are worth: the three scorers differ in links alone, and shuffling keeps degrees."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from fraud.features import FEATURE_NAMES
from fraud.graph import NodeKind
from fraud.simulator import RegionSettings
from fraud.store.engine import Store
from fraud.store.rebuild import claim_rows, named_nodes
from models.config import load_settings
from models.evaluate import Scale
from models.links import OF_ONE_PERSON, Links, _Scored, _shuffled, _worth, vectors_by_links
from models.watched import region_store

SMALL = RegionSettings(people=1_200, seed=7601, claim_intensity=20, fraud_rate=0.03)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with region_store(SMALL) as (_, filled):
        yield filled


def column(name: str, rows, links: Links):
    at = FEATURE_NAMES.index(name)
    return np.array([vectors[links][at] for _, vectors in rows])


def test_what_needs_no_link_is_the_same_for_all_three(store: Store):
    rows = list(vectors_by_links(store, Scale()))
    again = list(claim_rows(store, sources=Scale().records.sources))
    assert len(rows) == len(again) > 100
    for (row, vectors), same in zip(rows, again, strict=True):
        np.testing.assert_array_equal(vectors[Links.KNOWN], same.vector)
        assert row.claim_id == same.claim_id
    for name in ("leave_days_before_accident", "own_claims_under_another_law", "stays_on_leave"):
        known = column(name, rows, Links.KNOWN)
        for links in (Links.NONE, Links.SHUFFLED):
            np.testing.assert_array_equal(column(name, rows, links), known)
    shared = column("people_sharing_address", rows, Links.NONE)
    assert not np.nansum(shared)
    assert np.nansum(column("people_sharing_address", rows, Links.KNOWN)) > 0
    assert np.nansum(column("people_sharing_address", rows, Links.SHUFFLED)) > 0


def test_shuffling_keeps_the_degree_of_every_node_and_leads_elsewhere(store: Store):
    instead = _shuffled(store)
    places = {(claim, node) for claim, nodes in named_nodes(store) for node in nodes}
    between = {key for key in places if key[1][0] not in OF_ONE_PERSON}
    assert instead.keys() == between
    assert Counter(node for _, node in between) == Counter(instead.values())
    kinds = {node[0] for _, node in between}
    assert all(key[1][0] == node[0] for key, node in instead.items())
    assert int(NodeKind.ACCOUNT) in kinds
    assert int(NodeKind.PERSON) not in kinds
    moved = sum(node != key[1] for key, node in instead.items())
    assert moved > 0.9 * len(instead)


def worth_of(tmp_path, kinds: tuple[str, ...], known: list[float], none: list[float]):
    settings = load_settings(tracking_uri=f"sqlite:///{tmp_path / 'none.db'}", bootstrap_rounds=50)
    scores = {Links.KNOWN: known, Links.NONE: none, Links.SHUFFLED: none}
    arrays = {links: np.array(values) for links, values in scores.items()}
    region = _Scored(kinds, np.arange(len(kinds), dtype=np.int64), arrays)
    return _worth("together", ("T7", "T16"), [region], settings)


def test_a_gain_from_a_low_start_is_a_share_of_the_start(tmp_path):
    worth = worth_of(tmp_path, ("T7", "", "T16", ""), [9.0, 1.0, 8.0, 2.0], [1.0, 9.0, 2.0, 8.0])
    assert worth.cases == 2
    assert worth.precision[Links.KNOWN].value == 1
    start = (1 / 3 + 2 / 4) / 2
    assert worth.precision[Links.NONE].value == pytest.approx(start)
    assert worth.gain[Links.KNOWN].value == pytest.approx((1 - start) / start)
    assert worth.gain[Links.SHUFFLED].value == 0


def test_a_gain_from_a_high_start_is_a_share_of_the_distance_to_one(tmp_path):
    worth = worth_of(tmp_path, ("T7", "", "T16", ""), [9.0, 1.0, 8.0, 2.0], [9.0, 1.0, 2.0, 8.0])
    assert worth.precision[Links.NONE].value == pytest.approx(5 / 6)
    assert worth.gain[Links.KNOWN].value == pytest.approx(1.0)


def test_fraud_of_other_kinds_is_neither_a_case_nor_honest(tmp_path):
    worth = worth_of(tmp_path, ("T4", "T7", ""), [9.0, 5.0, 1.0], [9.0, 5.0, 1.0])
    assert worth.cases == 1
    assert worth.precision[Links.NONE].value == 1
