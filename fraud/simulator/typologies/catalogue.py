"""Every typology of claims. Those of employers and officers are known by entity instead."""

from fraud.simulator.typologies import (
    accidents,
    alone,
    boards,
    certificates,
    dismissals,
    enrolments,
    inflation,
    insiders,
    jobs,
    payers,
    pensions,
    rings,
)
from fraud.simulator.typologies.kind import Typology

TYPOLOGIES: tuple[Typology, ...] = (
    *alone.KINDS,
    *accidents.KINDS,
    *payers.KINDS,
    *certificates.KINDS,
    *rings.KINDS,
    *pensions.KINDS,
    *boards.KINDS,
    *jobs.KINDS,
    *insiders.KINDS,
    *dismissals.KINDS,
    *enrolments.KINDS,
    *inflation.KINDS,
)
