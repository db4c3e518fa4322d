import pytest

from fraud.simulator import Region, RegionSettings, simulate

BUSY = RegionSettings(people=9_000, months=15, seed=5, claim_intensity=14)
SMALL = RegionSettings(people=800, months=3, seed=3, claim_intensity=14)


@pytest.fixture(scope="session")
def busy() -> Region:
    """About 1,700 simulated claims."""
    return simulate(BUSY)


@pytest.fixture(scope="session")
def small() -> Region:
    return simulate(SMALL)
