"""A large extract of simulated regions, written without a database between.

    python -m tests.support.large_extract FOLDER --claims 1000000 --processes 2

A database takes 6 ms to load a claim, and a million of them most of a day's patience. This writes
the rows that loading a region and `write_extract` give, by the product's own functions, and keeps
in memory what they ask the database for (`tests/models/test_large_extract.py` holds both roads
against each other on one region, to the bit of the table). Which claims the office of the past
looked into is drawn, not chosen by a clerk, and border files of several regions count as one.
Cost: some 4 ms of processor time a claim, half of it shared by processes, and 10 GB of memory for a
million. Everything in it is simulated.
"""

import argparse
import gc
import json
import mmap
import pickle
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq

from fraud.clock import end_of, local_day
from fraud.features.catalogue import WORKING_STAY_HOURS
from fraud.graph import nodes_of, pack_nodes
from fraud.history import history_from
from fraud.identity.clusters import UNJUDGED
from fraud.movement import STAY_KEPT_DAYS, fold_day
from fraud.privacy import ALL_OPEN, KeyRing
from fraud.records import Claim, ClaimId, Decision
from fraud.simulator import employers, office
from fraud.simulator import region as simulated
from fraud.simulator.answers import answers
from fraud.simulator.chance import dice
from fraud.simulator.crossings import Travel
from fraud.simulator.papers import Event, Papers
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, _decide_and_pay, _truth, plan_all
from fraud.store import raw_facts
from fraud.store.extract import _firm, microseconds
from fraud.store.gathering import parties_of, span_of
from fraud.store.raw_claims import ClaimState
from fraud.store.touched import LIFE, Standing
from fraud.workflow import points
from fraud.workflow.load import BATCH
from models.extract import TABLES

KEY = bytes.fromhex("51" * 32)
"""Of every extract written here: nothing in one is about anybody."""

CLAIMS_PER_PERSON = 0.5025
"""In 32 months at the highest intensity."""
MOST_IN_A_REGION = 340_000
"""People in one of several regions; their numbers would run out in one of millions."""
NUMBERS_OF_A_REGION = 1600
"""MyKad numbers of one birthday and sex that one region uses at most."""
DAYS_AFTER = 200
"""Days after the window until which decisions come in."""

KEPT = frozenset({"claim", "decision", *raw_facts.PERSON_FACTS, *raw_facts.EMPLOYER_FACTS})
NAME_NODES = frozenset({"employer", "enrolment", "board_attendance", "account_change"})
"""Facts that make a claim name a node."""
ROWS = 20_000

Entry = tuple[int, str, str, int, int]
"""When a record became known, its identifier, its kind, and where it is written."""


@dataclass(frozen=True)
class Written:
    """The records of a region, written down in any order."""

    region: Region
    entries: list[Entry]
    decided: set[ClaimId]
    spool: Path


@contextmanager
def _without_collection() -> Iterator[None]:
    """Nothing here leaves a cycle, and looking for them takes half of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@_without_collection()
def write_down(settings: RegionSettings, folder: Path, days_after: int, number: int) -> Path:
    """Write the records of one region to a file; answers where what is known of them is pickled."""
    with patch.object(simulated, "_identities", partial(_apart, simulated._identities, number)):
        world = simulated.build_region(settings)
    travel = Travel(world)
    plans = plan_all(world, travel)
    region, papers = Region(world, travel, plans), Papers(world)
    entries: list[Entry] = []
    decided: set[ClaimId] = set()
    spool = folder / f"{number}.records"
    with spool.open("wb") as file:
        keep = partial(_keep, file, entries, papers.instant(settings.days + days_after, 0))
        for turn in range(len(plans)):
            plan, plans[turn] = plans[turn], None
            told = f"{number or ''}{turn + 1:06d}"
            claim_id = ClaimId(f"SIM-{world.day(plan.received).year}-{told}")
            claim, events = papers.write(plan, claim_id)
            keep([*events, *answers(papers, plan, claim)])
            picked = _picked(settings, claim_id)
            keep(_decide_and_pay(papers, plan, claim, _truth(plan, claim), picked))
            if picked:
                decided.add(claim_id)
        keep(employers.watched(papers).events)
    region.truth, region.entities = {}, {}
    found = folder / f"{number}.pickle"
    with found.open("wb") as file:
        pickle.dump(Written(region, entries, decided, spool), file, protocol=5)
    return found


def _apart(identities: Any, number: int, *asked: Any) -> tuple[list[Any], list[str]]:
    """Births and MyKad numbers that no other region has."""
    births, mykads = identities(*asked)
    serials = [int(one[-4:]) for one in mykads]
    shift = number * NUMBERS_OF_A_REGION
    if max(serials) >= NUMBERS_OF_A_REGION or shift + NUMBERS_OF_A_REGION > 10_000:
        raise ValueError("MyKad numbers do not reach for more than six regions of 340,000 people")
    each = zip(mykads, serials, strict=True)
    return births, [f"{mykad[:-4]}{serial + shift:04d}" for mykad, serial in each]


def _picked(settings: RegionSettings, claim_id: ClaimId) -> office.Picked | None:
    draw = dice(settings.seed, "desk", claim_id)
    control = draw.random() < settings.office_control_share
    days = 30 + min(int(draw.expovariate(1 / 28)), 90)
    looked_into = dice(settings.seed, "looked into", claim_id).random()
    if looked_into < settings.office_review_share:
        return office.Picked("rule", days)
    return office.Picked("control", days) if control else None


def _keep(file: Any, entries: list[Entry], end: datetime, events: Iterable[Event]) -> None:
    for at, record in events:
        claim = record if isinstance(record, Claim) else None
        kind = "claim" if claim else record.kind
        if at < end and kind in KEPT:
            name = f"{claim.claim_id}#{claim.version:04d}" if claim else record.fact_id
            body = record.model_dump_json().encode()
            entries.append((microseconds(at), name, sys.intern(kind), file.tell(), len(body)))
            file.write(body)


class Table:
    """One file of the extract, written some thousand rows at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self.schema, self.rows = TABLES[name], 0
        self._file = pq.ParquetWriter(folder / f"{name}.parquet", self.schema)
        self._columns: dict[str, list[Any]] = {name: [] for name in self.schema.names}

    def add(self, **row: Any) -> None:
        self.extend(**{name: [value] for name, value in row.items()})

    def extend(self, **columns: Sequence[Any]) -> None:
        for name, values in self._columns.items():
            values.extend(columns[name])
        if len(values) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        table = pa.table(self._columns, schema=self.schema)
        self.rows += table.num_rows
        self._file.write_table(table)
        self._columns = {name: [] for name in self.schema.names}

    def close(self) -> None:
        self._flush()
        self._file.close()


@dataclass
class Office:
    """What `fraud.workflow.intake` keeps in the database, as far as later claims ask for it."""

    tables: dict[str, Table]
    decided: set[ClaimId]
    """Claims that are ever decided: only their records stand in an extract."""
    keyring: KeyRing = field(default_factory=lambda: KeyRing(KEY))
    last: int = 0
    standing: dict[ClaimId, Standing] = field(default_factory=dict)
    claims_of: defaultdict[str, list[ClaimId]] = field(default_factory=lambda: defaultdict(list))
    about_days: defaultdict[str, list[tuple[ClaimId, int, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By person: a claim, the day it was last heard of, and the days of crossings it is about."""
    latest: dict[ClaimId, tuple[bytes, bytes, object]] = field(default_factory=dict)
    """Of each claim its nodes, its record and what both were made of."""
    naming: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    files: dict[int, tuple[int, list[tuple[str, int, float | None]]]] = field(default_factory=dict)
    """Border files that nobody followed up: day, and person, day and hours of each record."""
    early: set[ClaimId] = field(default_factory=set)
    """Claims decided before they were known."""

    def next_position(self) -> int:
        self.last += 1
        return self.last

    def position(self, _connection: Any) -> int:
        return self.last

    @contextmanager
    def asked_for(self) -> Iterator[None]:
        """From now on `states_due` asks this in place of a database."""
        with (
            patch.object(points.touched, "standings", self._standings),
            patch.object(points.touched, "files_to_follow", self._files_to_follow),
            patch.object(points.touched, "follow_up", self._follow_up),
            patch.object(points.raw_claims, "latest_rows", self._latest_rows),
            patch.object(points.raw_claims, "open_claim", self._open_claim),
            patch.object(points.raw_facts, "facts_about", self._account_changes),
        ):
            yield

    def _standings(self, _store: Any, _connection: Any, ids: Any, people: Any) -> Any:
        found = set(ids) & self.standing.keys()
        found.update(claim_id for one in people for claim_id in self.claims_of.get(one, ()))
        return {one: self.standing[one] for one in sorted(found, key=self._first)}

    def _first(self, claim_id: ClaimId) -> int:
        return self.standing[claim_id].first

    def _files_to_follow(self, _connection: Any) -> dict[int, int]:
        return {at: day for at, (day, _) in self.files.items()}

    def _follow_up(self, _store: Any, _connection: Any, files: Any) -> Any:
        first, last = min(files.values()) - STAY_KEPT_DAYS, max(files.values())
        found = {
            (files[at], claim_id)
            for at, (_, seen) in self.files.items()
            for person, day, hours in seen
            if first <= day <= last
            for claim_id, heard, begins, ends in self.about_days.get(person, ())
            if max(first, day) <= heard
            and begins <= day <= ends
            and ((hours or 0.0) >= WORKING_STAY_HOURS or day == begins)
        }
        self.files.clear()
        return sorted(found)

    def _latest_rows(self, _store: Any, _connection: Any, ids: Any) -> Any:
        held = ((one, self.latest[one]) for one in ids if one in self.latest)
        return {one: SimpleNamespace(nodes=nodes, body=body) for one, (nodes, body, _) in held}

    def _open_claim(self, _keyring: Any, row: Any) -> Claim:
        return Claim.model_validate_json(row.body)

    def _account_changes(
        self, _store: Any, _connection: Any, names: Any, *_: Any, **__: Any
    ) -> Any:
        changes = {
            one: [f for f in self.naming.get(one, ()) if f.kind == "account_change"]
            for one in names
        }
        return {one: facts for one, facts in changes.items() if facts}

    def take_file(self, day: int, lost: float, seen: Sequence[Any]) -> None:
        """Take in a border file."""
        at, key = self.next_position(), self.keyring.person_key
        self.tables["border_files"].add(known_at=at, day_number=day, outage_share=lost)
        rows = sorted(((key(one.mykad), one) for one in seen), key=lambda row: (row[0], row[1].day))
        people, days = [person for person, _ in rows], [one for _, one in rows]
        numbers = [one.day.toordinal() for one in days]
        self.tables["person_days"].extend(
            known_at=[at] * len(rows),
            person=people,
            day_number=numbers,
            **{
                name: [getattr(one, name) for one in days]
                for name in ("hours_there", "out_minute", "back_minute", "asleep_there", "faults")
            },
        )
        hours = [one.hours_there for one in days]
        self.files[at] = (day, list(zip(people, numbers, hours, strict=True)))

    def take_in(self, records: Sequence[tuple[Any, bytes]]) -> None:
        """Take in one batch as `process_batch` does."""
        facts = [(one, body) for one, body in records if not isinstance(one, Claim)]
        for fact, body in facts:
            self._take_fact(fact, body)
        due = points.states_due(
            self,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            [one for one, _ in records if isinstance(one, Claim)],
            [fact for fact, _ in facts],
            sources=ALL_OPEN,
            people=UNJUDGED,
        )
        for state in due.states:
            self._take_state(state)

    def _take_fact(self, fact: Any, body: bytes) -> None:
        at = self.next_position()
        if isinstance(fact, Decision):
            self.tables["outcomes"].add(
                known_at=at,
                claim_id=fact.claim_id,
                label=fact.label.value,
                picked_by=fact.picked_by,
                decided_at=microseconds(fact.decided_at),
                decided_on=local_day(fact.decided_at).toordinal(),
                source="fact",
            )
            if fact.claim_id in self.standing:
                self.standing[fact.claim_id].decided = True
            else:
                self.early.add(fact.claim_id)
            return
        subject = raw_facts.subject_of(fact, self.keyring)
        if fact.kind in NAME_NODES:
            self.naming[subject].append(fact)
        if fact.kind in raw_facts.EMPLOYER_FACTS:
            subject = _firm(self.keyring, subject)
        sealed = self.keyring.seal(body, f"fact|{fact.fact_id}")
        self.tables["facts"].add(
            known_at=at, fact_id=fact.fact_id, kind=fact.kind, subject=subject, sealed=sealed
        )

    def _take_state(self, state: ClaimState) -> None:
        at, claim, key = self.next_position(), state.claim, self.keyring.person_key
        nodes, body = self._named(state)
        person, insured = key(claim.claimant.mykad), key(claim.insured_mykad)
        span = span_of(state, self.keyring, cutoff=at)
        decided = claim.claim_id in self.decided
        firm = _firm(self.keyring, claim.employer_code) if claim.employer_code else None
        self.tables["claims"].add(
            known_at=at,
            claim_id=claim.claim_id,
            version=claim.version,
            trigger_fact=state.trigger_fact,
            scoring_point=state.point.value,
            person=person,
            insured=insured,
            employer=firm if decided else None,
            received_on=state.received_on,
            heard_on=state.heard_on,
            in_time=True,
            first_day_read=span.first if decided else None,
            last_day_read=span.last if decided else None,
            nodes=nodes,
            sealed=self.keyring.seal(body, state.row) if decided else None,
        )
        if claim.claim_id not in self.standing:
            self.standing[claim.claim_id] = _Standing(
                claim.claim_id, person, insured, claim.claim_id in self.early, first=at
            )
            for one in {person, insured}:
                self.claims_of[one].append(claim.claim_id)
        stands = self.standing[claim.claim_id]
        stands.keys.add(state.key)
        stands.heard_on = max(stands.heard_on, state.heard_on)
        stands.point = max(stands.point, state.point, key=LIFE.index)
        if state.days:
            stands.days = state.days
            row = (claim.claim_id, state.heard_on, *state.days)
            if row not in self.about_days[person]:
                self.about_days[person].append(row)

    def _named(self, state: ClaimState) -> tuple[bytes, bytes]:
        """The nodes of a claim and its record, made anew only when something about it is new."""
        claim = state.claim
        parties = parties_of(claim, self.keyring)
        about = {one: self.naming.get(one, ()) for one in parties.subjects}
        made_of = (claim.version, claim.claimant.account, sum(map(len, about.values())))
        held = self.latest.get(claim.claim_id)
        if held is None or held[2] != made_of:
            history = history_from(about, parties, {}, {}, state.heard_on)
            nodes = pack_nodes(nodes_of(claim, self.keyring, history))
            held = (nodes, claim.model_dump_json().encode(), made_of)
            self.latest[claim.claim_id] = held
        return held[0], held[1]


@dataclass(slots=True)
class _Standing(Standing):
    first: int = 0
    """The position of its first state."""


@_without_collection()
def large_extract(
    settings: Sequence[RegionSettings],
    folder: Path,
    *,
    days_after: int = DAYS_AFTER,
    processes: int = 1,
    tell: Any = lambda _: None,
) -> int:
    """Write an extract of some regions that share their window; answers how many claims it has."""
    folder.mkdir(parents=True)
    with TemporaryDirectory(dir=folder.parent) as scratch, ExitStack() as files:
        write = partial(write_down, folder=Path(scratch), days_after=days_after)
        if processes == 1:
            found = [write(one, number=number) for number, one in enumerate(settings)]
        else:
            fresh = get_context("spawn")
            with ProcessPoolExecutor(processes, fresh, max_tasks_per_child=1) as pool:
                jobs = [pool.submit(write, one, number=n) for n, one in enumerate(settings)]
                found = [job.result() for job in jobs]
        tell("records are written down")
        # What the processes above wrote for this one, in a folder of its own.
        written = [pickle.loads(path.read_bytes()) for path in found]
        claims = sum(one.region.claims_count for one in written)
        tables = {name: files.enter_context(closing(Table(folder, name))) for name in TABLES}
        known = Office(tables, set().union(*(one.decided for one in written)))
        with known.asked_for():
            _live(written, known, days_after, tell)
    before = end_of(settings[0].last_day + timedelta(days=days_after))
    about = {"before": before.isoformat(), "sources": str(ALL_OPEN)}
    (folder / "extract.json").write_text(json.dumps(about) + "\n")
    return claims


def _live(written: Sequence[Written], known: Office, days_after: int, tell: Any) -> None:
    """Let each day become known, as the office lives it."""
    pages = []
    for one in written:
        with one.spool.open("rb") as file:
            pages.append(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
    entries = sorted(
        ((*entry, here) for here, one in enumerate(written) for entry in one.entries),
        key=lambda entry: entry[:2],
    )
    for one in written:
        one.entries.clear()
    settings = written[0].region.settings
    stays: list[Any] = [{} for _ in written]
    done = 0
    for number in range(settings.days + days_after):
        day = settings.first_day + timedelta(days=number)
        if number < settings.days:
            _border_file([one.region for one in written], stays, day, known)
        end, until = done, microseconds(end_of(day))
        while end < len(entries) and entries[end][0] <= until:
            end += 1
        for start in range(done, end, BATCH):
            known.take_in(
                [
                    _record(kind, pages[here][place : place + length])
                    for _, _, kind, place, length, here in entries[start : min(start + BATCH, end)]
                ]
            )
        done = end
        if number % 50 == 0:
            tell(f"{day}: {known.tables['claims'].rows:,} claim states")


def _border_file(regions: Sequence[Region], stays: list[Any], day: Any, known: Office) -> None:
    before, lost, seen = day - timedelta(days=1), 0.0, []
    for here, region in enumerate(regions):
        covered = region.crossing_day(before)
        table = region.crossings(before, before, region.requested(before))
        folded = fold_day(table, before, stays[here], covered)
        stays[here] = folded.open_stays
        seen += folded.days
        lost = max(lost, covered.outage_share)
    known.take_file(before.toordinal(), lost, seen)


def _record(kind: str, body: bytes) -> tuple[Any, bytes]:
    if kind == "claim":
        return Claim.model_validate_json(body), body
    return raw_facts.FACT.validate_json(body), body


def _main() -> None:
    asked = argparse.ArgumentParser(description="Write a large simulated extract.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--claims", type=int, default=100_000)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--seed", type=int, default=7001)
    chosen = asked.parse_args()
    people = round(chosen.claims / CLAIMS_PER_PERSON)
    regions = -(-people // MOST_IN_A_REGION)
    settings = [
        RegionSettings(
            people=people // regions, months=32, seed=chosen.seed + number, claim_intensity=50
        )
        for number in range(regions)
    ]
    began = time.monotonic()

    def tell(step: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:6.0f} s  {step}\n")
        sys.stdout.flush()

    claims = large_extract(settings, chosen.folder, processes=chosen.processes, tell=tell)
    tell(f"{claims:,} simulated claims. FRAUD_SECRET_KEY={KEY.hex()}")


if __name__ == "__main__":
    _main()
