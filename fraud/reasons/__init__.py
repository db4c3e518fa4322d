"""What stands out in a claim, what speaks against it, and what is not known, in sentences.

A flagged claim and a control claim get the same form: no list says why the claim is looked at,
how likely anything is, or where a line lies. What stands out begins with the leads that rules
found; the rest are the strongest contributions to the scorer's answer, told from the records.

Invariants. A feature whose record is unknown says nothing on either side and counts for no
family. Records of one kind speak once about one typology. A rule outcome (not payable), a typing
mistake and money owed are not evidence: they stand in other lists.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import isnan

from fraud.features import CATALOGUE
from fraud.features.catalogue import Feature, Floats, Known
from fraud.features.patterns import strongest, weight_of_strongest_pattern
from fraud.privacy import ALL_OPEN, OpenSources
from fraud.reasons.look_alikes import look_alikes, said_by
from fraud.reasons.tellings import TELLINGS, Telling, Test
from fraud.reasons.unknowns import unknowns
from fraud.rules import RULES_BY_NAME
from fraud.statements import Family, Hit, HitKind, Statement

__all__ = ["statements_of", "tier_of", "told_by_signs"]

MOST_STATEMENTS = 6
"""More sentences on one side are not read."""
LEAST_STATEMENTS = 3
"""Both sides say something of every claim, so that the length of a list tells little."""
CLEARLY = 0.25
"""Log-odds from which the features of a family speak clearly: the odds rise by over a quarter
(assumption, to be reviewed with the reviewers)."""

_PLACE = {feature.measure: place for place, feature in enumerate(CATALOGUE)}
_PATTERN = _PLACE[weight_of_strongest_pattern]

Statements = tuple[Statement, ...]
Theme = tuple[str, ...]
"""Records of one kind about one typology: they speak once."""


def statements_of(
    known: Known,
    vector: Floats,
    contributions: Floats,
    hits: Sequence[Hit],
    *,
    sources: OpenSources = ALL_OPEN,
) -> tuple[Statements, Statements, Statements]:
    """What stands out, what speaks against it, and what is not known of one claim.

    Args:
        known: what was known of the claim at its cut-off.
        vector: its features in catalogue order, NaN where unknown.
        contributions: what each feature added in log-odds, in the same order.
        hits: what the rules found; only leads speak here.
        sources: the gated sources that were open; the others are named as closed.

    Cost: some tenths of a millisecond; made for cases only.
    """
    leads = [hit for hit in hits if hit.kind is HitKind.LEAD]
    voices = _voices(vector, contributions)
    told = {(hit.statement.family, _typology(hit)) for hit in leads}
    fresh = [v for v in voices if (v.family, v.typology) not in told]
    stands_out = [hit.statement for hit in leads][:MOST_STATEMENTS]
    stands_out += _tell(known, fresh, MOST_STATEMENTS - len(stands_out), side="for", least=0.0)
    speaks_against = look_alikes(known)[:MOST_STATEMENTS]
    room = MOST_STATEMENTS - len(speaks_against)
    others = [voice.without(said_by(speaks_against)) for voice in reversed(voices)]
    speaks_against += _tell(known, others, room, side="against", least=0.0)
    _fill(known, stands_out, speaks_against, fresh, side="for")
    _fill(known, speaks_against, stands_out, others, side="against")
    return tuple(stands_out), tuple(speaks_against), unknowns(known, sources)


def tier_of(hits: Iterable[Hit], vector: Floats, contributions: Floats) -> int:
    """1 when at least two independent families of evidence point to the claim, else 2.

    A family points to it by a lead, or by features that together speak clearly (`CLEARLY`). What is
    unknown counts for nothing, and nor do hits of another kind than a lead.
    """
    families = {
        family
        for hit in hits
        if hit.kind is HitKind.LEAD
        for family in RULES_BY_NAME[hit.rule].families
    }
    sums = dict.fromkeys(Family, 0.0)
    for feature, value, part in zip(CATALOGUE, vector, contributions, strict=True):
        if not isnan(value) and _speaks(feature):
            sums[feature.family] += float(part)
    families |= {family for family, total in sums.items() if total >= CLEARLY}
    return 1 if len(families) >= 2 else 2


def told_by_signs(known: Known, contributions: Floats) -> Floats:
    """The contributions with that of the strongest pattern handed to the signs it is made of.

    A pattern is no evidence of its own: what it added belongs to the records behind its signs, each
    by its weight. Of a pattern that speaks for no review nothing is handed on.
    """
    handed, found = contributions.copy(), strongest(known)
    shown = found[0] if found else {}
    added, total = handed[_PATTERN], sum(shown.values())
    if added > 0 and total:
        handed[_PATTERN] = 0.0
        for measure, weight in shown.items():
            handed[_PLACE[measure]] += added * weight / total
    return handed


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one theme added to the answer, with its features by what each added, most first."""

    family: Family
    typology: str | None
    total: float
    parts: tuple[tuple[Feature, float, float], ...]
    """Feature, value, contribution."""

    def without(self, names: frozenset[str]) -> "_Voice":
        return replace(self, parts=tuple(part for part in self.parts if part[0].name not in names))


def _speaks(feature: Feature) -> bool:
    telling = TELLINGS.get(feature.name)
    return telling is not None and not telling.background


def _typology(hit: Hit) -> str | None:
    return RULES_BY_NAME[hit.rule].typology


def _voices(vector: Floats, contributions: Floats) -> list[_Voice]:
    """Themes by what they added, most first; ties keep the order of the catalogue."""
    themes: dict[Theme, list[tuple[Feature, float, float]]] = {}
    for feature, value, part in zip(
        CATALOGUE, vector.tolist(), contributions.tolist(), strict=True
    ):
        if not isnan(value) and _speaks(feature):
            topic = feature.typologies[:1] or (feature.name,)
            theme = (feature.family.value, feature.source.value, *topic)
            themes.setdefault(theme, []).append((feature, value, part))
    voices = [
        _Voice(
            family=parts[0][0].family,
            typology=next(iter(parts[0][0].typologies), None),
            total=sum(part for _, _, part in parts),
            parts=tuple(sorted(parts, key=lambda one: -one[2])),
        )
        for parts in themes.values()
    ]
    return sorted(voices, key=lambda voice: -voice.total)


_SIDES: dict[str, Callable[[Telling], Test | None]] = {
    "for": lambda telling: telling.stands_out,
    "against": lambda telling: telling.speaks_against,
}


def _tell(
    known: Known, voices: Iterable[_Voice], most: int, *, side: str, least: float | None
) -> list[Statement]:
    """At most so many sentences, one a theme; with `least` only themes that point to this side."""
    sign = 1.0 if side == "for" else -1.0
    found: list[Statement] = []
    for voice in voices:
        if len(found) >= most:
            break
        if least is not None and sign * voice.total <= least:
            continue
        parts = voice.parts if side == "for" else voice.parts[::-1]
        for feature, value, part in sorted(parts, key=_is_summary):
            if least is not None and sign * part <= 0:
                continue
            statement = _sentence(known, feature, value, side)
            if statement is not None:
                found.append(statement)
                break
    return found


def _is_summary(part: tuple[Feature, float, float]) -> bool:
    return TELLINGS[part[0].name].summary


def _sentence(known: Known, feature: Feature, value: float, side: str) -> Statement | None:
    telling = TELLINGS[feature.name]
    test = _SIDES[side](telling)
    if test is None or not test(known, value):
        return None
    return Statement(
        key=f"reason.{feature.name}.{side}",
        values=telling.values(known, value),
        family=feature.family,
        records=telling.records(known),
    )


def _fill(
    known: Known,
    mine: list[Statement],
    other: Sequence[Statement],
    voices: Iterable[_Voice],
    *,
    side: str,
) -> None:
    """Say what there is to say, however weak, until a side has its least number of sentences."""
    if len(mine) >= LEAST_STATEMENTS:
        return
    said = {_subject(statement) for statement in (*mine, *other)}
    for statement in _tell(known, voices, len(CATALOGUE), side=side, least=None):
        if len(mine) >= LEAST_STATEMENTS:
            break
        if _subject(statement) not in said:
            mine.append(statement)


def _subject(statement: Statement) -> str:
    return statement.key.rpartition(".")[0]
