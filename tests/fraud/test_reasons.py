"""Sentences for every feature, rule and unknown, in both languages; the same form for any claim."""

import re
from math import isnan
from string import Formatter

import numpy as np
import pytest

from fraud.features import CATALOGUE, FEATURE_NAMES, Known, vector_of
from fraud.graph import Area
from fraud.history import History
from fraud.privacy import ALL_OPEN, ALL_SHUT, OpenSources
from fraud.reasons import LEAST_STATEMENTS, MOST_STATEMENTS, statements_of, tier_of
from fraud.reasons.look_alikes import LOOK_ALIKES, look_alikes
from fraud.reasons.tellings import TELLINGS
from fraud.reasons.unknowns import UNKNOWNS, unknowns
from fraud.records import Scheme
from fraud.rules import RULES, run_rules
from fraud.statements import Family, Hit, HitKind, Statement
from fraud.wording import LANGUAGES, catalogue, text
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    PDB,
    TDB,
    a_board_attendance,
    a_board_listing,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    an_account,
    an_account_change,
    an_address,
    an_area,
    an_attendance,
    an_enrolment,
    an_injury,
    an_insurer_payment,
    another_claim,
    days_from,
    known_of,
    linked,
    platform_trips,
    stays,
    weekdays,
    with_crossings,
)

LONGEST = 200
FORBIDDEN_WORDS = re.compile(
    r"score|threshold|probab|model|control|flagged|suspect|fraudster|skor|ambang|kebarangkalian|"
    r"penipu\b|suspek|disyaki",
    re.IGNORECASE,
)


def feature_keys() -> list[str]:
    return [
        f"reason.{name}.{side}"
        for name, telling in TELLINGS.items()
        for side, test in (("for", telling.stands_out), ("against", telling.speaks_against))
        if test is not None
    ]


def every_key() -> list[str]:
    return [
        *feature_keys(),
        *(key for rule in RULES for key in rule.keys),
        *(f"unknown.{name}" for name in UNKNOWNS),
        *(f"look_alike.{name}" for name in LOOK_ALIKES),
    ]


def forms(key: str, language: str) -> list[str]:
    sentence = catalogue(language)[key]
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def placeholders(key: str, language: str) -> set[tuple[str, str]]:
    return {
        (name, form or "")
        for sentence in forms(key, language)
        for _, name, form, _ in Formatter().parse(sentence)
        if name
    }


def test_every_feature_is_told():
    assert set(TELLINGS) == set(FEATURE_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_and_none_is_left_over(language):
    written = {
        key
        for key in catalogue(language)
        if key.split(".")[0] in ("reason", "rule", "unknown", "look_alike")
    }
    assert written == set(every_key())


@pytest.mark.parametrize("key", every_key())
def test_a_sentence_reads_the_same_in_both_languages(key):
    assert placeholders(key, "en") >= placeholders(key, "ms")
    missing = placeholders(key, "en") - placeholders(key, "ms")
    # English may name a number that Malay, without plurals, always names: never the other way
    assert not missing
    for language in LANGUAGES:
        for sentence in forms(key, language):
            assert len(sentence) <= LONGEST
            assert sentence.endswith(".")
            assert not FORBIDDEN_WORDS.search(sentence), sentence


@pytest.mark.parametrize("name", FEATURE_NAMES)
def test_no_sentence_shows_the_name_of_a_column(name):
    if "_" in name:
        for language in LANGUAGES:
            for key in every_key():
                assert all(name not in sentence for sentence in forms(key, language))


def worlds() -> dict[str, Known]:
    """Claims of every scheme with much known of each, so that most sentences can be said."""
    commuting = stays(weekdays(ACCIDENT_ON.replace(month=1), ACCIDENT_ON.replace(day=11)))
    busy = an_area(
        *(
            another_claim(
                n,
                PDB,
                account=an_account(),
                intermediary="+60177777777",
                certificates=(a_certificate(serial=f"S{n}"),),
                injury=an_injury(assessed_percent=7),
            )
            for n in range(1, 9)
        )
    )
    busy.labels["C-1001"] = ["confirmed_fraud"]
    busy.labels["C-1002"] = ["genuine"]
    listed = an_attendance(days_from(ACCIDENT_ON, 4))
    brought = {"intermediary": "+60177777777"}
    return {
        "bare": known_of(),
        "tdb": known_of(
            a_claim(TDB, **brought), with_crossings(commuting, attendances=(listed,)), busy
        ),
        "pdb": known_of(
            a_claim(PDB, injury=an_injury(assessed_percent=7), **brought),
            a_history(account_changes=(an_account_change(),)),
            busy,
        ),
        "jsa": known_of(a_claim(JSA), with_crossings(commuting)),
        "commuter": known_of(
            a_claim(COMMUTER), with_crossings(commuting, enrolments=(an_enrolment(),))
        ),
        "empty": nothing_known(),
    }


def nothing_known() -> Known:
    claim = a_claim(
        account=None, phone=None, address=None, employer_code=None, certificates=(),
        declared_monthly_wage_sen=None,
    )  # fmt: skip
    return Known(claim, History(), linked(claim, History()), Area())


@pytest.mark.parametrize("world", worlds())
def test_whatever_can_be_told_of_a_claim_reads_as_a_sentence(world):
    known = worlds()[world]
    vector = vector_of(known)
    for feature, value in zip(CATALOGUE, vector.tolist(), strict=True):
        telling = TELLINGS[feature.name]
        for side, test in (("for", telling.stands_out), ("against", telling.speaks_against)):
            if isnan(value) or test is None or not test(known, value):
                continue
            for language in LANGUAGES:
                said = text(
                    f"reason.{feature.name}.{side}", language, **telling.values(known, value)
                )
                assert "nan" not in said.lower().split()
                assert "{" not in said


@pytest.mark.parametrize("world", worlds())
@pytest.mark.parametrize("seed", range(4))
def test_any_claim_gets_the_same_form_and_every_sentence_can_be_read(world, seed):
    known = worlds()[world]
    vector = vector_of(known)
    parts = np.random.default_rng(seed).normal(0, 0.4, len(vector)) - 0.3 * seed
    found = statements_of(known, vector, parts, run_rules(known, accept_reserved=True))
    stands_out, against, _ = found
    least = 0 if world == "empty" else LEAST_STATEMENTS - 1  # of nothing, nothing need stand out
    assert least <= len(stands_out) <= MOST_STATEMENTS
    assert 1 <= len(against) <= MOST_STATEMENTS
    for statement in (*found[0], *found[1], *found[2]):
        for language in LANGUAGES:
            text(statement.key, language, **statement.values)
    assert len({s.key for s in (*stands_out, *against)}) == len(stands_out) + len(against)


def only(name: str, size: float = 1.0) -> np.ndarray:
    parts = np.zeros(len(FEATURE_NAMES))
    parts[FEATURE_NAMES.index(name)] = size
    return parts


def told(
    known: Known, parts: np.ndarray, hits: tuple[Hit, ...] = ()
) -> tuple[list[str], list[str]]:
    out, against, _ = statements_of(known, vector_of(known), parts, hits)
    return [s.key for s in out], [s.key for s in against]


def test_the_strongest_contribution_is_told_first_with_its_records():
    area = an_area(another_claim(1, account=an_account()), another_claim(2, account=an_account()))
    known = known_of(area=area)
    out, _, _ = statements_of(known, vector_of(known), only("people_sharing_account"), ())
    assert out[0] == Statement(
        "reason.people_sharing_account.for", {"count": 2}, Family.LINKS, ("C-1001", "C-1002")
    )


def test_a_strong_negative_contribution_speaks_against():
    _, against = told(known_of(), only("months_with_this_employer", -1.0))
    assert against[0] == "reason.months_with_this_employer.against"


def test_zero_others_never_stand_out():
    out, _ = told(known_of(), only("people_sharing_account"))
    assert "reason.people_sharing_account.for" not in out


@pytest.mark.parametrize(("riders", "said"), [(7, True), (8, False)])
def test_of_a_bus_it_is_not_said_that_nobody_was_hurt_in_it_on_another_day(riders, said):
    crash = {"injury": an_injury(kind="road", vehicle="JPX 1")}
    claim = a_claim(COMMUTER, **crash)
    along = [another_claim(n, COMMUTER, **crash) for n in range(riders)]
    name = "people_hurt_in_vehicle_on_other_days"
    _, against = told(known_of(claim, area=an_area(*along)), only(name, -1.0))
    assert (f"reason.{name}.against" in against) is said


def test_an_unknown_feature_says_nothing_on_either_side():
    known = nothing_known()
    for sign in (1.0, -1.0):
        out, against = told(known, np.full(len(FEATURE_NAMES), sign))
        unknown = {
            name for name, v in zip(FEATURE_NAMES, vector_of(known), strict=True) if isnan(v)
        }
        assert not unknown & {key.split(".")[1] for key in (*out, *against)}


def test_records_of_one_kind_speak_once_about_one_typology():
    area = an_area(*(another_claim(n, account=an_account()) for n in range(1, 4)))
    known = known_of(area=area)
    parts = only("people_sharing_account") + only("people_sharing_account_not_home", 0.9)
    out, _ = told(known, parts + only("claims_on_account_90d", 0.8))
    assert sum("account" in key for key in out) == 1


def a_lead(rule: str, family: Family) -> Hit:
    return Hit(rule, HitKind.LEAD, "", Statement(f"rule.{rule}", {}, family))


def test_leads_come_first_and_silence_the_same_evidence():
    area = an_area(*(another_claim(n, account=an_account()) for n in range(1, 4)))
    history = a_history(account_changes=(an_account_change(),))
    known = known_of(history=history, area=area)
    hits = run_rules(known, accept_reserved=True)
    out, _ = told(known, only("people_sharing_account"), hits)
    assert out[0] == "rule.account_of_unrelated_people.changed"
    assert "reason.people_sharing_account.for" not in out


def test_rule_outcomes_and_typing_mistakes_do_not_stand_out():
    known = known_of(a_claim(account=an_account("12345678"), expected_payment_sen=1_000))
    hits = run_rules(known)
    assert {hit.kind for hit in hits} == {HitKind.DATA_QUALITY, HitKind.MONEY_OWED}
    out, _ = told(known, np.zeros(len(FEATURE_NAMES)), hits)
    assert not [key for key in out if key.startswith("rule.")]


def test_tier_one_needs_two_independent_families():
    known = known_of(area=an_area(another_claim(1, account=an_account())))
    vector = vector_of(known)
    one = only("people_sharing_account")
    assert tier_of((), vector, one) == 2
    assert tier_of((), vector, one + only("certified_days")) == 1
    assert tier_of((), vector, one + only("certified_days", 0.1)) == 2
    lead = a_lead("account_of_unrelated_people", Family.LINKS)
    assert tier_of((lead,), vector, one) == 2
    assert tier_of((lead,), vector, only("certified_days")) == 1


def test_a_lead_that_joins_two_families_is_tier_one():
    vector = vector_of(known_of())
    lead = a_lead("recorded_across_at_accident_stated_here", Family.COMMUTER)
    assert tier_of((lead,), vector, np.zeros(len(vector))) == 1


def test_no_other_kind_of_hit_and_nothing_unknown_raises_the_tier():
    vector = vector_of(known_of())
    parts = only("stays_on_leave") + only("people_sharing_vehicle") + only("certified_days")
    late = Hit("job_loss_claimed_late", HitKind.NOT_PAYABLE, "", Statement("", {}, Family.CLAIM))
    assert tier_of((late,), vector, parts) == 2
    assert tier_of((), vector, only("is_temporary_disablement", 9.0) + only("certified_days")) == 2


def names(known: Known) -> set[str]:
    return {statement.key.removeprefix("look_alike.") for statement in look_alikes(known)}


def test_look_alikes_of_an_account():
    mine = {"account": an_account()}
    family = an_area(another_claim(1, address=an_address(), **mine))
    assert names(known_of(area=family)) == {"account_of_household"}
    colleagues = an_area(*(another_claim(n, employer_code="E90000000001", **mine) for n in (1, 2)))
    assert names(known_of(area=colleagues)) == {"account_of_employer"}
    many = an_area(*(another_claim(n, **mine) for n in range(1, 60)))
    assert names(known_of(area=many)) == {"account_of_many"}


def test_look_alikes_of_people_who_serve_many():
    area = an_area(*(another_claim(n, intermediary="U1") for n in range(1, 13)))
    assert names(known_of(a_claim(intermediary="U1"), area=area)) == {"intermediary_of_many"}
    ward = an_area(*(another_claim(n, certificates=(a_certificate(),)) for n in range(1, 60)))
    assert "practitioner_of_many" in names(known_of(area=ward))


def test_look_alikes_of_crossings_and_leave():
    late = days_from(ACCIDENT_ON, 7)[4:]
    assert names(known_of(history=a_history(attendances=(an_attendance(late),)))) == {
        "at_work_late_in_leave"
    }
    injury = an_injury(place="link", first_treated_in="singapore")
    history = with_crossings(stays([ACCIDENT_ON.replace(day=5)]), enrolments=(an_enrolment(),))
    assert names(known_of(a_claim(COMMUTER, injury=injury), history)) == {
        "accident_on_the_link", "treated_across", "enrolled_long_before",
    }  # fmt: skip
    ended = with_crossings(
        stays(weekdays(ACCIDENT_ON.replace(month=2), ACCIDENT_ON.replace(month=2, day=20)))
    )
    assert names(known_of(a_claim(JSA), ended)) == {"stays_have_ended"}


def test_crowds_declared_payers_and_visits_from_afar_speak_against():
    crash = {"injury": an_injury(kind="road", vehicle="BUS-1")}
    crowd = an_area(*(another_claim(n, COMMUTER, **crash) for n in range(1, 6)))
    assert names(known_of(a_claim(COMMUTER, **crash), area=crowd)) == {"hurt_with_many"}
    pair = an_area(another_claim(1, COMMUTER, **crash))
    assert names(known_of(a_claim(COMMUTER, **crash), area=pair)) == set()
    declared = a_claim(injury=an_injury(other_payer_declared=True))
    assert names(known_of(declared)) == {"other_payer_declared"}
    from_afar = a_claim(certificates=(a_certificate(remote=True),))
    assert names(known_of(from_afar)) == {"seen_from_afar"}


def test_answers_a_reader_would_look_for_are_named_when_they_are_missing():
    across = a_claim(Scheme.SELF_EMPLOYED, workplace_uen="00012345A")
    listed = a_history(facts=(a_board_listing(),))
    found = missing(known_of(across, listed))
    assert {"hospital.not_received", "insurer.not_received"} <= found
    assert {"platform.not_received", "board.not_received"} <= found
    answers = (a_hospital_answer(), an_insurer_payment(), platform_trips(), a_board_attendance())
    answered = missing(known_of(across, a_history(facts=(a_board_listing(), *answers))))
    assert not {name for name in answered if name.endswith("not_received")} & {
        "hospital.not_received", "insurer.not_received", "platform.not_received",
        "board.not_received",
    }  # fmt: skip


def missing(known: Known, sources: OpenSources = ALL_OPEN) -> set[str]:
    found = unknowns(known, sources)
    return {statement.key.removeprefix("unknown.") for statement in found}


def test_what_is_not_known_is_named_with_its_reason():
    assert missing(nothing_known(), ALL_SHUT) == {
        "claim.account",
        "claim.certificates",
        "claim.wage",
        "contributions.not_received",
        "employer.not_stated",
        "attendance.not_received",
        "crossings.gate_closed",
        "insurer.gate_closed",
        "decisions.none",
    }


def test_why_crossings_are_not_known():
    assert "crossings.not_received" in missing(known_of())
    whole = with_crossings(stays(days_from(ACCIDENT_ON.replace(month=1), 80)))
    assert not {key for key in missing(known_of(history=whole)) if key.startswith("crossings")}
    silent = with_crossings({})
    assert "crossings.no_record" in missing(known_of(history=silent))
    gap = dict.fromkeys(silent.outages, 0.4)
    assert "crossings.outage" in missing(known_of(history=a_history(outages=gap)))


def test_other_unknowns():
    road = an_injury(kind="road", first_treated_at=None)
    found = missing(known_of(a_claim(injury=road), a_history(employer=None)))
    assert {"claim.police_report", "claim.first_treatment", "employer.not_received"} <= found
    assert "enrolment.not_received" in missing(known_of(a_claim(COMMUTER)))
    listed = an_attendance(last_day=ACCIDENT_ON)
    assert "attendance.other_days" in missing(known_of(history=a_history(attendances=(listed,))))
    area = an_area(another_claim(1, account=an_account()))
    area.labels["C-1001"] = ["genuine"]
    assert "decisions.none" not in missing(known_of(area=area))
