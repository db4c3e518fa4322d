"""What an estimate of missed fraud reads: every look at each claim, and what the desk found."""

import json
from typing import NamedTuple

from sqlalchemy import select

from fraud.assessment import Outcome, Policy
from fraud.records import ClaimId, Label
from fraud.store.desk import CAUSE_ONCE_DECIDED
from fraud.store.desk_tables import cases
from fraud.store.engine import Store
from fraud.store.schema import assessments, outcomes, policies, reassessed


class Look(NamedTuple):
    """One assessment of a claim, without its reasons."""

    claim_id: ClaimId
    review: bool
    """Whether it put the claim up; a control draw does not count."""
    later: bool
    """Not the first look at the claim as first lodged."""
    policy: Policy | None
    """The policy in force; None for a look after a source was withdrawn, which draws nothing."""


def looks(store: Store) -> list[Look]:
    """Every look at every claim. Cost: one row for each assessment."""
    of = assessments.c
    wanted = (of.claim_id, of.claim_version, of.trigger_fact, of.outcome, of.content)
    again = reassessed.c.assessment_id
    chosen = select(*wanted, again.label("again")).outerjoin(reassessed, again == of.assessment_id)
    with store.reading() as connection:
        set_so_far = {
            row.version: Policy(**json.loads(row.content))
            for row in connection.execute(select(policies))
        }
        before_any = Policy(version=0)
        return [
            Look(
                ClaimId(row.claim_id),
                row.outcome == Outcome.REVIEW.value,
                bool(row.trigger_fact) or row.claim_version > 1,
                None
                if row.again
                else set_so_far.get(json.loads(row.content)["policy"], before_any),
            )
            for row in connection.execute(chosen)
        ]


def found_at_desk(store: Store) -> dict[ClaimId, Label]:
    """The latest label of each claim whose case the desk has ended.

    A case without a first decision is not among them, so nothing here tells why it was put up.
    """
    ended = select(outcomes.c.claim_id).where(outcomes.c.source == "desk")
    chosen = (
        select(outcomes.c.claim_id, outcomes.c.label)
        .join(cases, cases.c.claim_id == outcomes.c.claim_id)
        .where(CAUSE_ONCE_DECIDED.is_not(None), outcomes.c.claim_id.in_(ended))
        .order_by(outcomes.c.known_at)
    )
    with store.reading() as connection:
        return {ClaimId(row.claim_id): Label(row.label) for row in connection.execute(chosen)}


def cases_open(store: Store) -> int:
    """How many cases have no first decision, flagged and control together."""
    undecided = select(cases.c.case_id).where(cases.c.first_decided_at.is_(None))
    with store.reading() as connection:
        return len(connection.execute(undecided).all())
