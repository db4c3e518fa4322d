"""The training table: what was known of each decided claim at its moment, and what it proved to be.

Vectors are recomputed from raw rows, each at its own cut-off. A claim teaches as it was lodged and
as later facts made it until it was decided: each such state is a row, and all of them together
weigh as much as one claim. Only mature decisions of people teach; a claim that nobody looked at is
not a negative.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fraud.assessment import Floats
from fraud.clock import local_day
from fraud.errors import InvalidInput
from fraud.privacy import OpenSources
from fraud.records import ClaimId, Label
from fraud.store.engine import Store
from fraud.store.rebuild import ClaimRow, DecidedClaim, claim_rows, mature_outcomes
from models.columns import Columns, columns_in_force
from models.judge import Judged
from models.rows import Rows
from models.split import Flags, Ints, Ties, narrow_ties, numbered, rings_of

USUAL_DELAY = 0.95
"""Share of decisions made by the time after which a day's decisions count as complete; waiting for
the slowest of all would leave out months."""


ROWS_WRITTEN = 50_000
"""Rows of a saved table written together, so that saving needs no second copy of them all."""

BLOCK = 25_000
"""Vectors kept together: 40 MB with 199 columns, which the system gets back once they are let go.
"""

_IN_A_BLOCK: Floats = np.empty(0)
"""Stands in a kept row for its vector."""

_SAVED = (
    ("claim_id", pa.string()),
    ("label", pa.string()),
    ("stands_for", pa.float64()),
    ("share", pa.float64()),
    ("day", pa.int64()),
    ("person", pa.int64()),
    ("ties", pa.list_(pa.int64())),
    ("ring", pa.int64()),
    ("payment_sen", pa.float64()),
)
"""Columns of a saved table before its features."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """How many claims there were, how many teach, and why the others do not."""

    claims: int
    unreviewed: int
    immature: int
    undetermined: int
    superseded: int
    """Earlier versions of a claim whose later version was decided."""
    rows: int
    """Claims that teach."""
    states: int
    """States of these claims: as lodged, and as they were looked at again before the decision."""
    positives: int
    errors: int
    """Errors by claimant, office or employer: negatives here, counted apart."""
    controls: int
    first_received: date | None
    last_received: date | None

    def described(self) -> dict[str, str]:
        """Each number as text, for the record of a run."""
        return {f"table.{name}": str(value) for name, value in asdict(self).items()}

    def lines(self) -> list[str]:
        """The report for people."""
        span = f"{self.first_received} to {self.last_received}"
        taught = f"{self.rows} decided claims teach in {self.states} states, {span}"
        among = f"{self.positives} confirmed fraud, {self.errors} errors"
        dropped = f"{self.unreviewed} nobody reviewed, {self.immature} not yet final"
        rest = f"{self.undetermined} undetermined, {self.superseded} superseded versions"
        return [
            taught,
            f"among them: {among}, {self.controls} from the random control",
            f"left out: {dropped}, {rest}",
        ]


@dataclass(frozen=True, slots=True, eq=False)
class TrainingTable:
    """States of decided claims in the order in which they were heard of; arrays have shape (n,)."""

    claim_ids: tuple[ClaimId, ...]
    """The claim of each state; the states of one claim have its label, person and payment."""
    vectors: Floats
    """Shape (n, columns); NaN is unknown."""
    labels: tuple[Label, ...]
    stands_for: Floats
    """How many claims of the intake a row's claim stands for: 1 when it was picked for a reason,
    more when it was drawn at random. See `_stands_for`."""
    share: Floats
    """One, divided by how many states of the claim teach."""
    days: Ints
    """Day on which the claim was last heard of, as a day number (`date.toordinal`)."""
    people: Ints
    """Number of the person."""
    ties: Ties
    """What ties each row to others, so that linked people can be kept on one side."""
    rings: Ints
    """Number of the ring of each row, so that one ring can count as one case; see `rings_of`."""
    payments_sen: Floats
    columns: Columns
    report: TableReport

    def __len__(self) -> int:
        return len(self.claim_ids)

    @property
    def positive(self) -> Flags:
        return np.array([label is Label.CONFIRMED_FRAUD for label in self.labels], dtype=np.bool_)

    @property
    def last_states(self) -> Ints:
        """The row of each claim's last state, in order."""
        last = {claim: row for row, claim in enumerate(self.claim_ids)}
        return np.sort(np.array(list(last.values()), dtype=np.int64))

    def rows(self, heaviest: float) -> Rows:
        """What a fit reads, with no claim weighing more than `heaviest`."""
        weights = np.minimum(self.stands_for, heaviest) * self.share
        return Rows(self.vectors, self.positive, weights)

    @property
    def weights(self) -> Floats:
        """What each row stands for by itself."""
        return self.stands_for * self.share

    def judged(self, rows: Ints) -> Judged:
        """The claims of some rows as those to judge an order on, each weighing what it stands for.

        In the order of `highest`.
        """
        first = rows[self._claims(rows)[0]]
        return Judged(
            self.positive[first],
            self.people[first],
            self.stands_for[first],
            self.payments_sen[first],
        )

    def highest(self, rows: Ints, scores: Floats) -> Floats:
        """The highest score of each claim of some rows: it passes a line when any state does."""
        first, claim = self._claims(rows)
        found = np.full(len(first), -np.inf)
        np.maximum.at(found, claim, scores)
        return found

    def _claims(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where each claim of some rows stands first, and for each row the number of its claim."""
        numbers: dict[ClaimId, int] = {}
        claim = [numbers.setdefault(self.claim_ids[row], len(numbers)) for row in rows.tolist()]
        first = np.unique(np.array(claim, dtype=np.int64), return_index=True)[1]
        return first.astype(np.int64), np.array(claim, dtype=np.int64)


class KeptRows:
    """States of decided claims as they come in, with one copy of each vector.

    Vectors stand in blocks, which are let go one by one while the table fills: where states come
    nearly in the order of the table, memory holds them little more than once.
    """

    def __init__(self, rows: Iterable[ClaimRow] = ()) -> None:
        self.rows: list[ClaimRow] = []
        """Without their vectors: those are in the blocks."""
        self._blocks: list[Floats] = []
        for row in rows:
            self.add(row)

    def add(self, row: ClaimRow) -> None:
        """Keep one more state."""
        place = len(self.rows) % BLOCK
        if not place:
            self._blocks.append(np.empty((BLOCK, len(row.vector))))
        self._blocks[-1][place] = row.vector
        self.rows.append(replace(row, vector=_IN_A_BLOCK))

    def take_vectors(self, states: Sequence[ClaimRow]) -> Floats:
        """The vectors of some of the rows, in the order of `states`; none is left here."""
        found = np.empty((len(states), len(columns_in_force())))
        at = {id(row): place for place, row in enumerate(states)}
        for start in range(0, len(self.rows), BLOCK):
            block = self._blocks.pop(0)
            for place, row in enumerate(self.rows[start : start + BLOCK]):
                if id(row) in at:
                    found[at.pop(id(row))] = block[place]
        if at:
            raise ValueError("a state that was not kept here has no vector")
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The training table, and the vectors of all recent claims, decided or not."""

    table: TrainingTable
    recent: dict[ClaimId, list[Floats]]
    """Of each recent claim the vectors of all its states."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As of when training reads the store, and how."""

    now: datetime
    appeal_window_days: int
    """Days after a decision before it teaches."""
    recent_days: int
    """Days before `now` whose claims set the review lines."""
    sources: OpenSources
    """Gated sources with a legal basis in force; the others are unknown."""


def gather(store: Store, moment: Moment) -> Gathered:
    """Read everything that training needs in one pass over the claims.

    Cost: one vector for each claim state in the store.
    """
    return gather_rows(claim_rows(store, sources=moment.sources), store, moment)


def gather_rows(rows: Iterable[ClaimRow], store: Store, moment: Moment) -> Gathered:
    """The same of claim states that were read already."""
    now = moment.now
    mature, immature = mature_outcomes(store, now=now, appeal_window_days=moment.appeal_window_days)
    decided = {one.claim_id: one for one in mature}
    since = now - timedelta(days=moment.recent_days)
    kept = KeptRows()
    recent: dict[ClaimId, list[Floats]] = {}
    received: dict[ClaimId, date] = {}
    for row in rows:
        if row.received_at >= now or row.heard_on > local_day(now):
            continue
        received.setdefault(row.claim_id, local_day(row.received_at))
        if teaches(decided.get(row.claim_id)):
            kept.add(row)
        if row.received_at >= since:
            recent.setdefault(row.claim_id, []).append(row.vector)
    table = training_table(
        kept,
        {claim_id: one for claim_id, one in decided.items() if claim_id in received},
        received=list(received.values()),
        immature=len(immature),
        mature_until=local_day(now - timedelta(days=moment.appeal_window_days)),
    )
    return Gathered(table, recent)


def training_table(
    kept: KeptRows,
    decided: Mapping[ClaimId, DecidedClaim],
    *,
    received: Sequence[date],
    mature_until: date,
    immature: int = 0,
) -> TrainingTable:
    """Join vectors with labels and say what was dropped. The vectors of `kept` are taken from it.

    `received` holds the day on which each claim first came in, decided or not, and `decided` the
    mature decisions on these; `mature_until` is the last day whose decisions are mature. Of a claim
    with several versions the last one received before its decision teaches, with the looks at it up
    to the day of the decision.
    """
    rows = [row for row in kept.rows if teaches(decided.get(row.claim_id))]
    taught = _states_by_claim(rows, decided)
    stands_for = _weights(taught, decided, received, mature_until)
    states = sorted(
        (row for found in taught.values() for row in found),
        key=lambda row: (row.heard_on, row.received_at, row.cutoff),
    )
    labels = tuple(decided[row.claim_id].label for row in states)
    people = numbered([row.person for row in states])
    nodes = [row.strong_nodes for row in states]
    confirmed = np.array([label is Label.CONFIRMED_FRAUD for label in labels], dtype=np.bool_)
    columns = columns_in_force()
    first = [found[0] for found in taught.values()]
    days = [local_day(row.received_at) for row in first]
    of_claims = [decided[row.claim_id] for row in first]
    negatives = {Label.CONFIRMED_FRAUD, Label.GENUINE}
    versions = {(row.claim_id, row.version) for row in rows}
    return TrainingTable(
        claim_ids=tuple(row.claim_id for row in states),
        vectors=kept.take_vectors(states),
        labels=labels,
        stands_for=np.array([stands_for[row.claim_id] for row in states], dtype=np.float64),
        share=np.array([1 / len(taught[row.claim_id]) for row in states], dtype=np.float64),
        days=np.array([row.heard_on.toordinal() for row in states], dtype=np.int64),
        people=people,
        ties=narrow_ties(people, nodes),
        rings=rings_of(people, nodes, confirmed),
        payments_sen=np.array([row.expected_payment_sen for row in states], dtype=np.float64),
        columns=columns,
        report=TableReport(
            claims=len(received),
            unreviewed=len(received) - len(decided) - immature,
            immature=immature,
            undetermined=sum(not teaches(one) for one in decided.values()),
            superseded=len(versions) - len(taught),
            rows=len(taught),
            states=len(states),
            positives=sum(one.label is Label.CONFIRMED_FRAUD for one in of_claims),
            errors=sum(one.label not in negatives for one in of_claims),
            controls=sum(one.picked_by == "control" for one in of_claims),
            first_received=min(days, default=None),
            last_received=max(days, default=None),
        ),
    )


def teaches(decided: DecidedClaim | None) -> bool:
    """Whether people found what a claim is; one that was left undetermined teaches nothing."""
    return decided is not None and decided.label is not Label.UNDETERMINED


def _states_by_claim(
    rows: Iterable[ClaimRow], decided: Mapping[ClaimId, DecidedClaim]
) -> dict[ClaimId, list[ClaimRow]]:
    """Of each claim the last version received before it was decided, and the looks at it by then.

    Where a decision is older than the claim, its first version stands alone.
    """
    by_claim: dict[ClaimId, list[ClaimRow]] = {}
    for row in rows:
        by_claim.setdefault(row.claim_id, []).append(row)
    found = {}
    for claim_id, states in by_claim.items():
        at = decided[claim_id].decided_at
        lodged = [row for row in states if not row.trigger_fact]
        in_time = [row for row in lodged if row.received_at <= at]
        last = max(in_time, key=lambda row: row.version) if in_time else lodged[0]
        looks = [
            row
            for row in states
            if row.trigger_fact and row.version == last.version and row.heard_on <= local_day(at)
        ]
        found[claim_id] = [last, *looks]
    return found


def _weights(
    taught: Mapping[ClaimId, Sequence[ClaimRow]],
    decided: Mapping[ClaimId, DecidedClaim],
    received: Sequence[date],
    mature_until: date,
) -> dict[ClaimId, float]:
    """How many claims of the intake each claim that teaches stands for."""
    first = [states[0] for states in taught.values()]
    days = np.array([local_day(row.received_at).toordinal() for row in first], dtype=np.int64)
    controls = np.array([decided[name].picked_by == "control" for name in taught], dtype=bool)
    delays = np.array([(decided[row.claim_id].decided_at - row.received_at).days for row in first])
    weights = _stands_for(controls, days, received, _complete_until(mature_until, delays))
    return dict(zip(taught, weights.tolist(), strict=True))


def _complete_until(mature_until: date, delays: Ints) -> int:
    """Number of the last day of receipt whose decisions are all mature, but for the slowest few.

    Later claims were partly decided, and partly still lie with somebody.
    """
    usual = float(np.quantile(delays, USUAL_DELAY)) if len(delays) else 0.0
    return mature_until.toordinal() - math.ceil(usual)


def _stands_for(controls: Flags, days: Ints, received: Sequence[date], until: int) -> Floats:
    """How many claims of the intake each row stands for.

    Rows picked by a rule or by the scorer stand for themselves. Control rows were drawn at random
    from all the rest, so together they stand for the rest: the inverse of the sampling share. It
    is counted where decisions are complete, up to the day `until`; while no control row is as old
    as that, on all there is.
    """
    weights = np.ones(len(days))
    if not controls.any():
        return weights
    if not (controls & (days <= until)).any():
        until = int(days.max())
    counted = days <= until
    intake = sum(day.toordinal() <= until for day in received)
    rest = intake - int((counted & ~controls).sum())
    weights[controls] = max(1.0, rest / int((counted & controls).sum()))
    return weights


def save_table(table: TrainingTable, path: Path) -> None:
    """Write a table as Parquet for notebooks: numbers, labels and claim ids, no identifiers."""
    about = {
        "columns": table.columns.to_json(),
        "report": json.dumps(asdict(table.report), default=str),
    }
    schema = pa.schema([*_SAVED, *((f"f:{name}", pa.float64()) for name in table.columns.names)])
    with pq.ParquetWriter(path, schema.with_metadata(about)) as file:
        for start in range(0, max(len(table), 1), ROWS_WRITTEN):
            rows = slice(start, start + ROWS_WRITTEN)
            columns = (
                table.claim_ids[rows],
                [label.value for label in table.labels[rows]],
                table.stands_for[rows],
                table.share[rows],
                table.days[rows],
                table.people[rows],
                table.ties[rows],
                table.rings[rows],
                table.payments_sen[rows],
                *table.vectors[rows].T,
            )
            file.write_table(pa.table(list(columns), schema=file.schema))


def load_table(path: Path) -> TrainingTable:
    """Read what `save_table` wrote. Raises InvalidInput when the file is something else."""
    try:
        found = pq.read_table(path)
        about = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
        columns = Columns.from_json(about["columns"])
        report = json.loads(about["report"])
    except (OSError, pa.ArrowException, KeyError, AttributeError, ValueError) as error:
        raise InvalidInput(f"{path.name} is not a saved training table") from error
    for name in ("first_received", "last_received"):
        report[name] = date.fromisoformat(report[name]) if report[name] else None
    vectors = [found[f"f:{name}"].to_numpy() for name in columns.names]
    return TrainingTable(
        claim_ids=tuple(ClaimId(one) for one in found["claim_id"].to_pylist()),
        vectors=np.column_stack(vectors),
        labels=tuple(Label(one) for one in found["label"].to_pylist()),
        stands_for=found["stands_for"].to_numpy(),
        share=found["share"].to_numpy(),
        days=found["day"].to_numpy(),
        people=found["person"].to_numpy(),
        ties=tuple(tuple(one) for one in found["ties"].to_pylist()),
        rings=found["ring"].to_numpy(),
        payments_sen=found["payment_sen"].to_numpy(),
        columns=columns,
        report=TableReport(**report),
    )


def labels_counted(table: TrainingTable) -> dict[str, int]:
    """How many claims carry each label."""
    of_claims = Counter(table.labels[row] for row in table.last_states.tolist())
    return {label.value: count for label, count in sorted(of_claims.items())}
