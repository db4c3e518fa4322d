"""A shut gate: nothing of it in a feature, rule, reason or page, and the reader is told."""

import numpy as np
import pytest

from fraud.features import CATALOGUE, Known, Source, vector_of
from fraud.graph import Area
from fraud.privacy import ALL_OPEN, ALL_SHUT, GatedSource, KeyRing
from fraud.reasons.unknowns import UNKNOWNS, unknowns
from fraud.rules import run_rules
from fraud.store.desk import load_case
from fraud.store.gathering import FactBook, linked_claim, sources_read
from fraud.store.raw_claims import ClaimState
from fraud.workflow.case_file import case_file
from fraud.workflow.review import desk_of
from tests.support.builders import (
    ACCIDENT_ON,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_hospital_answer,
    an_injury,
    an_insurer_payment,
    days_from,
    platform_trips,
    stays,
    with_crossings,
)
from tests.support.desk_world import NOW, SECRET, build_world

KEYRING = KeyRing(SECRET)
FACTS = {
    GatedSource.HOSPITAL: a_hospital_answer,
    GatedSource.INSURER: an_insurer_payment,
    GatedSource.PLATFORM: platform_trips,
    GatedSource.BOARD: a_board_attendance,
}
COLUMNS = {
    GatedSource.CROSSINGS: Source.CROSSINGS,
    GatedSource.HOSPITAL: Source.HOSPITAL,
    GatedSource.INSURER: Source.INSURER,
    GatedSource.PLATFORM: Source.PLATFORM,
    GatedSource.BOARD: Source.BOARD,
}


def read(sources, *, without=None) -> Known:
    """A claim about which every gated source came in, or all but one; read with some gates open."""
    claim = a_claim(TDB, injury=an_injury(assessed_percent=20), certificates=(a_certificate(),))
    book = FactBook(KEYRING)
    for source, fact in FACTS.items():
        if source is not without:
            book.add(fact())
    days, outages = {}, {}
    if sources.allows(GatedSource.CROSSINGS) and without is not GatedSource.CROSSINGS:
        days = with_crossings(stays(days_from(ACCIDENT_ON, 10))).days
        first = ACCIDENT_ON.toordinal()
        outages = dict.fromkeys(range(first - 42, first + 60), 0.0)
    history = book.history(ClaimState(claim), days, outages, sources)
    return Known(claim, history, linked_claim(claim, history, KEYRING, known_at=1), Area())


@pytest.mark.parametrize("source", COLUMNS)
def test_a_shut_gate_is_as_if_nothing_had_come_in(source):
    shut, never = read(ALL_OPEN.without([source])), read(ALL_OPEN, without=source)
    assert vector_of(shut).tobytes() == vector_of(never).tobytes()
    assert run_rules(shut, accept_reserved=True) == run_rules(never, accept_reserved=True)
    assert not sources_read(shut).allows(source)
    columns = [n for n, one in enumerate(CATALOGUE) if one.source is COLUMNS[source]]
    assert np.isnan(vector_of(shut)[columns]).all()


@pytest.mark.parametrize("source", [*FACTS, GatedSource.CROSSINGS])
def test_what_came_in_behind_an_open_gate_is_noted_as_read(source):
    assert sources_read(read(ALL_OPEN)).allows(source)


@pytest.mark.parametrize("source", [*FACTS, GatedSource.CROSSINGS])
def test_the_reader_is_told_that_a_gate_is_closed(source):
    key = f"unknown.{source.value}.gate_closed"
    assert key.removeprefix("unknown.") in UNKNOWNS
    said = {one.key for one in unknowns(read(ALL_SHUT), ALL_SHUT)}
    assert key in said
    assert key not in {one.key for one in unknowns(read(ALL_OPEN), ALL_OPEN)}


def test_a_page_shows_nothing_that_a_shut_gate_hides(tmp_path):
    world = build_world(f"sqlite:///{tmp_path}/desk.db")
    case = world.cases["leave"]
    no_basis = {f"basis_{source.value}": None for source in GatedSource}
    shut = desk_of(world.store, world.settings.model_copy(update=no_basis))
    with world.store.reading() as connection:
        loaded = load_case(connection, world.store.keyring, case)
    assert case_file(world.desk, loaded, NOW).covered_days
    file = case_file(shut, loaded, NOW)
    assert (file.person_days, dict(file.covered_days)) == ((), {})
    world.store.close()
