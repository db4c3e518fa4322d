"""Which steps a page offers its reader; the domain refuses the others all the same."""

from dataclasses import dataclass

from fraud.cases import FINAL, REVIEWERS, Actor, Case, CaseState, Role
from fraud.cases.case import awaits_reply, may_approve, may_record_reply


@dataclass(frozen=True, slots=True)
class Abilities:
    """Which steps this reader can take now."""

    holds: bool
    take: bool
    release: bool
    ask: bool
    reply: bool
    decide: bool
    change: bool
    reopen: bool
    approve: bool
    conflict: bool
    unmask: bool


def abilities(case: Case, actor: Actor) -> Abilities:
    """Which steps are open to this person now."""
    reviewer = actor.role in REVIEWERS and actor.name not in case.conflicted
    supervisor = reviewer and actor.role is Role.SUPERVISOR
    holds = reviewer and case.holder == actor.name
    decided = reviewer and case.decided_by == actor.name
    in_review = case.state is CaseState.IN_REVIEW
    return Abilities(
        holds=holds,
        take=reviewer and not holds and case.state in {CaseState.NEW, CaseState.IN_REVIEW},
        release=in_review and (holds or (supervisor and case.holder is not None)),
        ask=holds and in_review,
        reply=reviewer and awaits_reply(case) and may_record_reply(case, actor),
        decide=holds and case.state in {CaseState.IN_REVIEW, CaseState.INFORMATION_REQUESTED},
        change=decided and case.state in {CaseState.AWAITING_APPROVAL, *FINAL},
        reopen=case.state in FINAL and (decided or supervisor),
        approve=may_approve(case, actor),
        conflict=reviewer and case.state not in FINAL,
        unmask=reviewer,
    )
