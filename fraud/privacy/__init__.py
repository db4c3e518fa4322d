"""What may be read: pseudonyms and sealed records, and the legal basis of each gated source."""

from fraud.privacy.basis import (
    ALL_OPEN,
    ALL_SHUT,
    Basis,
    GatedSource,
    Gates,
    OpenSources,
    gates_of,
    listed_sources,
    opened_on,
    setting_of,
    source_of,
)
from fraud.privacy.keys import KeyRing, fingerprint

__all__ = [
    "ALL_OPEN",
    "ALL_SHUT",
    "Basis",
    "GatedSource",
    "Gates",
    "KeyRing",
    "OpenSources",
    "fingerprint",
    "gates_of",
    "listed_sources",
    "opened_on",
    "setting_of",
    "source_of",
]
