"""A made-up border region, seedable and unmistakably simulated; never imported in production."""

from fraud.simulator.files import SavedRegion, read_entities, read_region, read_truth, write_region
from fraud.simulator.papers import Event
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, Truth, rates, simulate

__all__ = [
    "Event",
    "Region",
    "RegionSettings",
    "SavedRegion",
    "Truth",
    "rates",
    "read_entities",
    "read_region",
    "read_truth",
    "simulate",
    "write_region",
]
