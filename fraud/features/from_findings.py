"""What people had found of linked claims by the cut-off, fresh links before old ones.

Confirmed findings spread from claims to what they name and on to other claims, less at every step
and at every node that many claims share. The idea is that of GOTCHA! (Van Vlasselaer and others
2017, Management Science 63:9) and CATCHM (Van Belle and others 2023, Decision Support Systems
164). Homes, telephones and relatives are no ties here, and of an account only strangers count: who
lives with whom is no evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod

from fraud.features.catalogue import UNKNOWN, Known, Source, feature, once
from fraud.features.from_links import linked_by, not_home
from fraud.graph import RING_GUARD, RING_STEPS, LinkedClaim, NodeKind
from fraud.records import ClaimId, Label
from fraud.statements import Family

HALF_LIFE_DAYS = 180
"""A link this old weighs half as much as one of today."""

OPEN_CLAIMS = 2.0
"""Fresh claims without a finding that are thought to every node: one finding alone is no rule."""

ONWARD = 0.5
"""What counts of the findings around a claim that is not decided, for those tied to it."""

HANDS_AND_PAPERS = (
    NodeKind.CERTIFICATE,
    NodeKind.REFERRAL,
    NodeKind.REPORT,
    NodeKind.LETTER,
    NodeKind.ESCORT,
    NodeKind.PRACTITIONER,
    NodeKind.INTERMEDIARY,
    NodeKind.INTERMEDIARY_AND_PRACTITIONER,
    NodeKind.INTERMEDIARY_AND_EMPLOYER,
    NodeKind.INTERMEDIARY_AND_FIRM,
    NodeKind.INTERMEDIARY_AND_POLICE_DESK,
)
FIRMS = (
    NodeKind.EMPLOYER,
    NodeKind.HIRING_FIRM,
    NodeKind.TRAINING_CENTRE,
    NodeKind.ENROLMENT_PAYER,
)


def any_of(ties: Iterable[float]) -> float:
    """The chance of at least one of several, each of which may be what ties a claim to others."""
    return 1 - prod(1 - one for one in ties)


@dataclass(slots=True)
class Around:
    """The claims around one claim, and what was found of them."""

    known: Known
    decided: dict[ClaimId, bool] = field(default_factory=dict)
    """Those met that were decided, and whether they were confirmed as fraud."""
    nearness: float = 0.0
    """How near confirmed fraud is, from 0 to 1."""

    def over(self, kinds: Iterable[NodeKind]) -> float:
        """What was found over some kinds of nodes."""
        among = (self.among(self.known.others(kind) or (), kind) for kind in kinds)
        return any_of(among)

    def among(self, claims: Iterable[LinkedClaim], kind: NodeKind | None = None) -> float:
        """What was found of some claims: the fresher the more, and the less the more they are.

        From those that nobody decided it goes on, one step, where nodes of a kind make rings.
        """
        own = self.known.linked
        numbers = own.numbers(kind) if kind in RING_STEPS else ()
        steps = {number for number in numbers if self._is_step(number)}
        found, weights = 0.0, OPEN_CLAIMS
        for one in claims:
            if one.person == own.person:
                continue
            weight = 0.5 ** (max(0, own.received_on - one.received_on) / HALF_LIFE_DAYS)
            weights += weight
            found += weight * self._found(one, steps)
        return found / weights

    def _found(self, one: LinkedClaim, steps: set[int]) -> float:
        labels = self.known.area.labels.get(one.claim_id)
        if labels and labels[-1] != Label.UNDETERMINED:
            confirmed = self.decided[one.claim_id] = labels[-1] == Label.CONFIRMED_FRAUD
            return float(confirmed)
        if steps.isdisjoint(one.ring_steps):
            return 0.0
        onward = [step for step in one.ring_steps if step not in steps and self._is_step(step)]
        return ONWARD * self.among(self.known.area.others(one, onward))

    def _is_step(self, number: int) -> bool:
        return 0 < self.known.area.degree.get(number, 0) <= RING_GUARD


@once
def by_hands_and_papers(known: Known) -> Around:
    """Claims of the same go-between, practitioner or papers, and of strangers on one account."""
    around = Around(known)
    strangers = around.among(
        not_home(known, known.others(NodeKind.ACCOUNT)) or (), NodeKind.ACCOUNT
    )
    around.nearness = any_of((around.over(HANDS_AND_PAPERS), strangers))
    return around


@once
def at_firms(known: Known) -> Around:
    """Claims of the same employer, payer, hiring firm or centre, and of its directors' firms."""
    around = Around(known)
    sisters = around.among(known.claims_of_sisters or ())
    around.nearness = any_of((around.over(FIRMS), sisters))
    return around


@feature(Family.LINKS, Source.DECISIONS, "nearness", "T6", "T7", "T16", "T18")
def confirmed_fraud_by_hands_and_papers(known: Known) -> float:
    """How near confirmed fraud is by go-between, practitioner, papers or account, from 0 to 1.

    Fresh links weigh more, nodes that many claims share less; an undecided claim passes on half.
    """
    return _nearness(by_hands_and_papers(known))


@feature(Family.EMPLOYER, Source.DECISIONS, "nearness", "T10", "T11", "T13")
def confirmed_fraud_at_firms(known: Known) -> float:
    """How near confirmed fraud is by employer, its directors' firms or who paid, from 0 to 1.

    Fresh links weigh more, firms with many claims less.
    """
    return _nearness(at_firms(known))


def _nearness(around: Around) -> float:
    return around.nearness if around.decided else UNKNOWN


def _confirmed_share(known: Known, claims: Iterable[LinkedClaim] | None) -> float:
    """Share of decided claims that were confirmed fraud, drawn towards 3% by ten claims' weight.

    Without the prior one bad neighbour would count as 100%. Undetermined claims do not count.
    """
    if claims is None:
        return UNKNOWN
    labels = known.area.labels
    last = [labels[claim.claim_id][-1] for claim in claims if claim.claim_id in labels]
    decided = len(last) - last.count(Label.UNDETERMINED)
    if not decided:
        return UNKNOWN
    return (last.count(Label.CONFIRMED_FRAUD) + 0.3) / (decided + 10)


@feature(Family.LINKS, Source.DECISIONS, "share", "T7")
def confirmed_share_at_intermediary(known: Known) -> float:
    """Share of the intermediary's decided claims that were confirmed fraud, smoothed to 3%."""
    return _confirmed_share(known, linked_by(known, NodeKind.INTERMEDIARY))


@feature(Family.LINKS, Source.DECISIONS, "share", "T7")
def confirmed_share_at_practitioner(known: Known) -> float:
    """Share of the practitioner's latest decided claims that were confirmed fraud, smoothed."""
    return _confirmed_share(known, linked_by(known, NodeKind.PRACTITIONER))


@feature(Family.EMPLOYER, Source.DECISIONS, "share", "T10")
def confirmed_share_at_employer(known: Known) -> float:
    """Share of the employer's latest decided claims that were confirmed fraud, smoothed."""
    return _confirmed_share(known, linked_by(known, NodeKind.EMPLOYER))


@feature(Family.EMPLOYER, Source.DECISIONS, "share", "T10")
def confirmed_share_at_directors_firms(known: Known) -> float:
    """Share of decided claims at the directors' other small firms that were confirmed fraud."""
    return _confirmed_share(known, known.claims_of_sisters)


@feature(Family.LINKS, Source.DECISIONS, "share", "T18")
def confirmed_share_on_account(known: Known) -> float:
    """Share of decided claims on the same account that were confirmed fraud, smoothed."""
    return _confirmed_share(known, linked_by(known, NodeKind.ACCOUNT))
