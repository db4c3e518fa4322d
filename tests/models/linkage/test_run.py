import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.csv
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from fraud.errors import InvalidInput
from models import cli
from models.linkage import learn
from models.linkage.blocking import Pairs
from models.linkage.fields import compare_fields
from models.linkage.learn import FOLDS, Lesson, chances, deals_of, folds_of, log_odds, splits_of
from models.linkage.public import FILE, RUNS, config_of
from models.linkage.run import compare_records, link_records
from models.linkage.table import read_records, same_pairs
from tests.models.linkage.made import some_records, write_entries


@pytest.fixture(autouse=True)
def quick_fits(monkeypatch):
    """Fewer deals, and fewer and faster trees than the usual ones."""
    monkeypatch.setattr(learn, "DEALS", 2)
    monkeypatch.setattr(learn, "ROUNDS", 40)
    monkeypatch.setattr(learn, "FIRST_ROUNDS", 25)
    monkeypatch.setitem(learn.PARAMETERS, "learning_rate", 0.15)


def quiet(_step: str) -> None:
    """Tell nobody."""


@pytest.fixture(scope="module")
def records():
    return some_records()


@pytest.fixture(scope="module")
def lesson(records):
    compared = compare_records(records, quiet)
    matrix = np.column_stack(list(compared.columns.values()))
    town = np.random.default_rng(0).integers(-1, 5, len(records))
    return Lesson(compared.pairs, matrix, records.person, {"town": town})


def test_the_model_beats_the_best_single_comparison(records):
    found = link_records(records, 1, quiet)
    assert found.blocking_recall > 0.9
    assert found.figures["model"]["f1"].mean > found.figures["best_single"]["f1"].mean + 0.02
    assert found.figures["clusters"]["f1"].mean > found.figures["best_single"]["f1"].mean
    assert found.true_pairs == same_pairs(records.person)


def test_every_pair_is_judged_once_a_deal_by_models_that_saw_neither_of_its_people(lesson):
    """Once: a mean over several models for pairs within a fold would tell pairs of one person."""
    ends = (lesson.pairs.first, lesson.pairs.second)
    for deal in deals_of(0):
        times = np.zeros(len(lesson.pairs))
        for split in splits_of(lesson, deal):
            taught = np.unique(np.concatenate([lesson.person[end[split.teach]] for end in ends]))
            asked = np.unique(np.concatenate([lesson.person[end[split.judged]] for end in ends]))
            assert not np.intersect1d(taught, asked).size
            times[split.judged] += 1
        assert set(times) == {1}


def test_models_of_every_deal_learn_from_as_many_people(lesson):
    for deal in (*deals_of(0), *deals_of(1)):
        fold = folds_of(lesson.person, deal)
        people = [len(np.unique(lesson.person[fold == one])) for one in range(FOLDS)]
        assert max(people) - min(people) <= 1


def test_no_two_seeds_share_a_deal():
    deals = [deal for seed in range(6) for deal in deals_of(seed)]
    assert len(set(deals)) == len(deals) == 6 * len(deals_of(0))


def test_pairs_within_a_fold_are_spread_over_all_models_that_may_judge_them(lesson):
    fold = folds_of(lesson.person, 0)
    within = (fold[lesson.pairs.first] == 0) & (fold[lesson.pairs.second] == 0)
    shares = [within[split.judged].sum() / within.sum() for split in splits_of(lesson, 0)]
    assert sorted(share > 0.1 for share in shares) == [False] * 6 + [True] * (FOLDS - 1)


def test_every_pair_has_its_first_chance_from_one_model(lesson, monkeypatch):
    """A mean of more models for pairs within a fold would tell pairs of one person here as well."""
    alone, before = [], []

    def first(_lesson, _teach, deal):
        found = np.random.default_rng([deal, len(alone)]).normal(size=len(lesson.pairs))
        alone.append(found)
        return found

    def second(_lesson, _split, chance, _deal):
        before.append(chance)
        return chance

    monkeypatch.setattr(learn, "_first_log_odds", first)
    monkeypatch.setattr(learn, "_second_log_odds", second)
    log_odds(lesson, 0, quiet)
    fold = folds_of(lesson.person, 0)
    first_fold, second_fold = fold[lesson.pairs.first], fold[lesson.pairs.second]
    for split, chance in zip(splits_of(lesson, 0), before, strict=True):
        by = chance[:, None] == np.array(alone).T
        assert (by.sum(axis=1) == 1).all()
        model = by.argmax(axis=1)
        assert set(model) == set(split.rest)
        assert ((model != first_fold) & (model != second_fold)).all()


def test_hopeless_pairs_keep_their_first_chance(lesson, monkeypatch):
    second = log_odds(lesson, 0, quiet)
    monkeypatch.setattr(learn, "HOPELESS", 1.1)
    first = log_odds(lesson, 0, quiet)
    assert np.isfinite(first).all()
    # What another model says of hopeful pairs is never the same; what is left alone is.
    monkeypatch.setattr(learn, "HOPELESS", 0.1)
    some = log_odds(lesson, 0, quiet)
    hopeless = expit(first) < 0.1
    assert hopeless.any()
    np.testing.assert_array_equal(some[hopeless], first[hopeless])
    assert (some[~hopeless] != first[~hopeless]).mean() > 0.9
    assert roc_auc_score(lesson.same, second) >= roc_auc_score(lesson.same, first) - 0.01


def test_chances_are_the_mean_of_all_deals_of_a_seed(lesson):
    of_deals = [log_odds(lesson, deal, quiet) for deal in deals_of(1)]
    np.testing.assert_allclose(chances(lesson, 1, quiet), expit(np.mean(of_deals, axis=0)))
    assert (of_deals[0] != of_deals[1]).mean() > 0.9


def test_the_labels_of_two_folds_change_no_chance_between_them(lesson):
    """The strictest of leaks: a chance that knows, over whichever way, the label it is about."""
    fold = folds_of(lesson.person, 0)
    before = log_odds(lesson, 0, quiet)
    among = (fold == 0) | (fold == 1)
    person = lesson.person.copy()
    # The same people, their records dealt out anew within their own folds.
    for one in (0, 1):
        rows = np.flatnonzero(fold == one)
        person[rows] = person[np.random.default_rng(1).permutation(rows)]
    after = log_odds(replace(lesson, person=person), 0, quiet)
    between = (fold[lesson.pairs.first] == 0) & (fold[lesson.pairs.second] == 1)
    between |= (fold[lesson.pairs.first] == 1) & (fold[lesson.pairs.second] == 0)
    np.testing.assert_array_equal(before[between], after[between])
    outside = ~among[lesson.pairs.first] & ~among[lesson.pairs.second]
    assert (before[outside] != after[outside]).any()


def test_the_labels_of_two_people_change_no_chance_between_them_in_any_deal(lesson):
    # Two people of one fold in every deal: a record can change hands and keep its fold.
    folds = np.stack([folds_of(lesson.person, deal) for deal in deals_of(0)])
    first, second = lesson.pairs.first, lesson.pairs.second
    together = (folds[:, first] == folds[:, second]).all(axis=0) & ~lesson.same
    row, other = first[together][0], second[together][0]
    person = lesson.person.copy()
    person[row], person[other] = person[other], person[row]
    before = chances(lesson, 0, quiet)
    after = chances(replace(lesson, person=person), 0, quiet)
    both = lesson.person[[row, other]]
    among = np.isin(lesson.person[first], both) & np.isin(lesson.person[second], both)
    assert (lesson.same[among] != (person[first] == person[second])[among]).any()
    np.testing.assert_array_equal(before[among], after[among])
    assert (before[~among] != after[~among]).any()


def test_chances_are_those_of_the_whole_table(lesson):
    """Three fifths of the people have fewer pairs of two people to each of one."""
    expected = np.mean([chances(lesson, seed, quiet).sum() for seed in range(3)])
    assert expected == pytest.approx(lesson.same.sum(), rel=0.09)  # 12% too many without weights


def test_people_enter_no_comparison(records, lesson):
    person = np.random.default_rng(0).permutation(records.person)
    compared = compare_records(replace(records, person=person), quiet)
    np.testing.assert_array_equal(np.column_stack(list(compared.columns.values())), lesson.matrix)


def test_people_dealt_out_anew_are_not_found(lesson):
    aucs = []
    for seed in range(5):
        # Few people with many records each: enough pairs of one person among those compared.
        person = np.random.default_rng(seed).integers(0, 25, len(lesson.person))
        shuffled = replace(lesson, person=person)
        aucs.append(roc_auc_score(shuffled.same, chances(shuffled, seed, quiet)))
    assert abs(np.mean(aucs) - 0.5) <= 3 * max(np.std(aucs), 0.02) / np.sqrt(5)


def test_unknown_people_are_judged_and_count_for_nothing(records):
    person = records.person.copy()
    person[:50] = -1
    found = link_records(replace(records, person=person), 1, quiet)
    assert np.isfinite(found.chances).all()
    assert found.true_pairs == same_pairs(person)
    touched = (found.pairs.first < 50) | (found.pairs.second < 50)
    assert (found.chances[touched] > 0.9).any()


def test_records_without_a_name_are_like_nobody(records):
    names = [*records.names[:-2], "", ""]
    pairs = compare_records(replace(records, names=names), quiet).pairs
    assert max(pairs.first.max(), pairs.second.max()) < len(records) - 2


def test_one_person_never_stands_twice_where_that_cannot_be(records):
    ballot = np.arange(len(records)) // 40
    found = link_records(replace(records, never_twice=ballot), 1, quiet)
    assert (ballot[found.pairs.first] != ballot[found.pairs.second]).all()
    assert same_pairs(found.cluster, ballot) == 0
    assert same_pairs(found.cluster) > 0


def test_fields_say_unknown_rather_than_differs():
    records = some_records(
        names=["a", "b", "c"],
        person=np.array([0, 0, 1]),
        exact={"town": np.array([0, 0, -1])},
        texts={"seat": ["Port", "Ports", None]},
        numbers={"year": np.array([2000.0, 2004.5, np.nan])},
    )
    columns = compare_fields(records, Pairs(np.array([0, 0]), np.array([1, 2])))
    assert columns["town: equal"][0] == 1
    assert columns["town: rare and equal"][0] == pytest.approx(np.log(3 / 2))
    assert 0.5 < columns["seat: alike"][0] < 1
    assert columns["year: apart"][0] == 4.5
    assert all(np.isnan(column[1]) for column in columns.values())


def test_too_few_people_are_said():
    records = some_records(
        names=["Ali", "Aly", "Abu", "Abu"], person=np.array([0, 0, 1, 1]), exact={}
    )
    with pytest.raises(InvalidInput, match="too few people have two records"):
        link_records(records, 1, quiet)


def test_the_command_prints_figures_and_writes_what_people_look_at(tmp_path):
    out = tmp_path / "found" / "figures.json"
    words = ["link", str(write_entries(tmp_path)), "--json", str(out)]
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == 0
    found = json.loads(out.read_text())
    assert set(found["figures"]) == {"model", "clusters", "best_single"}
    assert f"{found['figures']['model']['f1']['mean']:.4f}" in done.stdout
    folder = tmp_path / "found" / "figures-report"
    assert "no model has seen either person" in (folder / "report.md").read_text()
    pairs = pyarrow.csv.read_csv(folder / "pairs.csv")
    assert pairs["chance"].to_pylist() == sorted(pairs["chance"].to_pylist(), reverse=True)
    assert pyarrow.csv.read_csv(folder / "clusters.csv").num_rows == found["records"]
    for written in folder.iterdir():
        assert "Kamal" not in written.read_text()


@pytest.mark.parametrize("run", RUNS)
def test_public_records_are_as_described(run):
    folder = os.environ.get("SEMPADAN_PUBLIC_SETS")
    if not folder or not (Path(folder) / FILE).exists():
        pytest.skip(f"SEMPADAN_PUBLIC_SETS names no folder with {FILE} (see docs/benchmarks.md)")
    config = config_of(run, Path(folder), 1)
    records = read_records(config)
    assert len(records) == 13_364
    assert len(np.unique(records.person)) == 7_300
    assert same_pairs(records.person) == 13_738
    assert not {"sex", "ethnicity", "age", "name"} & set(config.columns)


def test_a_text_column_without_any_text_is_unknown():
    records = some_records()
    silent = replace(records, texts={"address": [None] * (len(records) - 1) + [" "]})
    pairs = Pairs(np.array([0, 1]), np.array([2, 3]))
    assert np.isnan(compare_fields(silent, pairs)["address: alike"]).all()


def test_records_without_any_name_are_refused():
    records = some_records()
    with pytest.raises(InvalidInput, match="no record has a name"):
        compare_records(replace(records, names=["-"] * len(records)), quiet)
