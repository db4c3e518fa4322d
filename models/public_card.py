"""The public card of a version: what anybody may know, in words that stand in both languages.

It leaves out what helps somebody to cheat: single columns and their weight, the review line, and
what is found of each pattern.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fraud.wording import LANGUAGES, Language, has, text
from models.fairness import MOST, Gap, Verdict
from models.judge import Figure
from models.proxies import CHANCE, Proxy

PUBLIC_CARD: Mapping[Language, str] = {one: f"public_card.{one}.md" for one in LANGUAGES}
"""The files of a version that hold it."""

LEAST_SHOWN = 10
"""Groups of fewer people are not shown: a reader could tell who is meant."""

SAID = {
    "for_what": ("text",),
    "decides": ("text",),
    "never": ("decide", "traits", "missing", "crossings", "carry_over"),
    "contest": ("ask", "answer", "appeal"),
    "limits": ("unseen", "labels", "new"),
    "left_out": ("text",),
}
"""Sections with the sentences that are the same for every version."""


@dataclass(frozen=True, slots=True)
class Taught:
    """The decided claims that taught a version."""

    claims: int
    frauds: int
    """How many of them are confirmed fraud."""
    simulated: bool
    """Whether all claimants are made up."""


def public_card(
    figures: Mapping[str, Figure],
    found: Sequence[Gap],
    told: Sequence[Proxy],
    *,
    taught: Taught,
    capacity: float,
    now: datetime,
    language: Language,
) -> str:
    """The card as Markdown."""
    origin = "simulated" if taught.simulated else "real"

    def say(key: str, **values: object) -> str:
        return text(f"card.{key}", language, **values)

    def section(name: str, *parts: str) -> str:
        return "\n\n".join((f"## {say(f'{name}.head')}", *parts))

    def fixed(name: str, *more: str) -> str:
        sentences = [say(f"{name}.{key}") for key in (*SAID[name], *more)]
        one = len(sentences) == 1
        return section(name, sentences[0] if one else "\n".join(f"- {each}" for each in sentences))

    parts = [
        f"# {say('title')}",
        say(origin),
        say("made", day=now),
        *map(fixed, ("for_what", "decides", "never")),
        section("learned", say(f"learned.{origin}", claims=taught.claims, frauds=taught.frauds)),
        section("good", *_how_good(figures, capacity, language)),
        section("groups", say("groups.text", most=f"{MOST:g}"), *_gaps_shown(found, language)),
        section("told", say("told.text", chance=f"{CHANCE:g}"), _told_shown(told, language)),
        fixed("contest"),
        fixed("limits", origin),
        fixed("left_out"),
    ]
    return "\n\n".join(parts) + "\n"


def _how_good(figures: Mapping[str, Figure], capacity: float, language: Language) -> list[str]:
    found, random = (
        figures.get(name) for name in ("precision_at_capacity", "random_precision_at_capacity")
    )
    wrong = text("card.good.wrong", language)
    if found is None or random is None or found.value != found.value:
        return [text("card.good.not_measured", language), wrong]
    of_100 = {
        name: f"{100 * value:.0f}"
        for name, value in (
            ("precision", found.value),
            ("low", found.low),
            ("high", found.high),
            ("random", random.value),
        )
    }
    return [text("card.good.found", language, capacity=f"{100 * capacity:g}", **of_100), wrong]


def _gaps_shown(found: Sequence[Gap], language: Language) -> list[str]:
    shown = [gap for gap in found if gap.people >= LEAST_SHOWN]
    heads = [
        text(f"card.groups.{name}", language)
        for name in ("trait", "group", "people", "ratio", "verdict")
    ]
    rows = [
        (
            trait_in_words(gap.trait, language),
            group_in_words(gap.group, language),
            str(gap.people),
            "–" if gap.verdict is Verdict.UNKNOWN else _range(gap.ratio),
            text(f"card.verdict.{gap.verdict}", language),
        )
        for gap in shown
    ]
    parts = [_table(heads, rows)]
    if small := len(found) - len(shown):
        parts.append(text("card.groups.small", language, count=small, least=LEAST_SHOWN))
    return parts


def _told_shown(told: Sequence[Proxy], language: Language) -> str:
    heads = [text(f"card.{key}", language) for key in ("groups.trait", "told.how_well")]
    too_few = text("card.verdict.unknown", language)
    return _table(
        heads,
        [
            (trait_in_words(one.trait, language), _range(one.told) if one.measured else too_few)
            for one in told
        ],
    )


def trait_in_words(trait: str, language: Language) -> str:
    """A trait as people call it."""
    return text(f"card.trait.{trait.replace(' ', '_')}", language)


def group_in_words(group: str, language: Language) -> str:
    """A group as people call it; a state bears its own name in both languages."""
    for key in (f"card.group.{group.replace(' ', '_')}", f"word.{group}"):
        if has(key, language):
            return text(key, language)
    return group


def _range(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f}–{figure.high:.2f})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows))
