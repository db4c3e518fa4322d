"""Records of a simulated region, or of any other list, sent to their topics at a chosen speed."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fraud.privacy import KeyRing
from fraud.simulator.days import LivedDay, lived_days
from fraud.simulator.files import read_region
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from streams.codec import encode, stated_at
from streams.messages import Incoming
from streams.ports import OutRecord, RecordSink

Pace = Callable[[int, Incoming], float]
"""When the nth record (from 0) is due, in seconds after the first."""

MOST_AT_ONCE = 1000


def at_once(_number: int, _record: Incoming) -> float:
    """As fast as the broker takes them."""
    return 0.0


def at_rate(per_second: float) -> Pace:
    """A fixed number of records a second, whether the readers keep up or not."""
    return lambda number, _record: number / per_second


def as_lived(times_faster: float) -> Pace:
    """In the rhythm in which the records say that they happened, so many times faster."""
    first: list[float] = []

    def due(_number: int, record: Incoming) -> float:
        at = stated_at(record).timestamp()
        if not first:
            first.append(at)
        return max(0.0, (at - first[0]) / times_faster)

    return due


def saved_records(folder: Path) -> Iterator[Incoming]:
    """The claims and facts of a simulated region, in the order in which they became known."""
    for event in read_region(folder).events():
        yield event.record


def replay(
    records: Iterable[Incoming],
    sink: RecordSink,
    keyring: KeyRing,
    *,
    pace: Pace = at_once,
    seconds: Callable[[], float] = time.monotonic,
    rest: Callable[[float], None] = time.sleep,
) -> int:
    """Send records in order, each no earlier than it is due; answers how many were sent.

    Those already due go out together, so a slow broker delays records but never thins them out.
    """
    began = seconds()
    waiting: list[OutRecord] = []
    total = 0
    for number, record in enumerate(records):
        early = pace(number, record) - (seconds() - began)
        if waiting and (early > 0 or len(waiting) >= MOST_AT_ONCE):
            sink.send_all(waiting)
            total += len(waiting)
            waiting = []
            early = pace(number, record) - (seconds() - began)
        if early > 0:
            rest(early)
        waiting.append(encode(record, keyring))
    sink.send_all(waiting)
    return total + len(waiting)


def simulated_days(
    *, people: int, months: int, seed: int, claim_intensity: float
) -> Iterator[LivedDay]:
    """A made-up region, day by day, without its truth. Cost: about 1 ms a claim."""
    settings = RegionSettings(
        people=people, months=months, seed=seed, claim_intensity=claim_intensity
    )
    yield from lived_days(simulate(settings))
