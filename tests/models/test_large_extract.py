"""The large extract that sizes are measured on is what the product's own road writes."""

from contextlib import closing
from functools import partial

import pytest

from fraud.privacy import ALL_OPEN, KeyRing, opened_on
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from fraud.store.engine import Store
from fraud.workflow.load import end_of, load_day
from models.extract import open_extract, write_extract
from models.table_from_extract import table_from_extract
from tests.models.test_table_from_extract import content
from tests.support.large_extract import KEY, large_extract

pytest.importorskip("duckdb")

REGION = RegionSettings(
    people=900, months=14, seed=4242, claim_intensity=50, office_review_share=1.0
)


def table_of(extract):
    return table_from_extract(
        extract, partial(KeyRing, KEY), appeal_window_days=30, sources=ALL_OPEN, processes=1
    )


@pytest.mark.slow
def test_a_region_written_without_a_database_gives_the_same_table(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'region.db'}", KeyRing(KEY), create=True)
    with closing(opened) as store:
        for lived in lived_days(simulate(REGION)):
            load_day(store, lived, gates=opened_on("SIMULATED: a test", "testing"))
        loaded = write_extract(
            store, tmp_path / "loaded", before=end_of(REGION.last_day), sources=ALL_OPEN
        )
    claims = large_extract([REGION], tmp_path / "direct", days_after=0)
    direct = table_of(open_extract(tmp_path / "direct"))
    assert claims > 150
    assert len(direct) > 1.5 * claims
    assert content(direct) == content(table_of(loaded))


@pytest.mark.slow
def test_people_of_several_regions_are_different_people(tmp_path):
    few = RegionSettings(people=60, months=12, claim_intensity=50, office_review_share=1.0)
    other = RegionSettings(
        people=60, months=12, claim_intensity=50, seed=8, office_review_share=1.0
    )
    for name, regions in (("one", [few]), ("two", [other]), ("both", [few, other])):
        large_extract(regions, tmp_path / name)
    one, two, both = (table_of(open_extract(tmp_path / name)) for name in ("one", "two", "both"))
    assert len(set(both.claim_ids)) == len(set(one.claim_ids)) + len(set(two.claim_ids))
    assert len(set(both.people)) == len(set(one.people)) + len(set(two.people))
