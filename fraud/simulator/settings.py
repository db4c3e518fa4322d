"""What can be chosen about a simulated region. All rates are assumptions, none is field data."""

from dataclasses import dataclass
from datetime import date, timedelta

from fraud.errors import Fault, InvalidInput


@dataclass(frozen=True)
class RegionSettings:
    """How large, how long and how busy the simulated region is.

    `claim_intensity` multiplies how often events happen (1.0 is the natural rate), so that a small
    region yields enough claims; divide it out before comparing volumes with real ones.
    `fraud_rate` is a share of all claims; `office_review_share` the share of claims that the
    simulated office of the past looked at because of its rough rules.
    """

    people: int = 20_000
    months: int = 12
    seed: int = 7
    claim_intensity: float = 1.0
    first_day: date = date(2025, 1, 1)
    fraud_rate: float = 0.015
    office_review_share: float = 0.40
    office_control_share: float = 0.03

    def __post_init__(self) -> None:
        faults = [
            Fault(name, str(getattr(self, name)), allowed)
            for name, fits, allowed in (
                ("people", 50 <= self.people <= 2_000_000, "50 to 2,000,000"),
                ("months", 1 <= self.months <= 60, "1 to 60"),
                ("claim_intensity", 0 < self.claim_intensity <= 50, "above 0, at most 50"),
                ("fraud_rate", 0 <= self.fraud_rate <= 0.2, "0 to 0.2"),
                ("office_review_share", 0 <= self.office_review_share <= 1, "0 to 1"),
                ("office_control_share", 0 <= self.office_control_share <= 1, "0 to 1"),
            )
            if not fits
        ]
        if faults:
            raise InvalidInput("a region cannot be simulated from this", faults)

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
