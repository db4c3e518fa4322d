"""Types by name and version; older bodies are rewritten one step at a time."""

from dataclasses import replace

import pytest

from fraud.errors import InvalidInput
from fraud.records import Fact
from streams.messages import KINDS, Kind, kind_of, read_type, upgrade
from streams.topics import SOURCES
from tests.streams.fakes import a_claim, a_statement

CLAIM = kind_of(a_claim())


def test_every_record_has_one_type_and_every_type_one_record():
    assert len({kind.name for kind in KINDS}) == len({kind.record for kind in KINDS}) == len(KINDS)
    assert {kind.record for kind in KINDS} == {type(a_claim()), *Fact.__subclasses__()}
    assert {kind.topic for kind in KINDS} == set(SOURCES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_type_name_is_read_as_it_is_written(kind):
    assert read_type(kind.type_name) == (kind, kind.version)


def test_an_older_body_takes_every_step_in_order():
    today = replace(CLAIM, version=3)
    steps = {
        (CLAIM.name, 1): lambda body: body | {"channel": body.pop("way")},
        (CLAIM.name, 2): lambda body: body | {"channel": body["channel"].lower()},
    }
    assert upgrade(today, 1, {"way": "POST"}, steps=steps)["channel"] == "post"
    assert upgrade(today, 2, {"channel": "POST"}, steps=steps)["channel"] == "post"
    assert upgrade(today, 3, {"channel": "POST"}, steps=steps)["channel"] == "POST"


def test_a_version_without_a_step_is_refused():
    with pytest.raises(InvalidInput, match="version 1 is no longer read"):
        upgrade(replace(CLAIM, version=2), 1, {})


def test_a_body_that_a_step_cannot_take_is_refused_not_an_accident():
    steps = {(CLAIM.name, 1): lambda body: body | {"channel": body["way"]}}
    with pytest.raises(InvalidInput, match=r"not a valid .* version 1"):
        upgrade(replace(CLAIM, version=2), 1, {}, steps=steps)


def test_a_kind_is_frozen():
    assert isinstance(kind_of(a_statement()), Kind)
    with pytest.raises(AttributeError):
        CLAIM.version = 9  # type: ignore[misc]
