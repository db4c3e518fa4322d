"""Claim states in and out, sealed as they came.

Everything here is set-based: a batch costs a handful of statements, whatever its size.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.features.catalogue import LONGEST_LEAVE_DAYS
from fraud.graph import Area, LinkedClaim, pack_nodes, pack_positions
from fraud.privacy import KeyRing
from fraud.records import Claim, ClaimId
from fraud.store.engine import Store
from fraud.store.schema import claims, nodes


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim as it is assessed: a version as lodged (`trigger_fact` '') or after a later fact."""

    claim: Claim
    trigger_fact: str = ""
    point: ScoringPoint = ScoringPoint.INTAKE
    last_heard: int | None = None
    """Day number of the last fact that names the claim; None when there is none."""

    @property
    def key(self) -> tuple[str, int, str]:
        """Claim, version and triggering fact: one assessment each."""
        return (self.claim.claim_id, self.claim.version, self.trigger_fact)

    @property
    def row(self) -> str:
        """The row it is sealed for."""
        return "claim|{}|{}|{}".format(*self.key)

    @property
    def received_on(self) -> int:
        """Day number of its receipt at the border."""
        return local_day(self.claim.received_at).toordinal()

    @property
    def heard_on(self) -> int:
        """Day number on which the claim was last heard of."""
        return max(self.received_on, self.last_heard or 0)

    @property
    def days(self) -> tuple[int, int] | None:
        """First and last day of crossings that the claim is about; None when there are none.

        The day of the accident and certified leave, or the days after the last day at work.
        """
        claim = self.claim
        if claim.injury:
            first = local_day(claim.injury.occurred_at).toordinal()
            leave = (one.last_day.toordinal() for one in claim.certificates)
            return first, max((first, *leave))
        if claim.job_loss:
            first = claim.job_loss.last_day.toordinal() + 1
            return first, first + LONGEST_LEAVE_DAYS
        return None


def known_states(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> set[tuple[str, int, str]]:
    """Every stored state of some claims: claim, version and triggering fact."""
    rows = connection.execute(
        text(f"SELECT claim_id, version, trigger_fact FROM claims WHERE {store.among('claim_id')}"),
        {"keys": store.bound_list(list(claim_ids))},
    )
    return {(row[0], row[1], row[2]) for row in rows}


def latest_claims(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> dict[ClaimId, Claim]:
    """The latest state of some claims, by claim id."""
    latest = latest_rows(store, connection, claim_ids)
    return {ClaimId(key): open_claim(store.keyring, row) for key, row in latest.items()}


def latest_rows(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> dict[str, Row[Any]]:
    """The rows of the latest states of some claims, sealed, by claim id."""
    rows = connection.execute(
        text(
            "SELECT claim_id, version, trigger_fact, nodes, sealed FROM claims"
            f" WHERE {store.among('claim_id')} ORDER BY known_at"
        ),
        {"keys": store.bound_list(list(claim_ids))},
    ).all()
    return {row.claim_id: row for row in rows}


def open_claim(keyring: KeyRing, row: object) -> Claim:
    """Unseal a row of `claims` (claim_id, version, trigger_fact, sealed)."""
    return Claim.model_validate_json(_body(keyring, row)[1])


def _body(keyring: KeyRing, row: object) -> tuple[str, bytes]:
    claim_id, version, trigger, sealed = (
        getattr(row, name) for name in ("claim_id", "version", "trigger_fact", "sealed")
    )
    return claim_id, keyring.open(bytes(sealed), f"claim|{claim_id}|{version}|{trigger}")


class OpenedClaims:
    """Unseals the states of some claims; a state that left its record as it was gives the same."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._latest: dict[str, tuple[bytes, Claim]] = {}

    def open(self, row: object) -> Claim:
        """As `open_claim`."""
        claim_id, body = _body(self._keyring, row)
        held = self._latest.get(claim_id)
        if held is None or held[0] != body:
            held = self._latest[claim_id] = body, Claim.model_validate_json(body)
        return held[1]


def seal_claim(keyring: KeyRing, state: ClaimState) -> bytes:
    """A claim state as its row keeps it; `open_claim` opens it."""
    return keyring.seal(state.claim.model_dump_json().encode(), state.row)


def add_states(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    linked: Sequence[LinkedClaim],
    area: Area,
    sealed: Mapping[tuple[str, int, str], bytes],
) -> None:
    """Keep new claim states, and the links of their nodes as the area has them by now.

    `sealed` holds states that were sealed ahead.
    """
    store.add_rows(
        connection,
        claims,
        {
            "known_at": [one.known_at for one in linked],
            "claim_id": [state.claim.claim_id for state in states],
            "version": [state.claim.version for state in states],
            "trigger_fact": [state.trigger_fact for state in states],
            "scoring_point": [state.point.value for state in states],
            "person": [one.as_stored.person for one in linked],
            "insured": [store.keyring.person_key(state.claim.insured_mykad) for state in states],
            "received_on": [one.received_on for one in linked],
            "heard_on": [state.heard_on for state in states],
            "first_day": [state.days[0] if state.days else None for state in states],
            "last_day": [state.days[1] if state.days else None for state in states],
            "nodes": [pack_nodes(one.nodes) for one in linked],
            "sealed": [
                sealed.get(state.key) or seal_claim(store.keyring, state) for state in states
            ],
        },
    )
    named = sorted(area.changed)
    store.add_rows(
        connection,
        nodes,
        {
            "node": named,
            "degree": [area.degree[number] for number in named],
            "latest": [pack_positions(area.latest(number)) for number in named],
        },
        on_conflict="(node) DO UPDATE SET degree = excluded.degree, latest = excluded.latest",
    )
