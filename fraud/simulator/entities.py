"""What employers, agents and officers of a simulated region really are. For evaluation alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntityTruth:
    """A typology, or the honest circumstances that resemble one; most entities are neither."""

    typology: str | None = None
    look_alike: str | None = None


Entities = dict[tuple[str, str], EntityTruth]
"""By kind (employer, agent, officer) and identifier."""
