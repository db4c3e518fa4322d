"""Groups that people must not be treated worse for: read for the fairness report, never to score.

A number or a name is read here for what it says of a person. Nothing else may do that, and only
`models.fairness` and `models.proxies` import this room.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping

from fraud.clock import local_day
from fraud.identifiers.mykad import age_on, is_reserved
from fraud.records import Claim, Scheme

NOT_KNOWN = ""
"""The group of whoever cannot be placed; it is never compared."""

AGES = (30, 45, 55)
"""Ages in years from which the next band begins; an assumption."""

AGE_BANDS = ("under 30", "30 to 44", "45 to 54", "55 and over")

_STATES: Mapping[str, Collection[int]] = {
    "Perlis": range(1, 3),
    "Kedah": range(5, 10),
    "Pulau Pinang": range(10, 15),
    "Kelantan": range(15, 19),
    "Terengganu": range(20, 25),
    "Pahang": (*range(25, 29), 39, 49, 69),
    "Perak": range(30, 37),
    "Selangor": (*range(40, 49), 63, 64, 68),
    "Kuala Lumpur": range(50, 61),
    "Putrajaya": range(62, 63),
    "Negeri Sembilan": range(70, 74),
    "Melaka": range(75, 79),
    "Johor": range(79, 87),
    "Labuan": range(87, 88),
    "Sabah": range(88, 92),
    "Sarawak": range(93, 99),
}
"""States and territories by the first two digits of a postcode, as Malaysia's post office numbers
them; a few towns at a border bear the digits of the state next door."""


def groups_of(claim: Claim) -> dict[str, str]:
    """The group of a claimant for each protected trait; `NOT_KNOWN` where the claim does not say.

    Ethnicity is told from the form of a made-up name, for simulated people only: nobody's is
    guessed.
    """
    return {
        "sex": "men" if int(claim.claimant.mykad[-1]) % 2 else "women",
        "age": _age(claim),
        "state": _state(claim),
        "work": _work(claim),
        "scheme": claim.scheme.value,
        "disability": _disability(claim),
        "simulated ethnicity": _name_form(claim),
    }


def _age(claim: Claim) -> str:
    age = age_on(claim.claimant.mykad, local_day(claim.received_at))
    if age is None:
        return NOT_KNOWN
    return AGE_BANDS[bisect_right(AGES, age)]


def _state(claim: Claim) -> str:
    address = claim.claimant.address
    if address is None or len(address.postcode) != 5:
        return NOT_KNOWN
    front = int(address.postcode[:2])
    return next((state for state, fronts in _STATES.items() if front in fronts), NOT_KNOWN)


def _work(claim: Claim) -> str:
    """For whom and where somebody works, as far as the claim says."""
    if claim.scheme is Scheme.HOUSEWIFE:
        return "at home"
    if claim.scheme is Scheme.SELF_EMPLOYED:
        return "self-employed"
    if claim.employer_code is None:
        return "employed in Singapore" if claim.workplace_uen else NOT_KNOWN
    return "works across" if claim.workplace_uen else "employed here"


def _disability(claim: Claim) -> str:
    """Whether a lasting disability was assessed or is claimed for; its kind is never read."""
    assessed = bool(claim.injury and claim.injury.assessed_percent)
    lasting = claim.scheme in (Scheme.PERMANENT_DISABLEMENT, Scheme.INVALIDITY)
    return "disability assessed" if assessed or lasting else "no disability assessed"


def _name_form(claim: Claim) -> str:
    if not is_reserved(claim.claimant.mykad):
        return NOT_KNOWN
    words = claim.claimant.name.lower().split()
    if {"bin", "binti"} & set(words):
        return "Malay"
    return "Indian" if {"a/l", "a/p"} & set(words) else "Chinese"
