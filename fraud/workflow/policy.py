"""The policy in force, and changing it: a versioned row with a name and a reason."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

from fraud.assessment import Policy
from fraud.audit import AuditEvent
from fraud.store import policies
from fraud.store.engine import Store


def current(store: Store) -> Policy:
    """The latest policy; before any was set, the default, which reviews nothing."""
    with store.reading() as connection:
        content = policies.latest(connection)
    return Policy(**json.loads(content)) if content else Policy(version=0)


def change(
    store: Store, policy: Policy, *, by: str, why: str, now: datetime, again: bool = False
) -> Policy:
    """Put a policy in force as the next version; the same content changes nothing.

    With `again` it becomes the next version all the same, for an act that has to be on record.
    """
    before = current(store)
    if not again and replace(policy, version=before.version) == before:
        return before
    after = replace(policy, version=before.version + 1)
    with store.begin() as connection:
        policies.add(
            connection,
            version=after.version,
            content=json.dumps(asdict(after)),
            made_at=now.astimezone(UTC),
            made_by=by,
            reason=why,
        )
        store.add_audit(
            connection,
            [
                AuditEvent(
                    at=now,
                    actor=by,
                    action="policy.changed",
                    subject=f"policy/{after.version}",
                    details={"why": why, **asdict(after)},
                )
            ],
        )
    return after
