"""Firms that fall and rise again under the same hands (T13). Their workers are victims.

An employer is listed only with a debt of contributions: staff that moves between firms owing
nothing is a restructuring. The levels are assumptions until decided cases show better ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from fraud.entities.entity import (
    MOST_RECORDS,
    Aspect,
    EntityForReview,
    EntityKind,
    Sign,
    Values,
    WatchRecords,
    for_review,
)
from fraud.records import EmployerArrears, EmployerDescription, StaffMove

FLOW = 0.6
"""Share of the staff that one other firm registered next (domain brief, T13)."""
FLOW_TO_SAME_HANDS = 0.4
"""Enough where the firms also share a director, telephone or address: moves are recorded late."""
LEAST_UNPAID_MONTHS = 3
COMMON_TO_MANY = 10
"""An address, telephone or bureau of more employers than this is a landlord's or a bureau's."""
LONG_ESTABLISHED_DAYS = 5 * 365


def employers_for_review(records: WatchRecords) -> list[EntityForReview]:
    """Employers with unpaid contributions whose staff or people in charge went elsewhere."""
    ties = _Ties(records)
    found = []
    for code in sorted(records.arrears):
        stated = records.arrears[code]
        debt = list(_debt(stated))
        if not debt:
            continue
        moved = ties.next_firms(code)
        signs = [*debt, *ties.staff_signs(code), *ties.control_signs(code, moved)]
        signs += ties.came_signs(code)
        signs += ties.pattern_signs(code)
        against = list(ties.against(code, moved))
        found += for_review(EntityKind.EMPLOYER, code, "T13", signs, against)
    return found


def _debt(stated: Sequence[EmployerArrears]) -> Iterator[Sign]:
    last = stated[-1]
    if last.arrears_sen == 0 or last.months_unpaid < LEAST_UNPAID_MONTHS:
        return
    values: Values = {"owed": last.arrears_sen, "count": last.months_unpaid}
    if last.closed_on:
        closed = {**values, "closed_on": last.closed_on.isoformat()}
        yield Sign("entity.employer.closed_owing", Aspect.DEBT, closed, (last.fact_id,))
    else:
        yield Sign("entity.employer.owing", Aspect.DEBT, values, (last.fact_id,))
    deducted = [one.fact_id for one in stated if one.deducted_from_wages]
    if deducted:
        yield Sign("entity.employer.deducted", Aspect.DEBT, {}, tuple(deducted[-MOST_RECORDS:]))


class _Ties:
    """Which employers share directors, telephones and addresses, and where staff went."""

    def __init__(self, records: WatchRecords) -> None:
        self._records = records
        self._by_tie: dict[tuple[str, str], set[str]] = defaultdict(set)
        for code, employer in records.employers.items():
            for tie in _ties_of(employer):
                self._by_tie[tie].add(code)
        self._moves: dict[str, list[StaffMove]] = defaultdict(list)
        self._before: dict[str, set[str]] = defaultdict(set)
        for move in records.moves:
            self._moves[move.employer_code].append(move)
            self._before[move.to_employer_code].add(move.employer_code)

    def next_firms(self, code: str) -> dict[str, float]:
        """Firms that registered most of an employer's people next, with the share of its staff.

        A good part of them is enough for a firm in the same hands.
        """
        people: dict[str, int] = defaultdict(int)
        staff = max((move.of_staff for move in self._moves.get(code, ())), default=0)
        for move in self._moves.get(code, ()):
            people[move.to_employer_code] += move.people
        shares = {to: min(1.0, count / staff) for to, count in people.items() if staff}
        return {
            to: share
            for to, share in shares.items()
            if share >= FLOW or (share >= FLOW_TO_SAME_HANDS and self._share_a_tie(code, to))
        }

    def staff_signs(self, code: str) -> Iterator[Sign]:
        for to, share in self.next_firms(code).items():
            ids = [m.fact_id for m in self._moves[code] if m.to_employer_code == to]
            values: Values = {"share": round(share, 3), "firm": to}
            yield Sign(
                "entity.employer.staff_moved", Aspect.STAFF, values, tuple(ids[-MOST_RECORDS:])
            )

    def came_signs(self, code: str) -> Iterator[Sign]:
        """Firms that closed owing, whose people came here, and with which this one shares a tie."""
        for other in sorted(self._before.get(code, ())):
            share = self.next_firms(other).get(code)
            if share and self._fell(other) and self._share_a_tie(code, other):
                ids = (self._records.arrears[other][-1].fact_id,)
                values: Values = {"share": round(share, 3), "firm": other}
                yield Sign("entity.employer.staff_came", Aspect.STAFF, values, ids)

    def control_signs(self, code: str, moved: dict[str, float]) -> Iterator[Sign]:
        """Directors, telephones or addresses that the next firm shares, unless many share them."""
        for to in moved:
            if self._share_a_tie(code, to):
                ids = tuple(self._records.employers[one].fact_id for one in (code, to))
                yield Sign("entity.employer.same_hands", Aspect.CONTROL, {"firm": to}, ids)

    def _share_a_tie(self, code: str, other: str) -> bool:
        employer = self._records.employers.get(code)
        shared = [self._by_tie[tie] for tie in _ties_of(employer)] if employer else []
        return any(other in codes and len(codes) <= COMMON_TO_MANY for codes in shared)

    def pattern_signs(self, code: str) -> Iterator[Sign]:
        """Other firms of the same directors that closed owing contributions."""
        employer = self._records.employers.get(code)
        if employer is None:
            return
        sisters = {
            other
            for director in employer.directors
            for other in self._by_tie["director", director]
            if other != code and len(self._by_tie["director", director]) <= COMMON_TO_MANY
        }
        fallen = sorted(one for one in sisters if self._fell(one))
        if fallen:
            ids = tuple(self._records.arrears[one][-1].fact_id for one in fallen[:MOST_RECORDS])
            yield Sign("entity.employer.again", Aspect.PATTERN, {"count": len(fallen)}, ids)

    def _fell(self, code: str) -> bool:
        stated = self._records.arrears.get(code, ())
        return bool(stated) and stated[-1].closed_on is not None and stated[-1].arrears_sen > 0

    def against(self, code: str, moved: dict[str, float]) -> Iterator[Sign]:
        """A sale to strangers, an old and open group, a tie that hundreds share."""
        employers = self._records.employers
        own = employers.get(code)
        for to in moved:
            other = employers.get(to)
            if own is None or other is None:
                continue
            if not self._share_a_tie(code, to):
                yield Sign("entity.employer.sold_to_others", None, {"firm": to}, (other.fact_id,))
            age = (own.registered_on - other.registered_on).days
            if age > LONG_ESTABLISHED_DAYS:
                values = {"firm": to, "day": other.registered_on.isoformat()}
                yield Sign("entity.employer.old_group", None, values, (other.fact_id,))


def _ties_of(employer: EmployerDescription) -> Iterator[tuple[str, str]]:
    for director in employer.directors:
        yield "director", director
    if employer.phone:
        yield "phone", employer.phone
    if employer.address:
        yield "address", f"{employer.address.postcode}|{employer.address.line.lower()}"
