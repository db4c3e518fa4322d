"""Whatever stands on a topic becomes a claim, a fact, or a refusal that says why."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.errors import InvalidInput
from fraud.records import (
    AccountChange,
    Address,
    Attendance,
    Claimant,
    Decision,
    EmployerDescription,
    Enrolment,
    Fact,
    Payment,
)
from streams import codec
from streams.ports import Record
from tests.streams.fakes import KEYRING, NOW, a_claim, a_statement, as_read, sent

MYKAD = "900101000001"
ACCOUNT = {"bank": "MBB", "number": "1234567890"}
EVERY_FACT: list[Fact] = [
    a_statement(),
    EmployerDescription(
        fact_id="E1",
        employer_code="A00000000001",
        name="Kedai Contoh",
        registered_on=date(2019, 5, 1),
        staff_count=7,
        stated_at=NOW,
    ),
    Attendance(
        fact_id="A1",
        mykad=MYKAD,
        employer_code="A00000000001",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 1, 31),
        days_present=(date(2026, 1, 2),),
        stated_at=NOW,
    ),
    Enrolment(fact_id="N1", mykad=MYKAD, paid_at=NOW),
    AccountChange(fact_id="B1", claim_id="C1", mykad=MYKAD, new_account=ACCOUNT, changed_at=NOW),
    Payment(fact_id="P1", claim_id="C1", mykad=MYKAD, account=ACCOUNT, amount_sen=1, paid_at=NOW),
    Decision(fact_id="D1", claim_id="C1", label="genuine", decided_at=NOW, picked_by="control"),
]


def read(change: Callable[[Record], dict[str, object]]) -> Record:
    """A good claim as read, changed in the fields that `change` answers."""
    good = as_read(sent(a_claim()))
    fields = {name: getattr(good, name) for name in Record.__dataclass_fields__}
    return Record(**(fields | change(good)))  # type: ignore[arg-type]


def with_body(**changes: object) -> Record:
    def change(good: Record) -> dict[str, object]:
        body = json.loads(good.value or b"") | changes
        return {"value": json.dumps(body).encode()}

    return read(change)


def with_headers(**changes: bytes | None) -> Record:
    def change(good: Record) -> dict[str, object]:
        headers = dict(good.headers) | {
            k.replace("content_", "content-"): v for k, v in changes.items()
        }
        return {"headers": tuple((k, v) for k, v in headers.items() if v is not None)}

    return read(change)


@pytest.mark.parametrize("record", [a_claim(), *EVERY_FACT], ids=lambda r: type(r).__name__)
def test_what_is_sent_is_what_is_read(record):
    assert codec.decode(as_read(sent(record))) == record


def test_a_claim_is_keyed_by_pseudonym_and_named_by_its_version():
    out = sent(a_claim(7, version=3))
    headers = dict(out.headers)
    assert out.key == KEYRING.person_key("900101000007").encode()
    assert headers["ce_id"] == b"C0000007:3"
    assert headers["ce_type"] == b"my.sempadan.claim.lodged.v1"
    assert headers["ce_time"].endswith(b"+00:00")
    assert b"900101000007" not in b"".join(headers.values()) + out.key


def test_facts_of_a_person_share_the_key_of_the_claims():
    assert sent(a_statement(7)).key == sent(a_claim(7)).key


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (read(lambda r: {"value": None}), "no body"),
        (read(lambda r: {"value": b""}), "no body"),
        (read(lambda r: {"value": r.value[:-9]}), "EOF while parsing"),
        (read(lambda r: {"value": b"\xff\xfe" + r.value}), "Invalid JSON"),
        (read(lambda r: {"value": r.value.replace(b"Aminah", b"Ami\xffah")}), "unicode"),
        (read(lambda r: {"value": b"[1, 2]"}), "Input should be an object"),
        (read(lambda r: {"value": b"[" * 100_000}), "Invalid JSON"),
        (read(lambda r: {"value": r.value + b" " * 262_144}), "at most 262144"),
        (with_body(version="1"), "version"),
        (with_body(version=1.0), "version"),
        (with_body(received_at=1_700_000_000), "received_at"),
        (with_body(received_at="2026-11-02T09:00:00"), "received_at"),
        (with_body(surprise=1), "surprise"),
        (with_body(claimant={"mykad": "12", "name": ""}), "claimant.mykad"),
        (with_body(received_at="0001-01-01T00:00:00+14:00"), "outside the years"),
        (with_body(received_at="19999999999"), "outside the years"),
        (with_body(claim_id="C\u0000"), "NUL"),
        (with_headers(ce_type=None), "ce_type"),
        (with_headers(ce_id=b""), "ce_id"),
        (with_headers(ce_source=None), "ce_source"),
        (with_headers(ce_specversion=b"0.3"), "ce_specversion"),
        (with_headers(content_type=b"text/plain"), "content type"),
        (with_headers(ce_type=b"my.sempadan.claim.lodged.v2"), "newer than this program"),
        (with_headers(ce_type=b"my.sempadan.claim.lodged.v0"), "unknown"),
        (with_headers(ce_type=b"my.sempadan.claim.lodged"), "unknown"),
        (with_headers(ce_type=b"org.example.thing.v1"), "unknown"),
        (with_headers(ce_type=b"\xff\xff"), "unknown"),
        (with_headers(ce_type=b"my.sempadan.payment.made.v1"), "belongs on facts.reported"),
        (read(lambda r: {"topic": "facts.reported"}), "belongs on claims.submitted"),
        (read(lambda r: {"headers": ()}), "headers are missing"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(record, reason):
    with pytest.raises(InvalidInput, match=reason):
        codec.decode(record)


@pytest.mark.parametrize(
    ("fact", "change"),
    [
        (EVERY_FACT[1], {"staff_count": 10**400}),
        (EVERY_FACT[1], {"staff_count": 10_000_001}),
        (EVERY_FACT[-1], {"wrong_payment_sen": 2**63}),
        (EVERY_FACT[-1], {"wrong_payment_sen": -(2**63)}),
        (EVERY_FACT[-1], {"claim_id": "C" * 65}),
        (EVERY_FACT[-1], {"claim_id": ""}),
        (EVERY_FACT[-2], {"amount_sen": 2**63}),
    ],
)
def test_what_no_column_holds_is_refused(fact, change):
    out = sent(fact)
    body = json.dumps(json.loads(out.value) | change).encode()
    with pytest.raises(InvalidInput, match="not a valid"):
        codec.decode(replace(as_read(out), value=body))


def test_headers_without_a_value_are_no_trouble():
    good = as_read(sent(a_claim()))
    odd = replace(good, headers=(*good.headers, ("trace", None)))
    assert codec.decode(odd) == a_claim()
    with pytest.raises(InvalidInput, match="ce_type"):
        codec.decode(replace(good, headers=(("ce_specversion", b"1.0"), ("ce_type", None))))


def test_a_record_the_client_could_not_read_is_refused():
    record = replace(as_read(sent(a_claim())), unreadable="its parts run together")
    with pytest.raises(InvalidInput, match="run together"):
        codec.decode(record)


def test_every_faulty_field_is_named_and_no_value_printed():
    record = with_body(
        version="one", channel="fax", claimant={"mykad": "90010100000X", "name": "A"}
    )
    with pytest.raises(InvalidInput) as caught:
        codec.decode(record)
    assert {fault.field for fault in caught.value.faults} == {
        "version",
        "channel",
        "claimant.mykad",
    }
    assert "90010100000X" not in str(caught.value)


def test_text_that_only_looks_odd_is_accepted():
    address = Address(line="0012-03-04", postcode="80000")
    claim = a_claim(
        claimant=Claimant(mykad=MYKAD, name="Lim \\u0000", address=address),
        intermediary="3001-12-55",
    )
    assert codec.decode(as_read(sent(claim))) == claim


def test_a_day_out_of_range_deep_inside_is_found():
    statement = json.loads(sent(a_statement()).value or b"")
    statement["runs"][0]["first_month"] = "0001-01-01"
    out = sent(a_statement())
    record = Record(out.topic, 0, 0, out.key, json.dumps(statement).encode(), out.headers, 1)
    with pytest.raises(InvalidInput, match=r"runs\.0\.first_month"):
        codec.decode(record)


def test_one_bad_record_does_not_keep_the_others_back():
    good, bad = as_read(sent(a_claim(1))), read(lambda r: {"value": b"{", "offset": 1})
    last = as_read(sent(a_statement(2)), offset=2)
    decoded = codec.decode_batch([good, bad, last])
    assert decoded.records == [a_claim(1), a_statement(2)]
    assert [(record.offset, reason) for record, reason in decoded.refused] == [
        (1, decoded.refused[0][1])
    ]
    assert "Invalid JSON" in decoded.refused[0][1]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(value):
    record = read(lambda r: {"value": value})
    with pytest.raises(InvalidInput):
        codec.decode(record)


@given(st.binary(max_size=40), st.text(max_size=20))
def test_no_headers_break_the_reader(value, name):
    record = read(lambda r: {"headers": ((name, value), ("ce_type", value))})
    with pytest.raises(InvalidInput):
        codec.decode(record)


@given(
    st.integers(1, 99_999),
    st.text(min_size=1, max_size=30).filter(lambda s: s.strip() and "\0" not in s),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
)
def test_any_claim_survives_the_wire(number, name, at):
    claim = a_claim(
        number,
        received_at=at.replace(tzinfo=UTC),
        claimant=Claimant(mykad=MYKAD, name=name),
    )
    assert codec.decode(as_read(sent(claim))) == claim
