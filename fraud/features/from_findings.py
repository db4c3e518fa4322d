"""What people had found of linked claims by the cut-off, fresh links before old ones.

Confirmed findings spread from claims over what they name to other claims, less where many claims
share it. The idea is that of GOTCHA! (Van Vlasselaer and others 2017, Management Science 63:9) and
CATCHM (Van Belle and others 2023, Decision Support Systems 164). Nothing spreads between people
of one home, telephone or dead relative: who lives with whom is no evidence.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from fraud.features.catalogue import UNKNOWN, Known, Source, feature, once
from fraud.features.from_links import linked_by, not_home
from fraud.graph import LinkedClaim, NodeKind
from fraud.records import ClaimId, Label
from fraud.statements import Family

HALF_LIFE_DAYS = 180
"""A link to a claim received this long before weighs half as much as one of today."""

OPEN_CLAIMS = 2.0
"""Fresh claims without a finding that are thought to every tie: one finding alone is no rule."""

HANDS_AND_PAPERS = (
    NodeKind.CERTIFICATE,
    NodeKind.REFERRAL,
    NodeKind.REPORT,
    NodeKind.ESCORT,
    NodeKind.PRACTITIONER,
    NodeKind.INTERMEDIARY,
    NodeKind.INTERMEDIARY_AND_PRACTITIONER,
    NodeKind.INTERMEDIARY_AND_POLICE_DESK,
)
FIRMS = (NodeKind.EMPLOYER, NodeKind.HIRING_FIRM, NodeKind.TRAINING_CENTRE)


@dataclass(frozen=True, slots=True)
class Around:
    """What was found of the strangers' claims around one claim."""

    decided: dict[ClaimId, bool]
    """Those that were decided, and whether they were confirmed as fraud."""
    nearness: float
    """How near confirmed fraud is, from 0 to 1; each claim counts once, by its closest tie."""


@once
def at_firms(known: Known) -> Around:
    """Claims of the same employer, hiring firm or centre, and of its directors' small firms."""
    ties = [known.others(kind) for kind in FIRMS]
    return _around(known, [*ties, known.claims_of_sisters])


@once
def by_hands_and_papers(known: Known) -> Around:
    """Claims of the same go-between, practitioner, escort, papers or account.

    Those that are counted at firms are left out: one finding is no evidence of two kinds.
    """
    ties = [known.others(kind) for kind in HANDS_AND_PAPERS]
    return _around(known, [*ties, not_home(known)], but_not=at_firms(known).decided)


def _around(
    known: Known,
    ties: Iterable[Sequence[LinkedClaim] | None],
    but_not: Collection[ClaimId] = (),
) -> Around:
    own = known.linked
    decided: dict[ClaimId, bool] = {}
    nearest: dict[ClaimId, float] = {}
    kin = own.kin
    if kin is None:
        return Around(decided, 0.0)  # who of them is kin cannot be told
    for claims in ties:
        found = known.area.findings(claims or ())
        if not any(found):
            continue
        strangers = [
            (one, said)
            for one, said in zip(claims or (), found, strict=True)
            # Who gave no address may share the home.
            if one.kin is not None and kin.isdisjoint(one.kin)
        ]
        ages = (max(0, own.received_on - one.received_on) for one, _ in strangers)
        weights = [0.5 ** (age / HALF_LIFE_DAYS) for age in ages]
        whole = OPEN_CLAIMS + sum(weights)
        for (one, said), weight in zip(strangers, weights, strict=True):
            if not said or said[-1] == Label.UNDETERMINED or one.claim_id in but_not:
                continue
            decided[one.claim_id] = said[-1] == Label.CONFIRMED_FRAUD
            if decided[one.claim_id]:
                nearest[one.claim_id] = max(nearest.get(one.claim_id, 0.0), weight / whole)
    return Around(decided, min(1.0, sum(nearest.values())))


@feature(Family.LINKS, Source.DECISIONS, "nearness", "T6", "T7", "T16", "T18")
def confirmed_fraud_by_hands_and_papers(known: Known) -> float:
    """How near confirmed fraud is by go-between, practitioner, escort, papers or account, 0 to 1.

    Of people of other homes alone. Fresh links weigh more, ties that many claims share less.
    """
    return _nearness(by_hands_and_papers(known))


@feature(Family.EMPLOYER, Source.DECISIONS, "nearness", "T10", "T11", "T13")
def confirmed_fraud_at_firms(known: Known) -> float:
    """How near confirmed fraud is by employer, its directors' firms, hiring firm or centre, 0 to 1.

    Of people of other homes alone. Fresh links weigh more, firms with many claims less.
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
    last = [found[-1] for found in known.area.findings(claims) if found]
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
