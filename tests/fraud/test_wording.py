"""Every sentence a person reads: there in both languages, with the same values, and used."""

import re
import string
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import fraud
from fraud.cases import CaseState, Cause, Role, Step, Verdict
from fraud.graph import NodeKind
from fraud.records import Label, Place, Scheme
from fraud.statements import Family
from fraud.store.later import COMPARED, COMPARED_OF_CLAIMANT
from fraud.web.timeline import DayRecord, Mark
from fraud.wording import LANGUAGES, MissingWording, catalogue, text

HERE = Path(fraud.__file__).parent
SAME_IN_BOTH = {"site.name", "word.malaysia", "case.moment", "field.mykad", "audit.none"}
"""Names and signs that are the same word in Malay and in English."""
MANY_WORDS = 3


def placeholders(sentence: str | dict[str, str]) -> set[tuple[str, str | None]]:
    forms = [sentence] if isinstance(sentence, str) else sentence.values()
    found = (part for form in forms for part in string.Formatter().parse(form))
    return {(name, spec) for _, name, spec, _ in found if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert catalogue("en").keys() == catalogue("ms").keys()


def test_both_languages_fill_in_the_same_values() -> None:
    malay = catalogue("ms")
    uneven = [
        key
        for key, sentence in catalogue("en").items()
        if placeholders(sentence) != placeholders(malay[key])
    ]
    assert uneven == []


def test_no_english_sentence_stands_in_for_a_malay_one() -> None:
    malay = catalogue("ms")
    same = {
        key
        for key, sentence in catalogue("en").items()
        if sentence == malay[key] and not key.startswith("month.") and key not in SAME_IN_BOTH
    }
    long = {key for key in same if len(str(malay[key]).split()) >= MANY_WORDS}
    assert long == set()


def test_counted_sentences_have_one_form_in_malay_and_two_in_english() -> None:
    for key, sentence in catalogue("ms").items():
        assert isinstance(sentence, str) or sentence.keys() == {"other"}, key
    for key, sentence in catalogue("en").items():
        assert isinstance(sentence, str) or sentence.keys() == {"one", "other"}, key


def used_keys() -> set[str]:
    pages = [*(HERE / "web" / "templates").rglob("*.html"), *HERE.rglob("*.py")]
    named = re.compile(r'\b(?:t|text|Refused|NotYours)\(\s*"([a-z_]+\.[a-z_.]+[a-z])"')
    return {key for page in pages for key in named.findall(page.read_text("utf-8"))}


def test_every_sentence_that_pages_and_code_name_exists() -> None:
    found = used_keys()
    assert len(found) > 100
    assert found - catalogue("en").keys() == set()


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("state", CaseState),
        ("step", Step),
        ("family", Family),
        ("word", [*Scheme, *Place, *Label, *Role]),
        ("node", [kind.name.lower() for kind in NodeKind]),
        ("edge", [kind.name.lower() for kind in NodeKind]),
        ("timeline", DayRecord),
        ("timeline", [f"mark_{mark}" for mark in Mark]),
        ("case", [f"cause_{cause}" for cause in Cause]),
        ("action", [f"case_{step}" for step in Step]),
        ("changed", [*COMPARED, *COMPARED_OF_CLAIMANT]),
    ],
)
def test_every_value_of_a_closed_set_has_its_word(prefix: str, values: list[str]) -> None:
    assert [value for value in values if f"{prefix}.{value}" not in catalogue("ms")] == []


def test_every_event_of_the_audit_log_has_its_word() -> None:
    """Those that the models and the streams write are shown on the audit page too."""
    made = re.compile(r'(?:action=|AuditEvent\([^"]*?|"door", )"([a-z]+\.[a-z_]+)"')
    sources = [
        path
        for room in ("fraud", "models", "streams")
        for path in (HERE.parent / room).rglob("*.py")
    ]
    actions = {name for path in sources for name in made.findall(path.read_text("utf-8"))}
    assert {"policy.changed", "crossings.received", "staff.added", "claims.assessed"} <= actions
    assert [
        one for one in actions if f"action.{one.replace('.', '_')}" not in catalogue("ms")
    ] == []


def test_every_conclusion_has_a_name_and_a_meaning() -> None:
    for verdict in Verdict:
        assert f"verdict.{verdict}.name" in catalogue("en")
        assert f"verdict.{verdict}.help" in catalogue("en")


def test_a_missing_sentence_and_a_missing_value_are_errors() -> None:
    with pytest.raises(MissingWording, match="no sentence"):
        text("queue.nothing_like_it", "en")
    with pytest.raises(MissingWording, match="lacks the value"):
        text("queue.waiting", "en")


def test_a_count_chooses_the_form() -> None:
    assert text("queue.waiting", "en", count=1) == "1 case is waiting"
    assert text("queue.waiting", "en", count=2) == "2 cases are waiting"
    assert text("queue.waiting", "ms", count=1) == "1 kes sedang menunggu"


def test_values_are_written_the_way_the_language_does() -> None:
    late = datetime(2026, 8, 4, 17, 30, tzinfo=UTC)  # already the 5th at the border
    assert text("queue.opened", "en", day=late) == "Opened 5 Aug 2026"
    assert text("queue.opened", "ms", day=date(2026, 8, 5)) == "Dibuka 5 Ogos 2026"
    assert text("case.moment", "en", at=late) == "5 Aug 2026, 01:30"
    moved = text("refused.move", "ms", state="new", allowed=["in_review", "cleared"])
    assert "Menunggu" in moved
    assert "Sedang disemak, Disahkan tulen" in moved


FOUND_BY_VALUE = frozenset({"changed", "edge", "node"})
"""Tables that no page or code names, because the sentences or kinds that use them do."""


def test_no_sentence_of_the_desk_stands_unused() -> None:
    rooms = [HERE.parent / room for room in ("fraud", "models", "streams")]
    files = [path for room in rooms for kind in ("*.py", "*.html") for path in room.rglob(kind)]
    source = "".join(path.read_text("utf-8") for path in files).replace("'", '"')
    desk = tomllib.loads((HERE / "wording" / "desk.en.toml").read_text("utf-8"))
    tables = {name: table for name, table in desk.items() if name not in FOUND_BY_VALUE}

    def is_named(key: str) -> bool:
        """In full, or by a beginning that a value completes, such as `"state." ~ case.state`."""
        parts = [key[: place + 1] for place, sign in enumerate(key) if sign in "._"]
        return f'"{key}"' in source or any(
            f'"{part}{end}' in source for part in parts for end in '"{'
        )

    keys = [f"{name}.{key}" for name, table in tables.items() for key in table]
    assert [key for key in keys if not is_named(key)] == []


def test_fair_words_only() -> None:
    unfair = re.compile(
        r"\b(suspect\w*|fraudster|criminal|culprit|penipu|suspek|penjenayah)\b", re.IGNORECASE
    )
    for language in LANGUAGES:
        for key, sentence in catalogue(language).items():
            assert not unfair.search(str(sentence)), key
