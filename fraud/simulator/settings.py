"""What can be chosen about a simulated region. All rates are assumptions, none is field data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fraud.errors import Fault, InvalidInput


@dataclass(frozen=True)
class RegionSettings:
    """How large, how long and how busy the simulated region is.

    `claim_intensity` multiplies how often events happen (1.0 is the natural rate), so that a small
    region yields enough claims; divide it out before comparing volumes with real ones.
    `fraud_rate` is a share of all claims before anything is raised; `raised` multiplies single
    typologies (`{"T5": 20}`) and `look_alikes` the honest cases that resemble one, so that a few
    regions together hold enough of each to measure; `office_review_share` the share of claims that
    the simulated office of the past looked at because of its rough rules.
    """

    people: int = 20_000
    months: int = 12
    seed: int = 7
    claim_intensity: float = 1.0
    first_day: date = date(2025, 1, 1)
    fraud_rate: float = 0.015
    office_review_share: float = 0.40
    office_control_share: float = 0.03
    raised: Mapping[str, float] = field(default_factory=dict, hash=False)
    look_alikes: float = 1.0

    def __post_init__(self) -> None:
        faults = [
            Fault(name, str(getattr(self, name)), allowed)
            for name, fits, allowed in (
                ("people", 50 <= self.people <= 2_000_000, "50 to 2,000,000"),
                ("months", 1 <= self.months <= 60, "1 to 60"),
                ("claim_intensity", 0 < self.claim_intensity <= 50, "above 0, at most 50"),
                ("fraud_rate", 0 <= self.fraud_rate <= 0.2, "0 to 0.2"),
                ("office_review_share", 0 <= self.office_review_share <= 1, "0 to 1"),
                (
                    "raised",
                    all(0 <= one <= 1000 for one in self.raised.values()),
                    "0 to 1,000 each",
                ),
                ("look_alikes", 0 <= self.look_alikes <= 100, "0 to 100"),
                ("office_control_share", 0 <= self.office_control_share <= 1, "0 to 1"),
            )
            if not fits
        ]
        if faults:
            raise InvalidInput("a region cannot be simulated from this", faults)

    @property
    def dialled(self) -> str:
        """What was made more frequent than life has it, in words to print beside every figure."""
        parts = [f"claim intensity {self.claim_intensity:g}", f"fraud rate {self.fraud_rate:.2%}"]
        parts += [f"{name} raised {by:g} times" for name, by in sorted(self.raised.items())]
        if self.look_alikes != 1:
            parts.append(f"look-alikes raised {self.look_alikes:g} times")
        return ", ".join(parts)

    @property
    def days(self) -> int:
        """Length of the window in days."""
        return (self.last_day - self.first_day).days + 1

    @property
    def last_day(self) -> date:
        """Last day of the window."""
        month = self.first_day.month - 1 + self.months
        after = date(self.first_day.year + month // 12, month % 12 + 1, 1)
        return after + timedelta(days=self.first_day.day - 1) - timedelta(days=1)


def raised_of(words: Sequence[str]) -> dict[str, float]:
    """Multipliers from words such as `T5=20`; raises InvalidInput for a word of another shape."""
    found = {}
    for word in words:
        shape = re.fullmatch(r"(T\d{1,2})=(\d+(?:\.\d+)?)", word)
        if not shape:
            fault = Fault("raise", word, "a typology and a number, such as T5=20")
            raise InvalidInput("a region cannot be simulated from this", [fault])
        found[shape[1]] = float(shape[2])
    return found
