"""Is this number well formed? Answers are findings about data, never a reason for suspicion.

A number that fails a check was typed wrong, or comes from another document, far more often than
from deceit. No finding prints the number; it says what kind of thing is seen and expected.

The reserved range belongs to made-up people: no authority issues it. It is well formed only for a
reader who asks for it (`accept_reserved`), in the demo and in tests:
MyKad with place `00`; FIN whose digits begin with `000`; UEN whose digits begin with `000`
(or of type `XX`), these two always with a wrong check letter.
"""

from fraud.identifiers.account import ACCOUNT_LENGTHS, account_finding
from fraud.identifiers.contact import phone_finding, postcode_finding
from fraud.identifiers.employer import employer_code_finding, ssm_finding
from fraud.identifiers.finding import QualityFinding
from fraud.identifiers.mykad import age_on, is_reserved, mykad_finding
from fraud.identifiers.passport import passport_finding
from fraud.identifiers.singapore import fin_finding, uen_finding

__all__ = [
    "ACCOUNT_LENGTHS",
    "QualityFinding",
    "account_finding",
    "age_on",
    "employer_code_finding",
    "fin_finding",
    "is_reserved",
    "mykad_finding",
    "passport_finding",
    "phone_finding",
    "postcode_finding",
    "ssm_finding",
    "uen_finding",
]
