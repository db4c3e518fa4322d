"""Made-up tables for the backtest: rings that share an account, and nothing else to see."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from models.backtest.config import Config
from models.backtest.table import Table

TOML = """
table = "claims.csv"
id = "claim"
time = "filed"
label = { column = "fraud", positive = "yes", unknown = ["?"], delay = 5 }
numeric = ["amount"]
categorical = ["kind"]
links = "as of"
split = { kind = "time", test = 0.25 }
seeds = 1

[entities]
account = "account"
clinic = "clinic"
"""


def a_table(
    rows: int = 600, *, seed: int = 0, unknown: float = 0.1, shuffled: bool = False
) -> Table:
    """Rows at whole days; a tenth of the accounts are bad, and most of their rows positive."""
    chance = np.random.default_rng(seed)
    account = chance.integers(-1, rows // 8, rows)
    bad = chance.random(rows // 8 + 1) < 0.15
    label = np.where(bad[account], chance.random(rows) < 0.9, chance.random(rows) < 0.05)
    label = label.astype(np.float64)
    label[chance.random(rows) < unknown] = np.nan
    if shuffled:
        known = np.flatnonzero(~np.isnan(label))
        label[known] = label[chance.permutation(known)]
    amount = chance.lognormal(3, 1, rows)
    amount[chance.random(rows) < 0.05] = np.nan
    return Table(
        label=label,
        time=np.sort(chance.integers(0, rows // 2, rows)).astype(np.float64),
        numeric={"amount": amount},
        categorical={"kind": chance.integers(-1, 4, rows)},
        entities={"account": account, "clinic": chance.integers(0, 12, rows)},
        investigated=chance.random(rows) < 0.6,
        masks={},
        groups=chance.integers(-1, 30, rows),
        edges=None,
    )


def a_config(**changes: object) -> Config:
    """A description that fits `a_table`."""
    told: dict[str, object] = {
        "table": "claims.csv",
        "time": "filed",
        "label": {"column": "fraud"},
        "numeric": ["amount"],
        "categorical": ["kind"],
        "links": "batch",
        "split": {"kind": "folds", "count": 3},
        "entities": {"account": "account", "clinic": "clinic"},
        "seeds": 1,
    }
    return Config.model_validate(told | changes)


def write_claims(folder: Path, toml: str = TOML, **columns: list[object]) -> Path:
    """A CSV of `a_table` and its description; the path of the description."""
    table = a_table()
    words = np.array(["no", "yes", "?"])
    label = np.nan_to_num(table.label, nan=2.0).astype(int)
    days = np.datetime64("2026-01-01") + table.time.astype(int)
    found: dict[str, object] = {
        "claim": [f"C{i}" for i in range(len(table))],
        "filed": days,
        "fraud": words[label].tolist(),
        "amount": pa.array(table.numeric["amount"], from_pandas=True),
        "kind": [f"K{code}" for code in table.categorical["kind"]],
        "account": [f"A{code}" if code >= 0 else None for code in table.entities["account"]],
        "clinic": table.entities["clinic"],
    }
    pyarrow.csv.write_csv(pa.table(found | columns), folder / "claims.csv")
    (folder / "backtest.toml").write_text(toml)
    return folder / "backtest.toml"
