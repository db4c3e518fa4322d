"""The loop of the scoring process: poll, decode, process, commit.

One order, and only here: results are stored in one transaction, then the offsets move. A crash
in between brings the same records again, and processing them again changes nothing.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from fraud.assessment import ModelVersion
from fraud.clock import Clock
from fraud.errors import SempadanError
from fraud.store.letters import DeadLetter
from fraud.workflow.intake import Assessor, BatchResult
from streams.codec import decode_batch
from streams.config import Settings
from streams.counters import Counters
from streams.crashpoint import CrashPoint, no_crash
from streams.deadletter import ends_of, letter
from streams.failures import Answer, answer, waits
from streams.messages import Incoming
from streams.ports import Record, RecordSource
from streams.stall import StallWatch

log = structlog.get_logger("streams.worker")


class Process(Protocol):
    """`fraud.workflow.intake.process_batch` with its store filled in: one transaction."""

    def __call__(
        self,
        records: Sequence[Incoming],
        *,
        assessor: Assessor,
        now: datetime,
        dead: Sequence[DeadLetter],
        crash: CrashPoint,
    ) -> BatchResult: ...


class Champion(Protocol):
    """Which scorer is in force."""

    def assessor(self) -> Assessor:
        """What assesses the next batch; takes up another champion when one was named."""
        ...


class Worker:
    """Reads claims and facts as one member of a group, and has each batch assessed and stored."""

    def __init__(
        self,
        source: RecordSource,
        process: Process,
        champion: Champion,
        *,
        settings: Settings,
        clock: Clock,
        counters: Counters | None = None,
        crash: CrashPoint = no_crash,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._process = process
        self._champion = champion
        self._settings = settings
        self._clock = clock
        self._counters = counters or Counters()
        self._crash = crash
        self._seconds = seconds
        self._must_rewind = False
        self._in_force: ModelVersion | None = None
        self._stalls = StallWatch(settings.stall_seconds)
        self._next_look = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, finishing the batch in hand; wait out parts that are away.

        An error that waiting cannot cure passes through, before the offsets move.
        """
        tries = waits()
        while not stop.is_set():
            try:
                self.step()
                self._look_for_stalls()
                tries = waits()
            except SempadanError as error:
                if answer(error) is not Answer.RETRY:
                    raise
                self._wait(next(tries), error, stop)

    def step(self) -> BatchResult | None:
        """Take one batch from poll to committed offsets; None when nothing came."""
        if self._must_rewind:
            self._source.rewind()
            self._must_rewind = False
        assessor = self._assessor()
        began = self._seconds()
        records = self._source.poll(self._settings.batch_size, self._settings.poll_seconds)
        if not records:
            return None
        polled = self._seconds()
        self._crash("after_poll")
        decoded = decode_batch(records)
        in_hand = self._seconds()
        self._crash("after_decode")
        result = self._process(
            decoded.records,
            assessor=assessor,
            now=self._clock(),
            dead=[letter(record, reason) for record, reason in decoded.refused],
            crash=self._crash,
        )
        self._crash("after_commit_before_offsets")
        stored = self._seconds()
        self._source.commit(ends_of(records))
        self._crash("after_offsets")
        done = self._seconds()
        result.stage_seconds |= {"decode": in_hand - polled, "offsets": done - stored}
        self._report(result, poll_seconds=polled - began, seconds=done - polled)
        self._counters.delays(_delays_ms(records))
        return result

    def _assessor(self) -> Assessor:
        assessor = self._champion.assessor()
        version = assessor.scorer.version
        if version != self._in_force:
            log.info("champion", model=str(version), feature_set=version.feature_set)
            self._counters.model(version)
            self._in_force = version
        return assessor

    def _report(self, result: BatchResult, *, poll_seconds: float, seconds: float) -> None:
        self._counters.batch(result, seconds)
        log.info(
            "batch",
            claims=result.claims,
            duplicates=result.duplicates,
            facts=result.facts,
            assessed=result.assessed,
            cases=result.cases,
            dead_letters=result.dead_letters,
            position=result.position,
            poll_ms=round(poll_seconds * 1000, 2),
            batch_ms=round(seconds * 1000, 2),
            stages_ms={name: round(took * 1000, 2) for name, took in result.stage_seconds.items()},
        )

    def _wait(self, seconds: float, error: SempadanError, stop: threading.Event) -> None:
        """Rest while a part is away. The client's own thread keeps showing that we live."""
        self._must_rewind = True
        self._stalls = StallWatch(self._settings.stall_seconds)
        self._counters.wait()
        log.warning("waiting", reason=str(error), seconds=seconds)
        stop.wait(seconds)

    def _look_for_stalls(self) -> None:
        """Ask a few times in each stall span how far we are; one request to the broker."""
        now = self._seconds()
        if now < self._next_look:
            return
        self._next_look = now + self._settings.stall_seconds / 4
        positions, lag = self._source.positions(), self._source.lag()
        self._counters.lag(lag)
        stalled = self._stalls.stalled(positions, lag, now)
        self._counters.stalled(len(stalled))
        for topic, partition in stalled:
            log.error(
                "stalled",
                topic=topic,
                partition=partition,
                waiting=lag[topic, partition],
                cure="restart this process; if it comes back, raise it with the Kafka operators",
            )


def _delays_ms(records: Sequence[Record]) -> list[float]:
    """Milliseconds from the sending of each record to now; both clocks must agree."""
    now = time.time() * 1000
    return [now - record.timestamp_ms for record in records]
