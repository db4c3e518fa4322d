"""The public set that linkage is held against, and what was set out to be reached on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from models.linkage.config import LinkConfig
from models.linkage.figures import SHOWN
from models.linkage.run import Linked, link

FILE = "meco_dev_records.parquet"
"""Ballot entries of half of the people of the Malaysian election corpus (CC0)."""

HEADS = (
    "Figure",
    "Model",
    "Its clusters",
    "Best single comparison",
    "Published",
    "Reach",
)
"""What the columns of a line mean."""

PERSON = {"column": "candidate_uid"}

RUNS: dict[str, tuple[dict[str, object], dict[str, float]]] = {
    "MECo, names only": (
        {"columns": {"name_on_ballot": "name"}},
        {"f1": 0.91},
    ),
    "MECo, with state, seat, party and year": (
        {
            "columns": {
                "name_on_ballot": "name",
                "state": "exact",
                "seat": "text",
                "party_uid": "exact",
                "date": "date",
            },
            "never_twice": ["date", "seat"],
        },
        {"f1": 0.94, "recall_at_99": 0.82},
    ),
}
"""By name, what is compared, and by figure what to reach."""


def config_of(run: str, data: Path, seeds: int) -> LinkConfig:
    """The description of a run on the set in a folder."""
    told = {"records": data / FILE, "person": PERSON, "seeds": seeds, **RUNS[run][0]}
    return LinkConfig.model_validate(told)


def run_public_linkage(
    data: Path, *, seeds: int, tell: Callable[[str], None]
) -> Iterator[tuple[str, list[Sequence[str]]]]:
    """Each run on the set in `data`: its name, and a line for each figure."""
    for run, (_, reach) in RUNS.items():

        def told(step: str, name: str = run) -> None:
            tell(f"{name}: {step}")

        yield run, list(_lines(link(config_of(run, data, seeds), told), reach))


def _lines(found: Linked, reach: Mapping[str, float]) -> Iterator[Sequence[str]]:
    yield "true pairs compared", f"{found.blocking_recall:.4f}", "", "", "none", ""
    for figure, words in SHOWN.items():
        cells = (str(of.get(figure, "")) for of in found.figures.values())
        yield words, *cells, "none", f"{reach[figure]:g}" if figure in reach else ""
    flattered = str(found.within_folds["f1"])
    yield "pair F1, pairs within a fold alone", flattered, "", "", "none", ""
