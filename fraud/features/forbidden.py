"""Traits of a person that no column may be named for: the catalogue and every table refuse them."""

import re
from collections.abc import Iterable, Mapping

from fraud.errors import Fault, InvalidInput
from fraud.features.catalogue import Feature

_WHEN = "(?:year|month|day|date)"

FORBIDDEN: Mapping[str, str] = {
    "race or ethnicity": r"(race|racial|ethnic\w*|skin|bumiputera)",
    "religion": r"religio\w*",
    "place of birth": r"(birth_?place|place_of_birth|place_code|mykad_place|born)",
    "name": r"(?<!type_)(name|surname)",
    "sex": r"(sex|gender|(fe)?males?|(wo)?m[ae]n)",
    "age": rf"(?<!employer_)(ages?|years_old|{_WHEN}_of_birth|birth_?{_WHEN})",
    "nationality": r"(nationalit\w*|citizen\w*|passport_country)",
    "disability": r"disabilit\w*",
    "language": r"(language|mother_tongue)",
    "home state": r"(?<!employer_)(state|postcode|home_district)",
    "kind of work": r"(worker_type|kind_of_work|occupation)",
    "scheme": r"(?<!_)(scheme|scheme_code|benefit_code)(?!_)",
    "income of the neighbourhood": r"(income|neighbourhood)",
    "union membership": r"union",
    "past lawful appeals": r"appeals?",
}
"""For each trait the words of a column's name that give it away.

Domain brief, section 8; age, home state, kind of work and scheme stand here as well, because gaps
are measured between their groups. Which law a claim falls under is stated by columns of its own.
"""


def permitted(features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """The same features. Raises InvalidInput when one of them is named for a trait."""
    refuse_forbidden(feature.name for feature in features)
    return features


def refuse_forbidden(names: Iterable[str]) -> None:
    """Raises InvalidInput naming every column that is named for a trait, and which one."""
    faults = [
        Fault(name, f"is named for a protected trait, {trait}", "what a record states of the claim")
        for name in names
        for trait, words in FORBIDDEN.items()
        if re.search(rf"(?:^|_){words}(?:_|$)", name.lower())
    ]
    if faults:
        raise InvalidInput("protected traits must not enter a score", faults)
