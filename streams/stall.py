"""Notices a reader that hangs: a partition that stands still while records wait.

The client library had a whole class of such faults; none of them raised anything. An alarm is the
only answer that covers the next one too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.ports import Partition


@dataclass(frozen=True, slots=True)
class _Stand:
    position: int
    since: float


class StallWatch:
    """Remembers since when each partition stands while records wait there."""

    def __init__(self, after_seconds: float) -> None:
        self._after_seconds = after_seconds
        self._stands: dict[Partition, _Stand] = {}

    def stalled(
        self, positions: Mapping[Partition, int], lag: Mapping[Partition, int], at_seconds: float
    ) -> list[Partition]:
        """Partitions that have stood still for long enough while records waited all the time.

        Partitions no longer held are forgotten; `at_seconds` is any clock that only goes forward.
        """
        found = []
        stands = {}
        for partition, position in positions.items():
            if not lag.get(partition):
                continue
            stand = self._stands.get(partition)
            if stand is None or stand.position != position:
                stand = _Stand(position, at_seconds)
            elif at_seconds - stand.since >= self._after_seconds:
                found.append(partition)
            stands[partition] = stand
        self._stands = stands
        return found
