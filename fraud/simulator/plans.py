"""A claim before it is written down: what really happened, and what will be stated."""

from dataclasses import dataclass, field
from random import Random

from fraud.records import Account, Label, Place, Scheme
from fraud.simulator.crossings import Spell, Trip
from fraud.simulator.region import Career, Clinic, Region

INJURY_CODES = ("S61", "S52", "S82", "S93", "S83", "M51", "S62", "S42", "T20", "S06", "S90", "M54")
CODE_WEIGHTS = (18, 12, 9, 13, 7, 6, 11, 6, 4, 4, 6, 4)


@dataclass(slots=True)
class Plan:
    """One claim in the making. Days count from the first day of the window."""

    number: int
    person: int
    scheme: Scheme
    event: int
    received: int
    minute: int
    employer: int
    leave: int = 0
    leave_parts: list[int] = field(default_factory=list)
    clinic: Clinic | None = None
    signer: str = ""
    one_clinic: bool = False
    road: bool = False
    place: Place = Place.MALAYSIA
    occurred: int = 720
    """Stated minute of the accident, counted from midnight of the event day."""
    really_at: int = 720
    injury_code: str = "S61"
    percent: int = 0
    report_text: str | None = None
    treated_after: int = 60
    treated_in_singapore: bool = False
    police_after: int | None = None
    police_district: str = "JB-SELATAN"
    reason: str = "retrenchment"
    intermediary: str | None = None
    account: Account | None = None
    switched_to: Account | None = None
    switch_device: str | None = None
    switch_before: int = 5
    asked_employer: bool = False
    worked_on_leave: float = 0.0
    """Share of leave days on which the employer's list has the person present."""
    worked_from: int = 0
    """From which day of leave on that is so."""
    careers: list[Career] | None = None
    paid_in_lump: int | None = None
    """Days before receipt on which all contributions of the last job were paid at once."""
    enrolled_after: int | None = None
    wage_factor: float = 1.0
    """Stated wage over true wage, where somebody erred."""
    amended: bool = False
    spells: list[Spell] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    label: Label = Label.GENUINE
    typology: str | None = None
    organised: bool = False
    look_alike: str | None = None
    wrong_share: float = 0.0
    in_crowd: bool = False
    """One of several honest claims that belong together: a bus crash, a plant closing."""

    @property
    def honest(self) -> bool:
        return self.label is Label.GENUINE

    @property
    def untouched(self) -> bool:
        """Honest, and not one of a crowd whose claims tell one story."""
        return self.honest and not self.in_crowd

    @property
    def injury(self) -> bool:
        return self.scheme is not Scheme.JOB_SEARCH

    def dice(self, region: Region, purpose: str) -> Random:
        """Draws for this claim and purpose."""
        return region.dice("claim", self.number, purpose)

    def resembles(self, typology: str) -> None:
        """Mark an honest claim that looks like a typology; the first mark stays."""
        if self.look_alike is None and self.typology is None:
            self.look_alike = typology


def add_leave(plan: Plan, draw: Random, region: Region) -> None:
    """Certified leave in parts, by one clinic or several."""
    if plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        plan.leave = draw.choice((30, 45, 60, 60, 90, 90, 120))
    elif draw.random() < 0.35:
        plan.leave = draw.choices((4, 7, 14, 30, 60, 90), weights=(28, 26, 25, 13, 5, 3))[0]
    else:
        plan.leave = 4 + min(int(draw.expovariate(1 / 8.5)), 176)
    left = plan.leave
    while left > 0:
        part = min(left, draw.choice((4, 7, 7, 14, 14, 21, 30)))
        plan.leave_parts.append(part)
        left -= part
    pick_clinic(plan, draw, region)
    plan.one_clinic = draw.random() < 0.65


def pick_clinic(plan: Plan, draw: Random, region: Region) -> None:
    """A panel clinic near home, the big hospital, the night clinic, or the only bone unit."""
    near = region.clinics[(plan.person * 7 + draw.randrange(3)) % len(region.clinics)]
    shares = (6, 64, 10, 20) if plan.scheme is Scheme.PERMANENT_DISABLEMENT else (56, 27, 12, 5)
    places = (near, region.hospital, region.night_clinic, region.bone_unit)
    plan.clinic = draw.choices(places, weights=shares)[0]
    plan.signer = draw.choice(plan.clinic.practitioners)
