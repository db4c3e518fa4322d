"""What the journeys share: a region that was learned from, and a real Chromium."""

import pytest

from tests.browser.conftest import browser
from tests.support import town
from tests.support.town import Taught

__all__ = ["browser", "taught"]


@pytest.fixture
def taught(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A store with history and one trained version; made once, so copy it before writing."""
    return town.taught(tmp_path_factory)
