"""Every sentence a person reads, in Malay and English, looked up by key.

The sentences are in `*.en.toml` and `*.ms.toml` beside this file; all files of a language are
merged, and a key may stand in one of them only. A table with the keys `one` and `other` (Malay:
`other` alone) is a counted sentence and is chosen by the value `count`.

A placeholder may say how its value is written: `{paid:money}` (whole sen), `{day:day}`,
`{at:moment}`, `{at:clock}`, `{share:percent}` (0 to 1), `{n:number}`. One that ends in a dot looks
the value up: `{place:word.}` is the sentence under `word.<value>`; several values make a list. So
does one that ends in an underscore: `{payer:word.payer_}` is under `word.payer_<value>`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

from fraud.clock import LOCAL
from fraud.errors import Misconfigured

Language = Literal["ms", "en"]
LANGUAGES: tuple[Language, ...] = ("ms", "en")

PLURAL_KEYS = frozenset({"one", "other"})


class MissingWording(Misconfigured):
    """No sentence stands under this key: the catalogue and the code disagree."""


def text(key: str, language: Language, **values: Any) -> str:
    """The sentence under `key` with its values filled in.

    Raises MissingWording for an unknown key and for a value that the sentence needs and lacks.
    """
    try:
        sentence = catalogue(language)[key]
    except KeyError as error:
        raise MissingWording(f"no sentence {key!r} in {language}") from error
    if isinstance(sentence, Mapping):
        sentence = sentence[_plural_form(language, values.get("count"))]
    try:
        return _Writer(language).vformat(sentence, (), values)
    except (KeyError, IndexError) as error:
        raise MissingWording(f"the sentence {key!r} lacks the value {error}") from error


def has(key: str, language: Language) -> bool:
    """True when a sentence stands under `key`."""
    return key in catalogue(language)


@cache
def catalogue(language: Language) -> dict[str, str | dict[str, str]]:
    """Every sentence of a language by its dotted key; read once."""
    merged: dict[str, str | dict[str, str]] = {}
    for path in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(f".{language}.toml"):
            continue
        sentences = _flat(tomllib.loads(path.read_text("utf-8")))
        if twice := sorted(merged.keys() & sentences.keys()):
            raise Misconfigured(f"{path.name} repeats the sentences {', '.join(twice)}")
        merged |= sentences
    return merged


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str | dict[str, str]]:
    sentences: dict[str, str | dict[str, str]] = {}
    for name, value in table.items():
        if isinstance(value, str) or value.keys() <= PLURAL_KEYS:
            sentences[prefix + name] = value
        else:
            sentences |= _flat(value, f"{prefix}{name}.")
    return sentences


def _plural_form(language: Language, count: object) -> str:
    return "one" if language == "en" and count == 1 else "other"


class _Writer(Formatter):
    """Writes values the way the language does."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "money":
                return money(value)
            case "day":
                return day(value, self._language)
            case "moment":
                return moment(value, self._language)
            case "clock":
                return _instant(value).strftime("%H:%M")
            case "percent":
                return f"{float(value) * 100:.0f}%"
            case "number":
                return f"{value:,}"
            case _ if format_spec.endswith((".", "_")):
                return self._looked_up(format_spec, value)
            case _:
                return str(super().format_field(value, format_spec))

    def _looked_up(self, prefix: str, value: str | Sequence[str]) -> str:
        names = [value] if isinstance(value, str) else value
        return ", ".join(text(f"{prefix}{name}", self._language) for name in names)

    def get_value(
        self,
        key: int | str,
        args: Sequence[Any],  # noqa: ARG002  # the signature is the library's
        kwargs: Mapping[str, Any],
    ) -> Any:
        return kwargs[str(key)]


def money(sen: int) -> str:
    """An amount of whole sen in ringgit, such as RM1,234.50."""
    sign = "-" if sen < 0 else ""
    return f"{sign}RM{abs(sen) // 100:,}.{abs(sen) % 100:02d}"


def day(value: date | str, language: Language) -> str:
    """A calendar day, such as 5 Nov 2026; accepts ISO text as well. Instants count in UTC+8."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(LOCAL).date()
    return f"{value.day} {month(value.month, language)} {value.year}"


def month(number: int, language: Language) -> str:
    """The short name of a month, 1 to 12."""
    return text(f"month.{number}", language)


def moment(value: datetime | str, language: Language) -> str:
    """An instant on the clocks of Malaysia and Singapore, such as 5 Nov 2026, 14:30."""
    local = _instant(value)
    return f"{day(local, language)}, {local:%H:%M}"


def _instant(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LOCAL)
