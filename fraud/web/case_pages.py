"""The page of one case, the page for the second person, and every step that can be taken there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from fraud.cases import Actor, Case, Decision, QuestionDraft, Refused, Verdict
from fraud.cases.case import claimant_was_heard
from fraud.errors import Fault, InvalidInput, NotFound
from fraud.web.errors import meaning_of, sentences_of
from fraud.web.link_picture import picture_elements, shared
from fraud.web.pages import AReader, AReviewer, TheDesk
from fraud.web.presenters import Reader, case_view, label_of, verdict_choices
from fraud.web.rendering import language_of, page
from fraud.web.security import Form
from fraud.workflow import looking, review
from fraud.workflow.case_file import case_file
from fraud.workflow.review import ChangedMind, Desk, Support

router = APIRouter(prefix="/cases/{case_id}")
api = APIRouter(prefix="/api/v1/cases/{case_id}")

LARGEST_RINGGIT = Decimal(100_000_000)


@router.get("")
def case_page(request: Request, case_id: str, actor: AReader, desk: TheDesk) -> Response:
    """One case, identifiers masked."""
    return _show(request, desk, actor, case_id)


@router.post("/full")
def case_in_full(request: Request, case_id: str, actor: AReviewer, desk: TheDesk) -> Response:
    """One case with identifiers in full; the audit log keeps who asked."""
    return _show(request, desk, actor, case_id, look="case.unmasked", in_full=True)


def _show(
    request: Request,
    desk: Desk,
    actor: Actor,
    case_id: str,
    *,
    template: str = "case.html",
    look: str = "case.viewed",
    status: int = 200,
    **context: Any,
) -> Response:
    now, language = request.app.state.clock(), language_of(request)
    case, events = looking.look_at_case(desk, actor, case_id, now, look)
    reader = Reader(actor, language, now, in_full=bool(context.pop("in_full", False)))
    view = case_view(case, case_file(desk, case, now, events), events, reader)
    alone, second = verdict_choices(adverse_open=claimant_was_heard(case))
    shown: dict[str, Any] = {"said": [], "typed": {}, "back": f"/cases/{case_id}", **context}
    return page(
        request,
        template,
        status,
        view=view,
        case=case,
        now=now,
        alone=alone,
        second=second,
        **shown,
    )


@router.get("/approval")
def approval_page(request: Request, case_id: str, actor: AReviewer, desk: TheDesk) -> Response:
    """A decision that waits for a second person."""
    return _show(request, desk, actor, case_id, template="approval.html")


@api.get("/links")
def links(request: Request, case_id: str, actor: AReader, desk: TheDesk) -> Response:
    """The link picture of a case, for Cytoscape.js."""
    now = request.app.state.clock()
    case, _ = looking.look_at_case(desk, actor, case_id, now, "case.links_viewed")
    picture = shared(case_file(desk, case, now).picture)
    return JSONResponse(picture_elements(picture, language_of(request)))


HIDDEN = frozenset({"form_token", "version"})
"""Fields of every form that nobody types."""

Act = Callable[[Desk, Actor, str, FormData, datetime], Case]


@dataclass(frozen=True, slots=True)
class StepForm:
    """A form of a case page: what it does, where it leads, and the page it stands on."""

    act: Act
    then: str = "/cases/{case_id}"
    template: str = "case.html"


@router.post("/{step}")
def take_step(  # the framework fills these in by name
    request: Request, case_id: str, step: str, actor: AReviewer, desk: TheDesk, form: Form
) -> Response:
    """Take a step and go on; a refused one shows the page again with what was typed."""
    if step not in STEPS:
        raise NotFound(f"there is no step {step}")
    wanted = STEPS[step]
    as_seen = replace(desk, seen=version_in(form))
    try:
        wanted.act(as_seen, actor, case_id, form, request.app.state.clock())
    except (InvalidInput, Refused) as error:
        status, _ = meaning_of(error)
        shown = _show(
            request,
            desk,
            actor,
            case_id,
            template=wanted.template,
            status=status,
            said=sentences_of(error, language_of(request)),
            typed={name: str(value) for name, value in form.items() if name not in HIDDEN},
        )
    else:
        return RedirectResponse(wanted.then.format(case_id=case_id), 303)
    return shown


def written(form: FormData, name: str) -> str:
    """The text of a field."""
    return str(form.get(name, "")).strip()


def version_in(form: FormData) -> int:
    """The version of the case that the form's page showed; 0, before every step, when not said."""
    version = written(form, "version")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def draft_of(form: FormData) -> QuestionDraft:
    """The question in a form."""
    days = written(form, "days")
    return QuestionDraft(
        facts=written(form, "facts"),
        wording=written(form, "wording"),
        language="en" if written(form, "language") == "en" else "ms",
        days=int(days) if days.isdecimal() and len(days) < 4 else 0,
    )


def support_of(form: FormData) -> Support:
    """The offer of help in a form."""
    consents = written(form, "consents")
    if consents not in {"yes", "no"}:
        raise InvalidInput("consent is missing", [Fault("consents", "nothing", "yes or no")])
    return Support(written(form, "need"), consents=consents == "yes")


def decision_of(form: FormData) -> Decision:
    """The decision in a form. Raises InvalidInput naming every field that cannot be read."""
    faults = []
    verdict = next((one for one in Verdict if one.value == written(form, "verdict")), None)
    if verdict is None:
        faults.append(Fault("verdict", "nothing", "one of the conclusions"))
    if verdict in WITH_ERROR and written(form, "error_by") not in {"claimant", "office"}:
        faults.append(Fault("error_by", "nothing", "claimant or office"))
    amount = amount_of(written(form, "amount")) if verdict in WITH_AMOUNT else 0
    if amount is None:
        faults.append(Fault("amount", "not an amount", "ringgit, such as 1234.50"))
    if faults or verdict is None or amount is None:
        raise InvalidInput("the decision cannot be read", faults)
    return Decision(
        verdict=verdict,
        label=label_of(verdict, written(form, "error_by")),
        reasons=written(form, "reasons"),
        amount_sen=amount,
        recovery=verdict in WITH_RECOVERY and written(form, "recovery") == "yes",
    )


WITH_ERROR = frozenset({Verdict.PAY_MORE, Verdict.CORRECT_DOWN})
WITH_AMOUNT = frozenset({Verdict.PAY_MORE, Verdict.CORRECT_DOWN, Verdict.REFER, Verdict.FRAUD})
WITH_RECOVERY = frozenset({Verdict.CORRECT_DOWN, Verdict.REFER, Verdict.FRAUD})


def amount_of(typed: str) -> int | None:
    """An amount in whole sen, 0 for nothing, None for what is not an amount."""
    try:
        ringgit = Decimal(typed.removeprefix("RM").replace(",", "").strip() or "0")
        fits = ringgit.is_finite() and 0 <= ringgit <= LARGEST_RINGGIT
        return int(ringgit * 100) if fits and ringgit * 100 % 1 == 0 else None
    except InvalidOperation:
        return None


STEPS: Mapping[str, StepForm] = {
    "take": StepForm(lambda desk, who, case, _form, now: review.take_case(desk, who, case, now)),
    "release": StepForm(
        lambda desk, who, case, _form, now: review.release_case(desk, who, case, now),
        then="/queue",
    ),
    "notes": StepForm(
        lambda desk, who, case, form, now: review.add_note(
            desk, who, case, written(form, "note"), now
        ),
        then="/cases/{case_id}#notes",
    ),
    "question": StepForm(
        lambda desk, who, case, form, now: review.open_question(
            desk, who, case, draft_of(form), now
        ),
        then="/cases/{case_id}#question",
    ),
    "reply": StepForm(
        lambda desk, who, case, form, now: review.record_reply(
            desk, who, case, written(form, "reply"), now
        ),
        then="/cases/{case_id}#question",
    ),
    "decision": StepForm(
        lambda desk, who, case, form, now: review.decide_case(
            desk, who, case, decision_of(form), now
        ),
    ),
    "change": StepForm(
        lambda desk, who, case, form, now: review.change_decision(
            desk, who, case, ChangedMind(decision_of(form), written(form, "note")), now
        ),
    ),
    "reopen": StepForm(
        lambda desk, who, case, form, now: review.reopen_case(
            desk, who, case, written(form, "note"), now
        ),
    ),
    "approval": StepForm(
        lambda desk, who, case, form, now: review.approve_outcome(
            desk, who, case, written(form, "note"), now
        ),
        template="approval.html",
    ),
    "return": StepForm(
        lambda desk, who, case, form, now: review.send_back(
            desk, who, case, written(form, "note"), now
        ),
        then="/queue",
        template="approval.html",
    ),
    "conflict": StepForm(
        lambda desk, who, case, form, now: review.declare_conflict(
            desk, who, case, written(form, "reason"), now
        ),
        then="/queue",
    ),
    "support": StepForm(
        lambda desk, who, case, form, now: review.refer_for_support(
            desk, who, case, support_of(form), now
        ),
        then="/cases/{case_id}#support",
    ),
}
"""Every step that a form can take, by the last part of its address."""
