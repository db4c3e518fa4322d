"""What the pages show, in which language, and what they answer when something is wrong."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from fraud.cases import CaseState
from fraud.privacy import GatedSource, setting_of
from fraud.records import AccountChange
from fraud.store import desk as rows
from fraud.store import desk_queue
from fraud.web.looks import _record
from fraud.workflow import looking, review
from fraud.workflow.intake import process_batch
from tests.support.builders import an_account, an_address
from tests.support.desk_world import (
    AIDA,
    BALA,
    CHONG,
    NAMES,
    NOW,
    REASONS,
    DeskWorld,
    assessor_for,
    busy_world,
    empty_desk,
    put_up,
)
from tests.support.visitor import Visitor, app_of, signed_in

MOST_STATEMENTS = 60
"""SQL statements for the dearest page, whatever the case: catches a query in a loop."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


def state_of(world: DeskWorld, name: str) -> CaseState:
    with world.store.reading() as connection:
        return rows.load_case(connection, world.store.keyring, world.cases[name]).state


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("ms-MY,ms;q=0.9,en;q=0.8", "ms"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5,ms;q=0.7", "ms"),
        ("ta-IN", "ms"),
        ("", "ms"),
        ("en;q=nonsense,ms", "ms"),
    ],
)
def test_the_browsers_wish_picks_the_language(world: DeskWorld, asked: str, language: str) -> None:
    page = Visitor(app_of(world), asked).get("/help")
    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text


def test_a_language_chosen_by_hand_stays(world: DeskWorld) -> None:
    visitor = Visitor(app_of(world), "en")
    answer = visitor.get("/language/ms?back=/help")
    assert answer.headers["location"] == "/help"
    assert "Log masuk" in visitor.get("/sign-in").text
    assert visitor.get("/language/ms?back=//evil.test").headers["location"] == "/"


def test_every_page_says_that_the_data_is_simulated(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    for path in ("/queue", "/help", f"/cases/{world.cases['leave']}", "/nothing-here"):
        page = aida.get(path).text
        assert "Simulated data" in page
        assert "simulated basis SIM-01" in page


def test_a_real_deployment_shows_no_such_banner(world: DeskWorld) -> None:
    no_basis = {setting_of(one): None for one in GatedSource}
    world.settings = world.settings.model_copy(
        update={"accept_reserved_identifiers": False, **no_basis}
    )
    page = signed_in(world, AIDA).get("/queue").text
    assert "Simulated data" not in page
    assert "no legal basis is in force: border records" in page


def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    world = empty_desk(f"sqlite:///{tmp_path}/empty.db")
    aida = signed_in(world, AIDA)
    assert aida.post("/queue/next").headers["location"] == "/queue?empty=1"
    page = aida.get("/queue?empty=1").text
    assert "Nothing left to take" in page
    assert "You hold no case" in page
    world.store.close()


def test_a_case_page_has_every_part(world: DeskWorld) -> None:
    page = signed_in(world, AIDA).get(f"/cases/{world.cases['leave']}").text
    for part in (
        "Who and what",
        "What stands out",
        "What speaks against it",
        "What is not known",
        "Leave days against border records",
        "Medical certificates",
        "Contributions",
        "Links to other claims",
        "Question to the claimant",
        "Decide",
        "Notes",
        "History",
    ):
        assert part in page
    assert NAMES[2] not in page


def test_the_links_come_as_json_with_fixed_places(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    answer = aida.get(f"/api/v1/cases/{world.cases['leave']}/links")
    elements = answer.json()
    assert elements["nodes"][0]["position"] == {"x": 0.0, "y": 0.0}
    assert len(elements["edges"]) > 3
    captions = [one["data"]["caption"] for one in elements["nodes"]]
    assert "Account\nA" in captions
    assert not [
        one for one in captions if not one.startswith("Claim") and re.search("[0-9]{2}", one)
    ]
    assert json.dumps(elements) == json.dumps(aida.get(str(answer.url)).json())


def test_a_full_review_through_the_forms(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    case = f"/cases/{world.cases['leave']}"
    asked = aida.post(
        f"{case}/question",
        facts="Leave from 2 to 22 March.",
        wording="Where were you?",
        language="ms",
        days="30",
    )
    assert asked.headers["location"] == f"{case}#question"
    aida.post(f"{case}/reply", reply="I worked there.")
    refused = aida.post(f"{case}/decision", verdict="correct_down", reasons=REASONS)
    assert refused.status_code == 422
    assert "Say whose error it was." in refused.text
    decided = aida.post(
        f"{case}/decision",
        verdict="correct_down",
        error_by="claimant",
        amount="1,234.50",
        recovery="yes",
        reasons=REASONS,
    )
    assert decided.headers["location"] == case
    assert "RM1,234.50" in aida.get(case).text
    bala = signed_in(world, BALA)
    assert bala.get(f"{case}/approval").status_code == 200
    back = bala.post(f"{case}/return", note="")
    assert back.status_code == 422
    bala.post(f"{case}/return", note="Which days exactly?")
    assert state_of(world, "leave") is CaseState.IN_REVIEW
    assert "Which days exactly?" in aida.get(case).text


@pytest.mark.parametrize("amount", ["-5", "1.234", "abc", "NaN", "Infinity", "9" * 20])
def test_what_is_not_an_amount_is_refused(world: DeskWorld, amount: str) -> None:
    answer = signed_in(world, AIDA).post(
        f"/cases/{world.cases['leave']}/decision",
        verdict="pay_more",
        error_by="office",
        amount=amount,
        reasons=REASONS,
    )
    assert answer.status_code == 422
    assert "Give an amount" in answer.text


def test_what_was_typed_is_kept_and_never_runs(world: DeskWorld) -> None:
    answer = signed_in(world, AIDA).post(
        f"/cases/{world.cases['leave']}/decision", verdict="clear", reasons="<script>x</script>"
    )
    assert answer.status_code == 422
    assert "&lt;script&gt;x&lt;/script&gt;" in answer.text


@pytest.mark.parametrize("path", ["/nothing-here", "/cases/K404", "/cases/K404/approval"])
def test_what_does_not_exist_is_said_kindly(world: DeskWorld, path: str) -> None:
    answer = signed_in(world, AIDA).get(path)
    assert answer.status_code == 404
    assert "Nothing here" in answer.text


def test_an_unknown_step_is_no_page(world: DeskWorld) -> None:
    answer = signed_in(world, AIDA).post(f"/cases/{world.cases['leave']}/suspend")
    assert answer.status_code == 404


def test_a_case_of_somebody_else_is_not_for_me(world: DeskWorld) -> None:
    bala = signed_in(world, BALA)
    answer = bala.get(f"/cases/{world.cases['leave']}")
    assert answer.status_code == 403
    assert "while it is in your hands" in answer.text


def test_a_supervisor_gives_a_held_case_back(world: DeskWorld) -> None:
    chong = signed_in(world, CHONG)
    case = f"/cases/{world.cases['leave']}"
    assert f'{case}/release"' in chong.get(case).text
    assert chong.post(f"{case}/release").status_code == 303
    assert state_of(world, "leave") is CaseState.NEW


def test_a_lease_that_ended_is_said_and_the_case_may_be_taken(world: DeskWorld) -> None:
    world.now = NOW + timedelta(hours=1)
    assert "others may take it" in signed_in(world, AIDA).get("/queue").text
    review.take_case(world.desk, world.actor(BALA), world.cases["leave"], world.now)
    assert signed_in(world, AIDA).get(f"/cases/{world.cases['leave']}").status_code == 403


def test_who_is_signed_out_comes_back_to_the_page(world: DeskWorld) -> None:
    visitor = Visitor(app_of(world))
    path = f"/cases/{world.cases['leave']}"
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
    partial = visitor.get(path, headers={"hx-request": "true"})
    assert partial.headers["hx-redirect"].startswith("/sign-in")


def test_the_audit_log_can_be_searched_and_paged(world: DeskWorld) -> None:
    chong = signed_in(world, CHONG)
    for _ in range(60):
        chong.get(f"/cases/{world.cases['job']}")
    first = chong.get("/audit").text
    found = re.search(r'href="(/audit\?before=\d+[^"]*)"', first)
    assert found
    assert "Took a case" in chong.get(found[1].replace("&amp;", "&")).text
    assert "No event fits." in chong.get("/audit?who=nobody").text


def test_a_search_that_has_not_seen_everything_says_so_and_leads_on(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_queue, "MOST_SCANNED", 3)
    page = signed_in(world, CHONG).get("/audit?who=nobody").text
    assert "Older ones may" in page
    assert "Older events" in page


def test_the_links_are_looked_at_on_the_record(world: DeskWorld) -> None:
    chong = signed_in(world, CHONG)
    chong.get(f"/api/v1/cases/{world.cases['leave']}/links")
    assert "Looked at the links of a case" in chong.get("/audit").text


def test_nothing_left_is_said_first(world: DeskWorld) -> None:
    bala = signed_in(world, BALA)
    assert "cases are waiting" in bala.get("/queue").text
    assert "Nothing left to take" in bala.get("/queue?empty=1").text


def test_health_needs_no_sign_in(world: DeskWorld) -> None:
    assert Visitor(app_of(world)).get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/queue", "/audit", "case", "links"])
def test_a_page_costs_a_bounded_number_of_statements(world: DeskWorld, path: str) -> None:
    chong = signed_in(world, CHONG)
    case_id = world.cases["crash"]
    path = {"case": f"/cases/{case_id}", "links": f"/api/v1/cases/{case_id}/links"}.get(path, path)
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(world.store._engine, "before_cursor_execute", count)
    assert chong.get(path).status_code == 200
    assert 0 < len(counted) <= MOST_STATEMENTS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audit?before=abc", 422),
        ("/audit?before=99999999999999999999", 422),
        ("/cases/K%00", 404),
        ("/language/xx?back=/help", 303),
    ],
)
def test_odd_addresses_get_a_plain_answer(world: DeskWorld, path: str, status: int) -> None:
    assert signed_in(world, CHONG).get(path).status_code == status


def test_odd_characters_in_a_name_are_a_failed_sign_in(world: DeskWorld) -> None:
    assert Visitor(app_of(world)).sign_in("ai\0da\u202e", "x").status_code == 401


def test_an_unexpected_error_says_so_and_keeps_the_headers(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(looking, "look_at_queue", broken)
    answer = signed_in(world, AIDA).get("/queue")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert answer.headers["content-security-policy"]


def test_the_log_leads_an_auditor_to_the_case(world: DeskWorld) -> None:
    page = signed_in(world, CHONG).get("/audit").text
    assert f'href="/cases/{world.cases["leave"]}"' in page


def test_a_late_reply_has_its_form_and_both_are_shown(world: DeskWorld) -> None:
    world.now = NOW + timedelta(days=30)
    aida, case = signed_in(world, AIDA), f"/cases/{world.cases['knee']}"
    assert "Silence proves nothing" in aida.get(case).text  # looking closed the window
    assert "A reply came after all" in aida.get(case).text
    assert aida.post(f"{case}/reply", reply="I was in hospital.").status_code == 303
    page = aida.get(case).text
    assert "I was in hospital." in page
    assert "Silence proves nothing" in page


def test_the_last_day_to_reply_is_the_same_in_both_languages(world: DeskWorld) -> None:
    case = f"/cases/{world.cases['knee']}"
    assert "Reply by 20 Apr 2026 at the latest" in signed_in(world, AIDA).get(case).text
    assert "selewat-lewatnya 20 Apr 2026" in signed_in(world, AIDA, "ms").get(case).text


@pytest.mark.parametrize("name", ["20260302", "2026W101", "2026-W10-1", "2026-13-40"])
def test_a_record_that_is_no_day_keeps_its_name(name: str) -> None:
    assert _record(name, "en") == name
    assert _record("2026-03-02", "en") == "2 Mar 2026"


@pytest.mark.parametrize("name", ["leave", "fall"])
def test_what_came_of_a_claim_since_is_said_whatever_the_cause(world: DeskWorld, name: str) -> None:
    claim = put_up()[name]
    chong, case = signed_in(world, CHONG), f"/cases/{world.cases[name]}"
    assert "newer version" not in chong.get(case).text
    received = NOW - timedelta(days=1)
    address = an_address("9, Jalan Lain", "81200")
    claimant = claim.claimant.model_copy(update={"address": address})
    second = claim.model_copy(
        update={
            "version": 2,
            "received_at": received,
            "claimant": claimant,
            "expected_payment_sen": 999_900,
        }
    )
    change = AccountChange(
        fact_id="moved",
        claim_id=claim.claim_id,
        mykad=claimant.mykad,
        new_account=an_account("100000009999"),
        changed_at=NOW,
    )
    process_batch(world.store, [second, change], assessor=assessor_for("flagged"), now=NOW)
    page = chong.get(case).text
    assert "arrived on 29 Mar 2026. Changed in it: address, payment." in page
    assert "The account was changed on 30 Mar 2026." in page
    assert "9,999.00" not in page  # the page itself stays as the case was opened
    assert "Yang berubah: alamat, bayaran." in signed_in(world, CHONG, "ms").get(case).text
