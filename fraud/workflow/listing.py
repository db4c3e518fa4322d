"""Lists of entities for review and of people to be warned, as tables and as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from fraud.entities import EntityForReview, EntityKind, Sign, Warned
from fraud.wording import Language, text


def as_table(kind: EntityKind, found: Sequence[EntityForReview], language: Language) -> Table:
    """One row an entity; the caption says so when nothing stands out."""
    heads = (f"watch.{kind.value}", "watch.typology", "watch.stands_out", "watch.against")
    table = Table(*(text(head, language) for head in heads), show_lines=True)
    for one in found:
        sides = ("\n".join(_said(side, language)) for side in (one.signs, one.against))
        table.add_row(one.id, one.typology, *sides)
    if not found:
        table.caption = text("watch.nobody", language)
    return table


def _said(signs: Sequence[Sign], language: Language) -> list[str]:
    return [text(sign.key, language, **sign.values) for sign in signs]


def as_json(found: Sequence[EntityForReview], language: Language) -> str:
    """The same as JSON, with the records each sign rests on."""
    return json.dumps([_entity(one, language) for one in found], ensure_ascii=False, indent=2)


def _entity(one: EntityForReview, language: Language) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "id": one.id,
        "typology": one.typology,
        "weight": one.weight,
        "stands_out": [_sign(sign, language) for sign in one.signs],
        "speaks_against": [_sign(sign, language) for sign in one.against],
    }


def _sign(sign: Sign, language: Language) -> dict[str, Any]:
    return {
        "key": sign.key,
        "text": text(sign.key, language, **sign.values),
        "aspect": sign.aspect.value if sign.aspect else None,
        "records": list(sign.records),
    }


def warned_as_table(found: Sequence[Warned]) -> Table:
    """One row a person, with the employers in whose lists their name stands."""
    table = Table(text("watch.person", "en"), text("watch.hires", "en"))
    for one in found:
        table.add_row(one.mykad, "\n".join(_hires(one)))
    return table


def warned_as_json(found: Sequence[Warned]) -> str:
    """The same as JSON."""
    rows = [{"mykad": one.mykad, "hires": _hires(one)} for one in found]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _hires(one: Warned) -> list[str]:
    return [f"{hire.employer_code}, {hire.started_on.isoformat()}" for hire in one.hires]
