"""What the properties share: a scorer that learned from a simulated office."""

import pytest

from models.registry import Registry
from models.scorer import LightGBMScorer
from tests.support.town import taught


@pytest.fixture(scope="session")
def trained_scorer(tmp_path_factory: pytest.TempPathFactory) -> LightGBMScorer:
    """The one trained version, loaded as the worker loads its champion."""
    registry = Registry(taught(tmp_path_factory).models)
    entry = registry.entry("1")
    return LightGBMScorer.from_files(entry.version, registry.files(entry))
