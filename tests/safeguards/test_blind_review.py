"""Until a first decision is saved, nothing that can be fetched tells a control case from another.

The same desk is built twice, once with every case flagged and once with every case a control, and
with scores and tiers to match. Every page and every API answer must then be the same, letter for
letter, but for the random numbers of a session.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.assessment import Policy
from fraud.cases import Decision, Verdict
from fraud.errors import Conflict
from fraud.records import AccountChange, ClaimId, Label
from fraud.store import desk as rows
from fraud.workflow import review
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.put_up import LATER_LOOK_SHARE
from tests.support.builders import a_claim, an_account
from tests.support.desk_world import (
    AIDA,
    BALA,
    CAUSES,
    CHONG,
    DAYANG,
    NOW,
    REASONS,
    DeskWorld,
    OneScore,
    build_world,
    empty_desk,
    look_again,
    open_later_cases,
)
from tests.support.visitor import Visitor, signed_in

PER_SESSION = re.compile(r'name="form_token" value="[0-9a-f]+"')
HIDDEN = ("flagged", "0.8731", "0.0042", "probability", "tier")


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[DeskWorld, DeskWorld]]:
    flagged = build_world(f"sqlite:///{tmp_path}/flagged.db", dict.fromkeys(CAUSES, "flagged"))
    control = build_world(f"sqlite:///{tmp_path}/control.db", dict.fromkeys(CAUSES, "control"))
    for world, cause in ((flagged, "flagged"), (control, "control")):
        open_later_cases(world, cause)
        look_again(world, cause)
    yield flagged, control
    flagged.store.close()
    control.store.close()


def everything_fetched(world: DeskWorld, language: str) -> list[str]:
    """Take every case in turn and fetch all that can be fetched of it, as each role."""
    aida = signed_in(world, AIDA, language)
    chong, dayang = signed_in(world, CHONG, language), signed_in(world, DAYANG, language)
    answers = [aida.get("/queue").text, chong.get("/queue").text, aida.get("/help").text]
    for _ in world.cases:
        taken = aida.post("/queue/next").headers["location"]
        answers += [
            taken,
            *pages_of(aida, taken),
            *pages_of(chong, taken),
            *pages_of(dayang, taken),
        ]
        answers.append(aida.post(f"{taken}/full").text)
        answers.append(aida.post(f"{taken}/notes", note="A note.").headers["location"])
        answers.append(aida.post(f"{taken}/decision", verdict="refer", reasons=REASONS).text)
    answers += [aida.get("/queue").text, dayang.get("/audit").text, chong.get("/audit").text]
    return [PER_SESSION.sub("", answer) for answer in answers]


def pages_of(visitor: Visitor, case: str) -> list[str]:
    paths = (case, f"{case}/approval", f"/api/v1{case}/links")
    return [visitor.get(path).text for path in paths]


@pytest.mark.parametrize("language", ["en", "ms"])
def test_nothing_fetchable_tells_control_from_flagged(
    worlds: tuple[DeskWorld, DeskWorld], language: str
) -> None:
    flagged, control = (everything_fetched(world, language) for world in worlds)
    assert len(flagged) > 60
    assert flagged == control
    assert sum('id="since"' in answer for answer in flagged) >= 3


def test_later_versions_and_changed_accounts_are_among_the_control_cases(tmp_path: Path) -> None:
    """Else a case that shows one would be known to be flagged."""
    world = empty_desk(f"sqlite:///{tmp_path}/draws.db")
    claims = [a_claim(claim_id=ClaimId(f"SIM-C-{n}")) for n in range(120)]
    changes = [
        AccountChange(
            fact_id=f"change-{n}",
            claim_id=claim.claim_id,
            mykad=claim.claimant.mykad,
            new_account=an_account(),
            changed_at=NOW,
        )
        for n, claim in enumerate(claims)
    ]
    second = [claim.model_copy(update={"version": 2}) for claim in claims]
    rare = Policy(capacity=1.0, control_share=0.1, review_line=0.5)
    often = Policy(capacity=1.0, control_share=0.1 / LATER_LOOK_SHARE, review_line=0.5)
    for batch, policy in ((claims, rare), (second, often), (changes, often)):
        assessor = Assessor(OneScore(0.0042), policy, accept_reserved=True)
        process_batch(world.store, batch, assessor=assessor, now=NOW)
    with world.store.reading() as connection:
        drawn = connection.exec_driver_sql(
            "SELECT claim_version, trigger_fact <> '', count(*)"
            " FROM cases JOIN assessments a USING (assessment_id) WHERE cause = 'control'"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).all()
    world.store.close()
    assert [tuple(row[:2]) for row in drawn] == [(1, 0), (2, 0), (2, 1)]
    assert all(count >= 3 for _, _, count in drawn)


def test_no_page_carries_a_score_a_tier_or_a_cause(worlds: tuple[DeskWorld, DeskWorld]) -> None:
    for page in everything_fetched(worlds[0], "en"):
        if "How it ranks" in page and "control cases" in page:
            continue  # the help page explains that control cases exist
        assert not [word for word in HIDDEN if word in page]


def test_the_queue_is_ordered_by_day_and_a_keyed_shuffle_whatever_the_cause(
    worlds: tuple[DeskWorld, DeskWorld],
) -> None:
    def order(world: DeskWorld) -> list[str]:
        visitor = signed_in(world, BALA)
        return [visitor.post("/queue/next").headers["location"] for _ in world.cases]

    assert order(worlds[0]) == order(worlds[1])


def test_the_store_itself_answers_no_cause_before_a_decision(
    worlds: tuple[DeskWorld, DeskWorld],
) -> None:
    for world in worlds:
        with world.store.reading() as connection:
            for case_id in world.cases.values():
                assert rows.load_case(connection, world.store.keyring, case_id).cause is None
                with pytest.raises(Conflict):
                    rows.picked_by(connection, case_id)


@pytest.mark.parametrize(("which", "said"), [(0, "put up by the ranking"), (1, "a control case")])
def test_after_the_first_decision_the_cause_is_shown_and_the_decision_may_change(
    worlds: tuple[DeskWorld, DeskWorld], which: int, said: str
) -> None:
    world = worlds[which]
    case_id = world.cases["leave"]
    aida = signed_in(world, AIDA)
    review.take_case(world.desk, world.actor(AIDA), case_id, NOW)
    assert said not in aida.get(f"/cases/{case_id}").text
    genuine = Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
    review.decide_case(world.desk, world.actor(AIDA), case_id, genuine, NOW)
    assert said in aida.get(f"/cases/{case_id}").text
    answer = aida.post(
        f"/cases/{case_id}/change", verdict="insufficient", reasons=REASONS, note="Seen again."
    )
    assert answer.status_code == 303
    assert "Changed the decision: Close" in aida.get(f"/cases/{case_id}").text


def test_a_reader_who_asks_for_an_outcome_too_early_learns_nothing_from_the_refusal(
    worlds: tuple[DeskWorld, DeskWorld],
) -> None:
    answers = []
    for world in worlds:
        aida = signed_in(world, AIDA)
        case_id = world.cases["leave"]
        refused = aida.post(f"/cases/{case_id}/change", verdict="clear", reasons=REASONS, note="x")
        answers.append((refused.status_code, PER_SESSION.sub("", refused.text)))
    assert answers[0] == answers[1]
