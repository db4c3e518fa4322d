"""What an error means for the person at the screen: a status and a helpful sentence."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from fraud.cases import NotYours, Refused
from fraud.errors import Conflict, Forbidden, InvalidInput, NotFound, SempadanError, Unavailable
from fraud.web.rendering import language_of, page
from fraud.web.security import HEADERS, SAFE_METHODS, ForgedForm, SignInNeeded
from fraud.wording import Language, text

STATUS: tuple[tuple[type[SempadanError], int, str], ...] = (
    (ForgedForm, 403, "forged"),
    (Forbidden, 403, "forbidden"),
    (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (InvalidInput, 422, "invalid"),
    (Unavailable, 503, "unavailable"),
)
"""The first class that fits gives the status and the sentences `error.<word>.*`."""


def handle_errors(app: FastAPI) -> None:
    """Teach an application to answer our errors."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(SempadanError, _our_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _unexpected)


def meaning_of(error: SempadanError) -> tuple[int, str]:
    """Status and word of an error."""
    for kind, status, word in STATUS:
        if isinstance(error, kind):
            return status, word
    return 500, "fault"


def sentences_of(error: SempadanError, language: Language) -> list[str]:
    """What to tell the reader, in their language."""
    if isinstance(error, Refused | NotYours):
        values = dict(error.values)
        return [text(error.key, language, **values)]
    if isinstance(error, InvalidInput) and error.faults:
        return [
            text(f"fault.{fault.field}", language, **_limits(fault.allowed))
            for fault in error.faults
        ]
    return [text(f"error.{meaning_of(error)[1]}.help", language)]


def _limits(allowed: str) -> dict[str, Any]:
    return {"allowed": "".join(letter for letter in allowed if letter.isdigit())}


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": "sign in first"}, 401)
    target = _sign_in_and_back(request)
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


def _sign_in_and_back(request: Request) -> str:
    """The sign-in page that leads back; who was sending a form comes back to the form's page."""
    if request.method in SAFE_METHODS:
        path = request.url.path
        return "/sign-in" if path == "/" else f"/sign-in?next={quote(path)}"
    page_of_form = request.url.path.rpartition("/")[0] or "/"
    return f"/sign-in?next={quote(page_of_form)}&signed_out=1"


async def _our_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, SempadanError):
        raise error
    status, word = meaning_of(error)
    return _answer(request, status, word, sentences_of(error, language_of(request)))


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    word = {404: "not_found", 405: "not_found", 413: "too_large"}.get(error.status_code, "fault")
    said = [text(f"error.{word}.help", language_of(request))]
    return _answer(request, error.status_code, word, said)


async def _unreadable(request: Request, _error: Exception) -> Response:
    said = [text("error.invalid.help", language_of(request))]
    return _answer(request, 422, "invalid", said)


async def _unexpected(request: Request, _error: Exception) -> Response:
    """Say so kindly; the framework still reports the error to the log."""
    answer = _answer(request, 500, "fault", [text("error.fault.help", language_of(request))])
    answer.headers.update(HEADERS)  # this answer is made outside `SecureAnswers`
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(request: Request, status: int, word: str, said: list[str]) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": word, "help": said}, status)
    return page(request, "error.html", status, word=word, said=said)
