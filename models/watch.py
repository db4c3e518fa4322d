"""Which versions the registry names, looked up between two batches."""

import time
from collections.abc import Callable

import structlog

from fraud.assessment import ModelVersion
from fraud.errors import Misconfigured, Unavailable
from models.config import Settings
from models.registry import CHALLENGER, CHAMPION, Entry, Registry
from models.scorer import LightGBMScorer, keep_copy, load_champion

LONGEST_WAIT_SECONDS = 300.0
"""A question to a registry that hangs takes its whole time-out; no claim is scored meanwhile."""

log = structlog.get_logger("models.watch")


class RegistryWatch:
    """The champion at work and the challenger in its shadow, as the registry names them.

    Each is loaded when its alias moved, and not again. The registry is asked at most every
    `alias_check_seconds` after its last answer; while it does not answer both stay, and it is
    asked at intervals that double up to five minutes.
    """

    def __init__(
        self, settings: Settings, *, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        """Load the champion. Raises Misconfigured when there is none, see `load_champion`."""
        self._settings = settings
        self._elapsed = elapsed
        self._wait = settings.alias_check_seconds
        self.champion = load_champion(settings)
        self.challenger: LightGBMScorer | None = None
        self._seen: dict[str, ModelVersion | None] = {
            CHAMPION: self.champion.version,
            CHALLENGER: None,
        }
        self._ask()

    def look(self) -> None:
        """Take up what was named meanwhile, if it is time to ask."""
        if self._elapsed() >= self._next:
            self._ask()

    def _ask(self) -> None:
        try:
            registry = Registry(self._settings)
            self._follow_champion(registry)
            self._follow_challenger(registry)
            self._wait = self._settings.alias_check_seconds
        except Unavailable as error:
            self._wait = min(2 * self._wait, max(LONGEST_WAIT_SECONDS, self._wait))
            log.warning(
                "champion_stays",
                version=str(self.champion.version),
                reason=str(error),
                seconds=self._wait,
            )
        self._next = self._elapsed() + self._wait

    def _follow_champion(self, registry: Registry) -> None:
        entry = registry.by_alias(CHAMPION)
        if entry is None or entry.version == self._seen[CHAMPION]:
            return
        self.champion = self._loaded(CHAMPION, registry, entry) or self.champion

    def _follow_challenger(self, registry: Registry) -> None:
        entry = registry.by_alias(CHALLENGER)
        if entry is None:
            self.challenger = self._seen[CHALLENGER] = None
        elif entry.version != self._seen[CHALLENGER]:
            self.challenger = self._loaded(CHALLENGER, registry, entry)

    def _loaded(self, alias: str, registry: Registry, entry: Entry) -> LightGBMScorer | None:
        """The scorer of a version; None, said once, for one that will never do.

        A version counts as seen once its files were there: after a hiccup it is asked for again.
        """
        try:
            files = registry.files(entry)
            scorer = LightGBMScorer.from_files(entry.version, files)
            if alias == CHAMPION:
                keep_copy(self._settings.champion_copy, entry, files)
        except Misconfigured as error:
            log.warning("version_refused", alias=alias, reason=str(error))
            scorer = None
        self._seen[alias] = entry.version
        return scorer
