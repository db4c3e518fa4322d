"""Officers whose log departs from that of their colleagues (T19). For integrity staff alone.

Every sign compares an officer with the others; with nobody to compare there is no sign. The levels
are assumptions. A sign says where to look, with the same standard of proof as for anybody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import exp, lgamma, log

from fraud.clock import LOCAL
from fraud.entities.entity import (
    MOST_RECORDS,
    Aspect,
    EntityForReview,
    EntityKind,
    Sign,
    WatchRecords,
    for_review,
)
from fraud.records import OfficerAction

LEAST_APPROVALS = 5
LEAST_OF_ONE_INTERMEDIARY = 4
BY_CHANCE = 1e-4
"""A tie is far above chance when an equal share of approvals would give it this rarely."""
LEAST_COUNT = 3
TIMES_THE_OTHERS = 4.0
DAY_BEGINS, DAY_ENDS = 7, 19
"""Hours of the local day in which offices work."""
ONE_SCHEME_SHARE = 0.8


@dataclass(slots=True)
class _Log:
    """What one officer did, by kind of action."""

    branch: str
    done: dict[str, list[OfficerAction]] = field(default_factory=lambda: defaultdict(list))

    @property
    def approved(self) -> list[OfficerAction]:
        return self.done["approved"]

    @property
    def late(self) -> list[OfficerAction]:
        return [one for one in self.approved if is_off_hours(one)]

    @property
    def irregular(self) -> list[OfficerAction]:
        names = ("overrode", "edited", "skipped_step")
        return [one for name in names for one in self.done[name]]

    @property
    def without_case(self) -> list[OfficerAction]:
        return [one for one in self.done["looked_up"] if one.case_number is None]


def officers_for_review(records: WatchRecords) -> list[EntityForReview]:
    """Officers with two aspects far above those of the others, and less that explains them."""
    logs: dict[str, _Log] = {}
    for action in records.actions:
        own = logs.setdefault(action.officer, _Log(action.branch))
        own.done[action.action].append(action)
    office = _Office(logs, records)
    found = []
    for name in sorted(logs):
        if len(logs[name].approved) >= LEAST_APPROVALS:
            signs = list(office.signs(name))
            found += for_review(EntityKind.OFFICER, name, "T19", signs, office.against(name, signs))
    return found


def is_off_hours(action: OfficerAction) -> bool:
    """Whether something was done in the evening or at night; weekends differ by branch."""
    return not DAY_BEGINS <= action.acted_at.astimezone(LOCAL).hour < DAY_ENDS


class _Office:
    """All logs together, so that one can be compared with the others."""

    def __init__(self, logs: dict[str, _Log], records: WatchRecords) -> None:
        self._logs = logs
        self._claims = records.claims
        self._approvers: dict[str, Counter[str]] = defaultdict(Counter)
        for name, own in logs.items():
            for action in own.approved:
                helper = self._helper(action)
                if helper:
                    self._approvers[helper][name] += 1
        self._approvals = sum(len(one.approved) for one in logs.values())
        self._totals = {
            "late": sum(len(one.late) for one in logs.values()),
            "irregular": sum(len(one.irregular) for one in logs.values()),
            "without_case": sum(len(one.without_case) for one in logs.values()),
        }
        self._look_ups = sum(len(one.done["looked_up"]) for one in logs.values())

    def _helper(self, action: OfficerAction) -> str | None:
        brought = self._claims.get(action.claim_id or "")
        return brought.intermediary if brought else None

    def signs(self, name: str) -> Iterator[Sign]:
        """What stands out in an officer's log beside the others'."""
        own = self._logs[name]
        helper, tie = self._tie(name, own)
        if tie is None or helper is None:
            yield from self._of_log(own)
            return
        yield tie
        shown = list(self._of_log(own))
        yield from shown
        aspects = {sign.aspect for sign in shown}
        yield from (one for one in self._of_helper(own, helper) if one.aspect not in aspects)

    def _of_helper(self, own: _Log, helper: str) -> Iterator[Sign]:
        """What was done with the claims of the one intermediary, beside everybody's claims."""
        for kind, aspect, some, among, everyone in (
            ("late", Aspect.HOURS, own.late, own.approved, self._approvals),
            ("irregular", Aspect.STEPS, own.irregular, own.approved, self._approvals),
            (
                "without_case",
                Aspect.LOOK_UPS,
                own.without_case,
                own.done["looked_up"],
                self._look_ups,
            ),
        ):
            mine = [one for one in some if self._helper(one) == helper]
            total = len([one for one in among if self._helper(one) == helper])
            usual = self._totals[kind] / everyone if everyone else 0.0
            if len(mine) >= LEAST_COUNT and total and len(mine) >= TIMES_THE_OTHERS * usual * total:
                values = {"count": len(mine), "all": total, "usual": round(usual, 3)}
                yield Sign(f"entity.officer.{kind}_for_one", aspect, values, _ids(mine))

    def _of_log(self, own: _Log) -> Iterator[Sign]:
        """What stands out over everything the officer did."""
        approved, looked = len(own.approved), len(own.done["looked_up"])
        others = self._approvals - approved
        for kind, aspect, some, mine, rest in (
            ("late", Aspect.HOURS, own.late, approved, others),
            ("irregular", Aspect.STEPS, own.irregular, approved, others),
            ("without_case", Aspect.LOOK_UPS, own.without_case, looked, self._look_ups - looked),
        ):
            if len(some) < LEAST_COUNT or not rest or not mine:
                continue
            usual = (self._totals[kind] - len(some)) / rest
            if len(some) / mine >= max(TIMES_THE_OTHERS * usual, 0.1):
                values = {
                    "count": len(some),
                    "all": mine,
                    "usual": round(usual, 3),
                }
                yield Sign(f"entity.officer.{kind}", aspect, values, _ids(some))

    def _tie(self, name: str, own: _Log) -> tuple[str | None, Sign | None]:
        """The intermediary whose claims this officer approves most above chance."""
        share = len(own.approved) / self._approvals
        best: tuple[float, str, int, int] | None = None
        for helper, approvers in self._approvers.items():
            mine, everyone = approvers[name], approvers.total()
            if mine >= LEAST_OF_ONE_INTERMEDIARY:
                chance = _at_least(mine, everyone, share)
                if chance <= BY_CHANCE and (best is None or chance < best[0]):
                    best = (chance, helper, mine, everyone)
        if best is None:
            return None, None
        _, helper, mine, everyone = best
        ids = _ids([one for one in own.approved if self._helper(one) == helper])
        values = {"count": mine, "all": everyone}
        return helper, Sign("entity.officer.one_intermediary", Aspect.TIES, values, ids)

    def against(self, name: str, signs: Sequence[Sign]) -> Iterator[Sign]:
        """A single approver, a specialist desk, a campaign of the branch."""
        own = self._logs[name]
        shown = {sign.aspect for sign in signs}
        peers = [one for n, one in self._logs.items() if n != name and one.branch == own.branch]
        if Aspect.TIES in shown:
            if not any(peer.approved for peer in peers):
                yield Sign("entity.officer.one_approver", None, {"branch": own.branch})
            brought = [self._claims.get(one.claim_id or "") for one in own.approved]
            schemes = Counter(one.scheme for one in brought if one)
            most = schemes.most_common(1)[0][1] if schemes else 0
            if most >= ONE_SCHEME_SHARE * len(own.approved):
                yield Sign("entity.officer.specialist_desk", None, {"count": most})
        if Aspect.HOURS in shown:
            evenings = {one.acted_at.astimezone(LOCAL).date() for one in own.late}
            shared = {o.acted_at.astimezone(LOCAL).date() for p in peers for o in p.late}
            if 2 * len(evenings & shared) >= len(evenings):
                values = {"count": len(evenings & shared)}
                yield Sign("entity.officer.backlog_campaign", None, values)


def _at_least(count: int, trials: int, share: float) -> float:
    """Odds of at least `count` of `trials` when each has the odds `share` (binomial tail)."""
    if not 0 < share < 1:
        return share
    whole = lgamma(trials + 1)
    return sum(
        exp(
            whole
            - lgamma(n + 1)
            - lgamma(trials - n + 1)
            + n * log(share)
            + (trials - n) * log(1 - share)
        )
        for n in range(count, trials + 1)
    )


def _ids(actions: Sequence[OfficerAction]) -> tuple[str, ...]:
    return tuple(one.fact_id for one in actions[-MOST_RECORDS:])
