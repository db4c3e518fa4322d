"""The end of a review: the label that may later teach a scorer, and the message to the outside."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from fraud.cases import CaseState, Refused
from fraud.cases.case import Changed
from fraud.records import Label
from fraud.store import desk as rows
from fraud.store.desk import Transaction
from fraud.store.engine import Store

REVIEWS_DECIDED = "reviews.decided"


class ReviewDecided(BaseModel):
    """What the outside learns of a finished review; no name, no reasons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    claim_id: str
    state: CaseState
    label: Label
    wrong_payment_sen: int
    picked_by: Literal["score", "control"]
    two_people: bool
    decided_at: AwareDatetime


def tell_outcome(store: Store, connection: Transaction, changed: Changed) -> None:
    """Write the outcome and the message of a review that a step has ended."""
    message = _message(connection, changed)
    store.add_outcome(
        connection,
        claim_id=message.claim_id,
        label=message.label,
        picked_by=message.picked_by,
        decided_at=message.decided_at,
        wrong_payment_sen=message.wrong_payment_sen,
        source="desk",
    )
    store.add_outbox(
        connection,
        topic=REVIEWS_DECIDED,
        key=rows.person_of_claim(connection, message.claim_id),
        kind="my.sempadan.review.decided.v1",
        body=message.model_dump_json().encode(),
        at=message.decided_at,
        message_id=f"{message.case_id}-{changed.event.number}",
    )


def _message(connection: Transaction, changed: Changed) -> ReviewDecided:
    case, decision = changed.case, changed.case.decision
    if decision is None:
        raise Refused("refused.nothing_decided")
    return ReviewDecided(
        case_id=case.case_id,
        claim_id=case.claim_id,
        state=case.state,
        label=decision.label,
        wrong_payment_sen=decision.wrong_payment_sen,
        picked_by=rows.picked_by(connection, case.case_id),
        two_people=case.approved_by is not None,
        decided_at=changed.event.at,
    )
