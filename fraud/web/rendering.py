"""Turning views into pages: language, form token and the words of the catalogue."""

from datetime import timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from fraud.cases import LEAST_REASONS
from fraud.web.security import Visitor
from fraud.wording import LANGUAGES, Language, day, has, moment, money, text

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "sempadan_language"


@cache
def environment() -> Environment:
    """The templates; a value that a page lacks is an error, never an empty space."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["LEAST_REASONS"] = LEAST_REASONS
    made.filters["money"] = money
    made.filters["minutes"] = _minutes
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    digest = sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _minutes(span: timedelta) -> int:
    """Whole minutes, rounded up, so that a running lease never shows 0."""
    return int(-(-span.total_seconds() // 60))


def language_of(request: Request) -> Language:
    """The language chosen by hand, or the first of ours that the browser asks for, or Malay."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    for language in LANGUAGES:
        if chosen == language:
            return language
    for wanted in _accepted(request.headers.get("accept-language", "")):
        for language in LANGUAGES:
            if wanted == language:
                return language
    return "ms"


def _accepted(header: str) -> list[str]:
    """Language codes by falling weight; a code without weight counts as 1."""
    weighted = []
    for place, part in enumerate(header.split(",")):
        code, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), place, code.split("-")[0].lower()))
        except ValueError:
            continue
    return [code for _, _, code in sorted(weighted)]


def page(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template for this visitor."""
    language = language_of(request)
    visitor: Visitor = getattr(request.state, "visitor", Visitor(None, ""))
    body = (
        environment()
        .get_template(name)
        .render(
            t=partial(_text, language),
            has_text=partial(_has, language),
            day=partial(_day, language),
            moment=partial(_moment, language),
            language=language,
            other_language="en" if language == "ms" else "ms",
            here=request.url.path if request.method == "GET" else str(context.get("back", "/")),
            actor=visitor.actor,
            form_token=visitor.form_token,
            desk_settings=request.app.state.settings,
            bases=sorted({one.reference for one in request.app.state.desk.gates.bases}),
            **context,
        )
    )
    return HTMLResponse(body, status, headers={"Content-Language": language, "Vary": "Cookie"})


def _text(language: Language, key: str, **values: Any) -> str:
    return text(key, language, **values)


def _has(language: Language, key: str) -> bool:
    return has(key, language)


def _day(language: Language, value: Any) -> str:
    return day(value, language)


def _moment(language: Language, value: Any) -> str:
    return moment(value, language)
