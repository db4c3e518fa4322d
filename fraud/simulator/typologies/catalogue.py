"""Every typology of claims, in the order of the domain brief. Those of employers are in firms."""

from fraud.simulator.typologies import alone, rings
from fraud.simulator.typologies.kind import Typology

TYPOLOGIES: tuple[Typology, ...] = (*alone.KINDS, *rings.KINDS)
