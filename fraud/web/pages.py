"""Pages that are not about one case: sign-in, the queue, the audit log, help."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from fraud.cases import REVIEWERS, Actor, NotYours, Refused, Role
from fraud.store.desk_queue import AuditFilter
from fraud.store.engine import ping
from fraud.web.errors import sentences_of
from fraud.web.presenters import CaseRow, case_row
from fraud.web.rendering import LANGUAGE_COOKIE, language_of, page
from fraud.web.security import Allowed, Anyone, Form, Visitor, door_of, local_path
from fraud.wording import LANGUAGES, text
from fraud.workflow import looking, review
from fraud.workflow.case_file import claims_of
from fraud.workflow.looking import QueueView
from fraud.workflow.review import Desk

router = APIRouter()

anyone = Anyone()
reviewers = Allowed(Role.INVESTIGATOR, Role.SUPERVISOR)
overseers = Allowed(Role.SUPERVISOR, Role.AUDITOR, Role.INTEGRITY)
readers = Allowed(*REVIEWERS, Role.AUDITOR)
staff = Allowed(*Role)

YEAR_SECONDS = 365 * 24 * 3600
AUDIT_ROWS = 50
LAST_EVENT = 2**62
"""No event has a higher number: the column is a signed 64-bit one."""


def desk_of(request: Request) -> Desk:
    """The desk of this application."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
AVisitor = Annotated[Visitor, Depends(anyone)]
AReviewer = Annotated[Actor, Depends(reviewers)]
AnOverseer = Annotated[Actor, Depends(overseers)]
AReader = Annotated[Actor, Depends(readers)]
AnyStaff = Annotated[Actor, Depends(staff)]


@router.get("/")
def start(actor: AnyStaff) -> Response:
    """Where each role begins."""
    return RedirectResponse("/queue" if actor.role in REVIEWERS else "/audit", 303)


@router.get("/healthz")
def health(request: Request, _visitor: AVisitor) -> Response:
    """Whether the desk and its database answer."""
    ping(request.app.state.store)
    return JSONResponse({"status": "ok"})


@router.get("/language/{language}")
def choose_language(
    request: Request, language: str, _visitor: AVisitor, back: str = "/"
) -> Response:
    """Switch the language and go back to the page."""
    answer = RedirectResponse(local_path(back), 303)
    if language in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=YEAR_SECONDS,
            secure=request.app.state.settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )
    return answer


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    visitor: AVisitor,
    wanted: Annotated[str, Query(alias="next")] = "/",
    signed_out: int = 0,
) -> Response:
    """The sign-in page; `signed_out` when a session ended under somebody's hands."""
    if visitor.actor is not None:
        return RedirectResponse("/", 303)
    return _sign_in_form(request, wanted=wanted, signed_out=bool(signed_out))


def _sign_in_form(
    request: Request,
    *,
    wanted: str,
    status: int = 200,
    said: list[str] | None = None,
    name: str = "",
    signed_out: bool = False,
) -> Response:
    holder = Response()
    token = door_of(request).greet(request, holder)
    request.state.visitor = Visitor(None, token)
    shown = page(
        request,
        "sign_in.html",
        status,
        wanted=local_path(wanted),
        said=said or [],
        typed_name=name,
        signed_out=signed_out,
        back="/sign-in",
    )
    shown.raw_headers += [one for one in holder.raw_headers if one[0] == b"set-cookie"]
    return shown


@router.post("/sign-in")
def sign_in(request: Request, form: Form, _visitor: AVisitor) -> Response:
    """Check name and password, and hand over a new session."""
    name, wanted = str(form.get("name", "")), str(form.get("next", "/"))
    try:
        session_id = door_of(request).sign_in(request, name, str(form.get("password", "")))
    except (NotYours, Refused) as error:
        said = sentences_of(error, language_of(request))
        return _sign_in_form(request, wanted=wanted, status=401, said=said, name=name)
    answer = RedirectResponse(local_path(wanted), 303)
    door_of(request).let_in(answer, session_id)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, actor: AnyStaff) -> Response:
    """End the session."""
    answer = RedirectResponse("/sign-in", 303)
    door_of(request).sign_out(request, answer, actor)
    return answer


@router.get("/queue")
def queue(request: Request, actor: AReviewer, desk: TheDesk, empty: int = 0) -> Response:
    """What is waiting, what is in one's hands, and what waits for a second person."""
    now = request.app.state.clock()
    seen = looking.look_at_queue(desk, actor, now)
    rows, language = _rows(desk, seen, now), language_of(request)
    return page(
        request,
        "queue.html",
        counts=seen.counts,
        mine=rows["mine"],
        to_approve=rows["to_approve"],
        decided=rows["decided"],
        nothing_left=bool(empty),
        closed=[text(f"gate.{one.value}", language) for one in seen.closed],
    )


def _rows(desk: Desk, seen: QueueView, now: datetime) -> dict[str, list[CaseRow]]:
    lists = {"mine": seen.mine, "to_approve": seen.to_approve, "decided": seen.decided}
    claims = claims_of(desk, [case for listed in lists.values() for case in listed])
    return {
        name: [case_row(case, claims.get(case.claim_id), now) for case in listed]
        for name, listed in lists.items()
    }


@router.post("/queue/next")
def take_next(request: Request, actor: AReviewer, desk: TheDesk) -> Response:
    """Take the next case."""
    case_id = review.take_next_case(desk, actor, request.app.state.clock())
    return RedirectResponse(f"/cases/{case_id}" if case_id else "/queue?empty=1", 303)


@router.get("/audit")
def audit(
    request: Request,
    _actor: AnOverseer,
    desk: TheDesk,
    before: Annotated[int | None, Query(ge=1, le=LAST_EVENT)] = None,
    who: str = "",
    what: str = "",
) -> Response:
    """The audit log, newest first."""
    wanted = AuditFilter(before=before, actor=who.strip(), subject=what.strip())
    found = looking.look_at_audit(desk, wanted, AUDIT_ROWS)
    return page(request, "audit.html", found=found, who=who, what=what, before=before)


@router.get("/help")
def help_page(request: Request, _visitor: AVisitor) -> Response:
    """How the desk ranks, and what it never does."""
    return page(request, "help.html")
