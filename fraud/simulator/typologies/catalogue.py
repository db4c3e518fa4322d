"""Every typology of claims, in the order of the domain brief. Those of employers are in firms."""

from fraud.simulator.typologies import alone, boards, insiders, jobs, pensions, rings
from fraud.simulator.typologies.kind import Typology

TYPOLOGIES: tuple[Typology, ...] = (
    *alone.KINDS,
    *rings.KINDS,
    *pensions.KINDS,
    *boards.KINDS,
    *jobs.KINDS,
    *insiders.KINDS,
)
