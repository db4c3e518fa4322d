"""Roles, states and the one table of allowed moves."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for. An auditor reads and changes nothing.

    Integrity staff alone watch over officers; they read the audit log and no case.
    """

    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    INTEGRITY = "integrity"


REVIEWERS = frozenset({Role.INVESTIGATOR, Role.SUPERVISOR})


class Cause(StrEnum):
    """Why a claim was put up: the scorer and the rules, or a blind random draw."""

    FLAGGED = "flagged"
    CONTROL = "control"


class CaseState(StrEnum):
    """Where a review stands."""

    NEW = "new"
    IN_REVIEW = "in_review"
    INFORMATION_REQUESTED = "information_requested"
    AWAITING_APPROVAL = "awaiting_approval"
    CLEARED = "cleared"
    CORRECTED = "corrected"
    REFERRED = "referred"
    CLOSED = "closed_insufficient_evidence"


FINAL = frozenset(
    {CaseState.CLEARED, CaseState.CORRECTED, CaseState.REFERRED, CaseState.CLOSED},
)


CONCLUDED = FINAL | {CaseState.AWAITING_APPROVAL}
"""Where somebody has decided, whether or not a second person must still agree."""


REVISABLE = frozenset(
    {
        CaseState.IN_REVIEW,
        CaseState.AWAITING_APPROVAL,
        CaseState.CLEARED,
        CaseState.CORRECTED,
        CaseState.CLOSED,
    }
)
"""Where an outcome that one person may settle can go when it is looked at again."""


MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.IN_REVIEW}),
    CaseState.IN_REVIEW: frozenset(
        {
            CaseState.NEW,
            CaseState.IN_REVIEW,
            CaseState.INFORMATION_REQUESTED,
            CaseState.AWAITING_APPROVAL,
            CaseState.CLEARED,
            CaseState.CORRECTED,
            CaseState.CLOSED,
        }
    ),
    CaseState.INFORMATION_REQUESTED: frozenset(
        {
            CaseState.IN_REVIEW,
            CaseState.AWAITING_APPROVAL,
            CaseState.CLEARED,
            CaseState.CORRECTED,
            CaseState.CLOSED,
        }
    ),
    CaseState.AWAITING_APPROVAL: frozenset(
        {CaseState.IN_REVIEW, CaseState.AWAITING_APPROVAL, *FINAL}
    ),
    CaseState.CLEARED: REVISABLE,
    CaseState.CORRECTED: REVISABLE,
    CaseState.CLOSED: REVISABLE,
    CaseState.REFERRED: frozenset({CaseState.IN_REVIEW, CaseState.AWAITING_APPROVAL}),
}
"""The one table of allowed moves. A referral is reached from `awaiting_approval` alone."""


class Step(StrEnum):
    """What can happen to a case.

    A later look at the claim adds evidence to an open case, and a notice to a concluded one.
    """

    OPENED = "opened"
    TAKEN = "taken"
    RELEASED = "released"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    LAPSED = "lapsed"
    DECIDED = "decided"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    CHANGED = "changed"
    REOPENED = "reopened"
    RENEWED = "renewed"
    EVIDENCE_ADDED = "evidence_added"
    NOTICED = "noticed"
    CONFLICT_DECLARED = "conflict_declared"
    SUPPORT_REFERRED = "support_referred"
    SUPPORT_DECLINED = "support_declined"
