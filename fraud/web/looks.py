"""Why a claim was looked at, and what later looks found that the page does not say already."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fraud.cases import CaseEvent
from fraud.records import Claim
from fraud.statements import Statement
from fraud.web.received import told_of
from fraud.wording import Language, day, text
from fraud.workflow.case_file import LATER_LOOKS, CaseFile, LookFile
from fraud.workflow.points import file_day

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

MOST_RECORDS = 6
"""Records named under a statement before the rest are only counted."""


@dataclass(frozen=True, slots=True)
class StatementView:
    """One sentence with the family of evidence and the records it rests on."""

    sentence: str
    family: str
    records: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class LookView:
    """A later look: when, at which point of the claim's life, why, and what it found anew."""

    at: datetime
    why: str
    stands_out: list[StatementView]
    speaks_against: list[StatementView]
    not_known: list[StatementView]

    @property
    def found_anything(self) -> bool:
        """Whether it says anything that an earlier look did not."""
        return bool(self.stands_out or self.speaks_against or self.not_known)


def why_looked(look: LookFile, claim: Claim, language: Language) -> str:
    """In words: the scoring point, and the later fact that brought the look."""
    point = text(f"point.{look.point.value}", language)
    if not look.trigger:
        key = "look.version" if look.version > 1 else "look.lodged"
        return text(key, language, n=look.version)
    if border_day := file_day(look.trigger):
        return text("look.border_file", language, point=point, day=border_day)
    told = told_of(look.fact, claim, language) if look.fact else None
    if told is None:
        return text("look.closed", language, point=point)
    on, sentence = told
    return text("look.fact", language, point=point, day=on, fact=sentence)


def looks_since(file: CaseFile, events: Sequence[CaseEvent], language: Language) -> list[LookView]:
    """The later looks that a case tells of, newest first, each with what it was first to say."""
    said = {_gist(one) for one in _all_of(file.look)}
    views = []
    for event in events:
        if event.step not in LATER_LOOKS:
            continue
        look = file.since[str(event.details["assessment"])]
        fresh = [
            statements_in(_new(listed, said), language)
            for listed in (look.stands_out, look.speaks_against, look.not_known)
        ]
        views.append(LookView(event.at, why_looked(look, file.claim, language), *fresh))
        said |= {_gist(one) for one in _all_of(look)}
    return views[::-1]


def _all_of(look: LookFile) -> Iterable[Statement]:
    return (*look.stands_out, *look.speaks_against, *look.not_known)


def _gist(one: Statement) -> tuple[str, str]:
    return one.key, repr(sorted(one.values.items()))


def _new(listed: Iterable[Statement], said: set[tuple[str, str]]) -> list[Statement]:
    return [one for one in listed if _gist(one) not in said]


def statements_in(statements: Iterable[Statement], language: Language) -> list[StatementView]:
    """Statements as sentences of a language, with the records they rest on."""
    return [
        StatementView(
            sentence=text(statement.key, language, **statement.values),
            family=statement.family.value,
            records=tuple(_record(one, language) for one in statement.records[:MOST_RECORDS]),
            more=max(0, len(statement.records) - MOST_RECORDS),
        )
        for statement in statements
    ]


def _record(name: str, language: Language) -> str:
    """A record's name; one that is a day, YYYY-MM-DD and no other form, is written as people do."""
    if not ISO_DAY.fullmatch(name):
        return name
    try:
        return day(date.fromisoformat(name), language)
    except ValueError:
        return name
