"""Simulated records of people who are written differently each time."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from models.linkage.config import LinkConfig
from models.linkage.table import Records

OWN = (
    "Ahmad", "Hassan", "Yusof", "Zulkifli", "Rosli", "Mustafa", "Kamal", "Idris", "Hashim",
    "Salleh", "Nordin", "Zainal", "Faridah", "Rohani", "Aminah", "Salmah", "Latifah", "Noraini",
    "Zaharah", "Kassim", "Ramli", "Jamil", "Sulaiman", "Bakar", "Tahir", "Mansor", "Khalid",
    "Azman", "Ridzuan", "Shahrul", "Hafiz", "Farhan", "Iskandar", "Danial", "Haziq", "Syafiq",
    "Aisyah", "Nadia", "Izzati",
)  # fmt: skip

RESPELLED = {"ss": "s", "u": "o", "i": "y", "kh": "k", "z": "dz", "f": "ff", "sy": "sh"}

TOML = """
records = "entries.csv"
person = { column = "who" }
never_twice = ["day", "seat"]
seeds = 1

[columns]
written = "name"
town = "exact"
seat = "text"
day = "date"
"""


def the_entries(people: int = 250, *, seed: int = 0) -> dict[str, list[object]]:
    """Two or three entries of each person, in no order: names respelled, titled or cut short."""
    chance = np.random.default_rng([seed, *b"simulated names"])
    entries = []
    for person in range(people):
        own, parent = chance.choice(OWN, 2, replace=False), chance.choice(OWN)
        town = int(chance.integers(12))
        for _ in range(int(chance.integers(2, 4))):
            words = [*own] if chance.random() < 0.8 else [own[0]]
            word = str(chance.choice(["bin", "b.", ""]))
            name = " ".join([*words, word, parent] if chance.random() < 0.9 else words)
            if chance.random() < 0.4:
                old = str(chance.choice(list(RESPELLED)))
                name = name.replace(old, RESPELLED[old])
            title = str(chance.choice(["", "Haji ", "Dato' "], p=[0.7, 0.2, 0.1]))
            day = date(2000, 1, 1) + timedelta(int(chance.integers(8000)))
            here = town if chance.random() < 0.8 else int(chance.integers(12))
            entries.append((f"P{person}", title + name, f"Town {here}", f"Seat {here}", day))
    order = chance.permutation(len(entries))
    columns = zip(*(entries[place] for place in order), strict=True)
    return dict(zip(("who", "written", "town", "seat", "day"), map(list, columns), strict=True))


def some_records(**changes: object) -> Records:
    """Records by name alone."""
    entries = the_entries()
    number = {who: place for place, who in enumerate(dict.fromkeys(entries["who"]))}
    told: dict[str, object] = {
        "names": entries["written"],
        "person": np.array([number[who] for who in entries["who"]]),
        "exact": {},
        "texts": {},
        "numbers": {},
        "never_twice": None,
    }
    return Records(**(told | changes))


def write_entries(folder: Path, toml: str = TOML, **columns: list[object]) -> Path:
    """A CSV of `the_entries` and its description; the path of the description."""
    pyarrow.csv.write_csv(pa.table(the_entries() | columns), folder / "entries.csv")
    (folder / "link.toml").write_text(toml)
    return folder / "link.toml"


def a_config(folder: Path, **changes: object) -> LinkConfig:
    """A description that fits the file of `write_entries`."""
    told: dict[str, object] = {
        "records": folder / "entries.csv",
        "person": {"column": "who"},
        "columns": {"written": "name", "town": "exact"},
    }
    return LinkConfig.model_validate(told | changes)
