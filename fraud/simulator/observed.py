"""What a written region shows of itself: counts at the border, claims and what was paid on them.

Read from its files alone, as anybody else would; nothing here knows how they were made.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fraud.errors import InvalidInput
from fraud.features.catalogue import Known
from fraud.graph import Area, LinkedClaim
from fraud.history import History
from fraud.movement import CHECKPOINTS, MODES
from fraud.records import Claim, ContributionStatement, Payment, PersonKey, Scheme
from fraud.rules import RULES, RuleContext
from fraud.simulator.border import coded, local_seconds
from fraud.simulator.files import SavedRegion
from fraud.statements import HitKind

BIN = 15
"""Minutes of the day counted together."""
PAID_OUT_AFTER = 240
"""A claim lodged so many days before the end has had all its monthly payments."""


def _bins() -> NDArray[np.int64]:
    return np.zeros(1440 // BIN, dtype=np.int64)


@dataclass
class Border:
    """Clearances of a year; crossings are people passing one way, as Singapore's side counts."""

    crossings: dict[date, int] = field(default_factory=dict)
    modes: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((len(CHECKPOINTS), len(MODES)), dtype=np.int64)
    )
    """Clearances by checkpoint and mode."""
    leaving: NDArray[np.int64] = field(default_factory=_bins)
    """Of Malaysia on Mondays to Fridays, by time of day."""
    returning: NDArray[np.int64] = field(default_factory=_bins)

    def of(self, checkpoint: str) -> NDArray[np.int64]:
        """Clearances of one checkpoint by mode."""
        counted: NDArray[np.int64] = self.modes[CHECKPOINTS.index(checkpoint)]
        return counted


@dataclass
class Office:
    """Claims as first lodged, and what was paid on those long enough ago."""

    accidents: Counter[str] = field(default_factory=Counter)
    """Work injuries under Act 4 by kind: work, road."""
    lodged: Counter[Scheme] = field(default_factory=Counter)
    expected_sen: dict[Scheme, list[int]] = field(default_factory=lambda: defaultdict(list))
    job_losses: int = 0
    payable: int = 0
    """Of the claims for job search allowance, those that no rule of law refuses."""
    search_paid_sen: list[int] = field(default_factory=list)
    """Paid on each payable one that was lodged early enough."""


@dataclass(frozen=True)
class Described:
    """The settings a region was written with."""

    people: int
    days: int
    seed: int

    @property
    def scale(self) -> float:
        """By what counts are multiplied to stand for 400,000 people."""
        return 400_000 / self.people


def described(folder: Path) -> Described:
    """How a region was made.

    Raises:
        InvalidInput: it was made at a raised intensity, with raised typologies, for less than a
            year or without everyone's crossings: its figures stand for nothing natural.
    """
    note = json.loads((folder / "region.json").read_text(encoding="utf-8"))
    chosen = note["settings"]
    if chosen["claim_intensity"] != 1 or chosen["raised"] or chosen["look_alikes"] != 1:
        raise InvalidInput("only a region at claim intensity 1, nothing raised, can be calibrated")
    if note["crossings"] != "everyone":
        raise InvalidInput("write the region with --crossings everyone to calibrate it")
    days = len((folder / "crossings" / "days.jsonl").read_text(encoding="utf-8").splitlines())
    if days < 365:
        raise InvalidInput("write a region of 12 months: seasons are part of its calibration")
    return Described(chosen["people"], days, chosen["seed"])


def border_of(saved: SavedRegion, tell: Callable[[float], None]) -> Border:
    """Count every clearance of every day. Cost: about half a second for a day of full size."""
    border = Border()
    days = [known.day for known in saved.days()]
    for number, day in enumerate(days):
        _count_day(border, saved.folder / "crossings" / f"{day.isoformat()}.parquet", day)
        tell((number + 1) / len(days))
    return border


def _count_day(border: Border, path: Path, day: date) -> None:
    columns = pq.read_table(
        path, columns=["authority", "direction", "checkpoint", "mode", "cleared_at"]
    )
    code = {name: coded(columns[name], name) for name in columns.column_names[:4]}
    border.crossings[day] = int((code["authority"] == 1).sum())
    place = code["checkpoint"] * len(MODES) + code["mode"]
    border.modes += np.bincount(place, minlength=border.modes.size).reshape(border.modes.shape)
    if day.weekday() < 5:
        bins = local_seconds(columns["cleared_at"]) % 86_400 // (60 * BIN)
        home = code["authority"] == 0
        for direction, counted in ((0, border.leaving), (1, border.returning)):
            rows = home & (code["direction"] == direction)
            np.add(counted, np.bincount(bins[rows], minlength=len(counted)), out=counted)


def office_of(saved: SavedRegion, last_day: date) -> Office:
    """Count claims and payments. Holds the claims for job search allowance, and nothing else."""
    office = Office()
    searches: dict[str, Claim] = {}
    statements: dict[str, ContributionStatement] = {}
    paid: Counter[str] = Counter()
    for _, record in saved.events():
        if isinstance(record, Claim):
            if record.version == 1:
                _count_claim(office, record)
                if record.scheme is Scheme.JOB_SEARCH:
                    searches[record.claim_id] = record
        elif isinstance(record, ContributionStatement):
            statements[record.mykad] = record
        elif isinstance(record, Payment):
            paid[record.claim_id] += record.amount_sen
    for claim_id, claim in searches.items():
        office.job_losses += 1
        if _payable(claim, statements.get(claim.claimant.mykad)):
            office.payable += 1
            if (last_day - claim.received_at.date()).days >= PAID_OUT_AFTER and paid[claim_id]:
                office.search_paid_sen.append(paid[claim_id])
    return office


def _count_claim(office: Office, claim: Claim) -> None:
    office.lodged[claim.scheme] += 1
    office.expected_sen[claim.scheme].append(claim.expected_payment_sen)
    act_4 = claim.scheme in (Scheme.TEMPORARY_DISABLEMENT, Scheme.PERMANENT_DISABLEMENT)
    if claim.injury and act_4:
        office.accidents[claim.injury.kind] += 1


def _payable(claim: Claim, statement: ContributionStatement | None) -> bool:
    """Whether no rule of law says *not payable* on the claim and the contributions alone."""
    linked = LinkedClaim(0, claim.claim_id, PersonKey(""), claim.received_at.toordinal(), ())
    known = Known(claim, History(contributions=statement), linked, Area())
    return not any(
        rule.look(known, RuleContext(accept_reserved=True))
        for rule in RULES
        if rule.kind is HitKind.NOT_PAYABLE
        and rule.schemes is not None
        and claim.scheme in rule.schemes
    )
