"""The review of a claim as pure steps: who may do what next, and what it then becomes.

Two promises live in this room. An outcome to a person's disadvantage needs a question to that
person, a reply or a lapsed window, reasons, and a second, different person. And until a first
decision is saved nobody learns why the case was put up: `Case.cause` is None until then.
"""

from fraud.cases.case import (
    Actor,
    Case,
    CaseEvent,
    CaseId,
    NewCase,
    NotYours,
    Question,
    QuestionDraft,
    Refused,
    Windows,
)
from fraud.cases.decision import LEAST_REASONS, VERDICTS, Decision, Verdict
from fraud.cases.states import FINAL, MOVES, REVIEWERS, CaseState, Cause, Role, Step

__all__ = [
    "FINAL",
    "LEAST_REASONS",
    "MOVES",
    "REVIEWERS",
    "VERDICTS",
    "Actor",
    "Case",
    "CaseEvent",
    "CaseId",
    "CaseState",
    "Cause",
    "Decision",
    "NewCase",
    "NotYours",
    "Question",
    "QuestionDraft",
    "Refused",
    "Role",
    "Step",
    "Verdict",
    "Windows",
]
