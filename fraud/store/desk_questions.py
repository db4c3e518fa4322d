"""The rows of questions to claimants; the words in them are sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from fraud.cases import CaseId, CaseState, Question
from fraud.privacy import KeyRing
from fraud.store.desk_tables import cases, questions
from fraud.store.desk_values import opened, read_or_none, sealed, utc, utc_or_none
from fraud.store.engine import as_utc

IS_OPEN = and_(
    questions.c.replied_at.is_(None),
    questions.c.lapsed_at.is_(None),
    questions.c.closed_at.is_(None),
)


def save_question(
    connection: Connection, keyring: KeyRing, case_id: CaseId, question: Question
) -> None:
    """Keep a question, or what became of it."""
    place = and_(questions.c.case_id == case_id, questions.c.number == question.number)
    content = {
        "language": question.language,
        "facts": question.facts,
        "wording": question.wording,
        "reply": question.reply,
    }
    values = {
        "replied_at": utc_or_none(question.replied_at),
        "lapsed_at": utc_or_none(question.lapsed_at),
        "closed_at": utc_or_none(question.closed_at),
        "sealed": sealed(keyring, content, f"questions|{case_id}|{question.number}"),
    }
    if connection.execute(update(questions).where(place).values(values)).rowcount:
        return
    connection.execute(
        insert(questions).values(
            case_id=case_id,
            number=question.number,
            asked_by=question.asked_by,
            asked_at=utc(question.asked_at),
            due_at=utc(question.due_at),
            **values,
        )
    )


def load_questions(connection: Connection, keyring: KeyRing, case_id: str) -> list[Question]:
    """Every question of a case, oldest first."""
    rows = connection.execute(
        select(questions).where(questions.c.case_id == case_id).order_by(questions.c.number)
    )
    return [_question(row, keyring) for row in rows]


def open_questions(
    connection: Connection, keyring: KeyRing, case_ids: Sequence[str]
) -> dict[str, Question]:
    """The questions that still wait for a reply, by case. Cost: one query."""
    rows = connection.execute(select(questions).where(questions.c.case_id.in_(case_ids), IS_OPEN))
    return {row.case_id: _question(row, keyring) for row in rows}


def overdue_questions(connection: Connection, now: datetime) -> list[str]:
    """The cases whose reply window has passed without a reply."""
    rows = connection.execute(
        select(cases.c.case_id)
        .join(questions, questions.c.case_id == cases.c.case_id)
        .where(
            cases.c.state == CaseState.INFORMATION_REQUESTED.value,
            IS_OPEN,
            questions.c.due_at < utc(now),
        )
        .order_by(questions.c.due_at)
    )
    return list(rows.scalars())


def _question(row: Row[Any], keyring: KeyRing) -> Question:
    content = opened(keyring, row.sealed, f"questions|{row.case_id}|{row.number}")
    return Question(
        number=row.number,
        asked_by=row.asked_by,
        asked_at=as_utc(row.asked_at),
        due_at=as_utc(row.due_at),
        replied_at=read_or_none(row.replied_at),
        lapsed_at=read_or_none(row.lapsed_at),
        closed_at=read_or_none(row.closed_at),
        **content,
    )
