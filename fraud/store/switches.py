"""Gates shut by hand: who withdrew or restored a source, and what stands in place of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text, update

from fraud.assessment import Outcome, ScoringPoint
from fraud.privacy import GatedSource, OpenSources, listed_sources
from fraud.store.desk_values import utc
from fraud.store.engine import Store
from fraud.store.schema import reassessed, source_switches


@dataclass(frozen=True, slots=True)
class Switch:
    """A source withdrawn or restored; unfinished while claims wait to be assessed again for it."""

    number: int
    source: GatedSource
    withdrawn: bool
    by: str
    reason: str
    finished: bool

    @property
    def name(self) -> str:
        """How assessments made for it are triggered."""
        return f"{'withdrawn' if self.withdrawn else 'restored'}:{self.number}"


def withdrawn(connection: Connection) -> frozenset[GatedSource]:
    """The sources that stand withdrawn. Cost: one query of a handful of rows."""
    rows = connection.execute(
        select(source_switches.c.source, source_switches.c.withdrawn).order_by(
            source_switches.c.number
        )
    )
    last = {GatedSource(source): gone for source, gone in rows}
    return frozenset(source for source, gone in last.items() if gone)


def readable(connection: Connection, sources: OpenSources) -> OpenSources:
    """Of the sources with a legal basis, those that are not withdrawn."""
    return sources.without(withdrawn(connection))


def last_switch(connection: Connection, source: GatedSource) -> Switch | None:
    """The last withdrawal or restoration of a source."""
    row = connection.execute(
        select(source_switches)
        .where(source_switches.c.source == source.value)
        .order_by(source_switches.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    finished = row.finished_at is not None
    return Switch(row.number, source, row.withdrawn, row.switched_by, row.reason, finished)


def add_switch(
    connection: Connection,
    source: GatedSource,
    *,
    withdraw: bool,
    by: str,
    reason: str,
    now: datetime,
) -> Switch:
    """Withdraw or restore a source from now on; the transaction must be serial."""
    last = connection.execute(select(func.max(source_switches.c.number))).scalar_one()
    switch = Switch((last or 0) + 1, source, withdraw, by, reason, finished=False)
    connection.execute(
        insert(source_switches).values(
            number=switch.number,
            source=source.value,
            withdrawn=withdraw,
            switched_at=utc(now),
            switched_by=by,
            reason=reason,
        )
    )
    return switch


def finish(connection: Connection, switch: Switch, now: datetime) -> None:
    """Note that nothing is left to be assessed again."""
    connection.execute(
        update(source_switches)
        .where(source_switches.c.number == switch.number)
        .values(finished_at=utc(now))
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment as it was first made, and the one that stands for it since."""

    original: str
    standing: str
    claim_id: str
    cutoff: int
    scoring_point: ScoringPoint
    outcome: Outcome
    """Of the original."""
    stands_as: Outcome
    """The outcome that stands."""
    sources: OpenSources
    """Gated sources that the original read."""
    case_id: str | None
    """The case that shows it: as what it was opened on, or as evidence added since."""


_STANDING = """
SELECT a.assessment_id AS original, coalesce(later.assessment_id, a.assessment_id) AS standing,
 a.claim_id, a.cutoff, a.scoring_point, a.outcome, a.sources,
 coalesce(later.outcome, a.outcome) AS stands_as, cases.case_id
FROM assessments a
LEFT JOIN reassessed r ON r.original = a.assessment_id AND r.number =
 (SELECT max(number) FROM reassessed WHERE original = a.assessment_id)
LEFT JOIN assessments later ON later.assessment_id = r.assessment_id
LEFT JOIN cases ON cases.claim_id = a.claim_id AND EXISTS
 (SELECT 1 FROM decision_files f WHERE f.assessment_id = a.assessment_id)
WHERE NOT EXISTS (SELECT 1 FROM reassessed made WHERE made.assessment_id = a.assessment_id)
 AND ',' || a.sources || ',' LIKE :named
"""
_READS_IT = " AND ',' || coalesce(later.sources, a.sources) || ',' LIKE :named"
_READS_IT_NOT = " AND ',' || coalesce(later.sources, a.sources) || ',' NOT LIKE :named"
_NOT_YET = (
    " AND NOT EXISTS (SELECT 1 FROM reassessed d"
    " WHERE d.original = a.assessment_id AND d.number = :number)"
)


def uses_of(connection: Connection, source: GatedSource) -> list[Standing]:
    """What rests on a source now, in the order in which it became known. Cost: one scan."""
    return _standing(connection, _READS_IT, source, 0)


def waiting_for(connection: Connection, switch: Switch) -> list[Standing]:
    """What a withdrawal or restoration has still to assess again. Cost: one scan."""
    which = _READS_IT if switch.withdrawn else _READS_IT_NOT
    return _standing(connection, which + _NOT_YET, switch.source, switch.number)


def _standing(
    connection: Connection, which: str, source: GatedSource, number: int
) -> list[Standing]:
    rows = connection.execute(
        text(f"{_STANDING}{which} ORDER BY a.cutoff, a.assessment_id"),
        {"named": f"%,{source.value},%"} | ({"number": number} if number else {}),
    )
    return [
        Standing(
            row.original,
            row.standing,
            row.claim_id,
            row.cutoff,
            ScoringPoint(row.scoring_point),
            Outcome(row.outcome),
            Outcome(row.stands_as),
            listed_sources(row.sources),
            row.case_id,
        )
        for row in rows
    ]


def done_of(
    store: Store, connection: Connection, switch: Switch, originals: Sequence[str]
) -> set[str]:
    """Those of some originals that were assessed again for a switch before."""
    rows = connection.execute(
        text(
            f"SELECT original FROM reassessed WHERE number = :number AND {store.among('original')}"
        ),
        {"number": switch.number, "keys": store.bound_list(originals)},
    )
    return set(rows.scalars())


def replace_originals(
    store: Store, connection: Connection, switch: Switch, made: dict[str, str]
) -> None:
    """Note which new assessment stands for each original one."""
    store.add_rows(
        connection,
        reassessed,
        {
            "number": [switch.number] * len(made),
            "original": list(made),
            "assessment_id": list(made.values()),
        },
    )
