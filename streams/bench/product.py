"""The product measured: worker and relay as processes, a backlog first, then a steady rate."""

import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from fraud.assessment import Floats
from fraud.errors import Unavailable
from fraud.records import Claim
from fraud.store import assessed, outbox, raw
from streams import replay
from streams.bench.ground import BenchOptions, Ground, console
from streams.codec import encode
from streams.kafka_io import KafkaSink

PATIENCE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Batch:
    """One line of the worker's log: a batch and when its offsets were committed."""

    committed_at: float
    position: int
    claims: int
    cases: int
    dead_letters: int
    batch_ms: float
    stages_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Command:
    """A running `fraud-streams` command and its log."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def batches(self) -> list[Batch]:
        """All batches that it told of so far."""
        lines = self.log.read_text().splitlines(keepends=True)
        told = (json.loads(one) for one in lines if one.startswith("{") and one.endswith("\n"))
        return [_batch(one) for one in told if one["event"] == "batch"]

    def has_started(self) -> bool:
        """Whether the worker has told which champion it scores with."""
        return '"event": "champion"' in self.log.read_text()

    def cpu_seconds(self) -> float | None:
        """Processor time so far, of all its threads; None where the system does not tell."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return None
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_megabytes(self) -> float | None:
        """Most memory it ever held; None where the system does not tell."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return round(int(fields["VmHWM"].split()[0]) / 1024, 1)


def _batch(line: Mapping[str, Any]) -> Batch:
    stages = {"poll": line["poll_ms"], **line["stages_ms"]}
    at = datetime.fromisoformat(line["timestamp"]).timestamp()
    counts = (line["position"], line["claims"], line["cases"], line["dead_letters"])
    return Batch(at, *counts, line["batch_ms"], stages)


def measure_product(chosen: BenchOptions, ground: Ground) -> dict[str, Any]:
    """Throughput, stages and memory on a backlog; then delays at a rate that never waits."""
    console.print("Measuring the product on a backlog ...")
    ground.send([encode(claim, ground.store.keyring) for claim in ground.backlog])
    sent_at = time.time()
    with ExitStack() as running:
        relay = running.enter_context(_running(ground, "relay"))
        score = ("score", "--without-relay")
        workers = [
            running.enter_context(_running(ground, *score, number=number))
            for number in range(chosen.workers)
        ]
        for worker in workers:
            _until(worker.has_started, worker)
        before = _cpu_seconds(workers), _cpu_seconds([relay])
        first = _until_done(workers, len(ground.backlog))
        worker_after = _cpu_seconds(workers)
        published_at = _until_published(ground, relay)
        figures = _backlog_figures(first, published_at, since=sent_at)
        spent = worker_after - before[0], _cpu_seconds([relay]) - before[1]
        for name, seconds in zip(("cpu_us", "relay_cpu_us"), spent, strict=True):
            figures[f"{name}_per_claim"] = round(seconds / len(ground.backlog) * 1e6, 1)
        if chosen.paced:
            console.print(f"Measuring delays at {chosen.rate:g} claims a second ...")
            figures |= _rate_figures(chosen, ground, workers, already=first)
        figures["worker_peak_megabytes"] = max(one.peak_megabytes() or 0 for one in workers)
        figures["relay_peak_megabytes"] = relay.peak_megabytes()
    _check(ground)
    return figures


def _cpu_seconds(commands: Sequence[Command]) -> float:
    """Processor time of some commands so far; NaN where the system does not tell."""
    return sum(math.nan if (one := command.cpu_seconds()) is None else one for command in commands)


@contextmanager
def _running(ground: Ground, *command: str, number: int = 0) -> Iterator[Command]:
    log = ground.folder / f"{command[0]}-{number}.log"
    with log.open("wb") as told:
        process = subprocess.Popen(  # noqa: S603 - our own commands, from a list of arguments
            [sys.executable, "-m", "streams.cli", *command],
            env=ground.environment,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
    try:
        yield Command(command[0], process, log)
    finally:
        process.terminate()
        process.wait()


def _until(reached: Callable[[], bool], command: Command) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        if command.process.poll() is not None or time.monotonic() > give_up:
            end = "\n".join(command.log.read_text().splitlines()[-20:])
            raise Unavailable(f"`{command.name}` does not come forward; it told last:\n{end}")
        time.sleep(0.25)


def _until_done(workers: Sequence[Command], claims: int) -> list[Batch]:
    """Batches that brought claims, in the order in which these became known."""

    def batches() -> list[Batch]:
        return [one for worker in workers for one in worker.batches() if one.claims]

    _until(lambda: sum(one.claims for one in batches()) >= claims, workers[0])
    return sorted(batches(), key=lambda one: one.position)


def _until_published(ground: Ground, relay: Command) -> float:
    def empty() -> bool:
        with ground.store.reading() as connection:
            return outbox.waiting(connection) == 0

    _until(empty, relay)
    return time.time()


def _backlog_figures(batches: Sequence[Batch], published_at: float, since: float) -> dict[str, Any]:
    """Counted from the first batch in hand: joining the group is no claim's cost."""
    claims = sum(one.claims for one in batches)
    began = min(one.committed_at - one.batch_ms / 1000 for one in batches)
    seconds = max(one.committed_at for one in batches) - began
    stages: Counter[str] = Counter()
    for one in batches[1:]:  # the first poll waited for the group
        stages.update(one.stages_ms)
    counted = claims - batches[0].claims
    return {
        "claims_per_second": round(claims / seconds),
        "us_per_claim": round(seconds / claims * 1e6, 1),
        "published_claims_per_second": round(claims / (published_at - began)),
        "seconds_to_start": round(began - since, 1),
        "cases": sum(one.cases for one in batches),
        "stage_us_per_claim": {
            name: round(took * 1000 / counted, 1) for name, took in stages.items()
        },
    }


def _rate_figures(
    chosen: BenchOptions, ground: Ground, workers: Sequence[Command], already: Sequence[Batch]
) -> dict[str, Any]:
    """Delays from when a claim was due to be sent, so that a late sender hides nothing."""
    with ground.store.reading() as connection:
        before = ground.store.position(connection)
    began = time.time()
    with KafkaSink(ground.options) as sink:
        replay.replay(
            ground.paced,
            sink,
            ground.store.keyring,
            pace=replay.at_rate(chosen.rate),
            seconds=time.time,
        )
    sent_seconds = time.time() - began
    batches = _until_done(workers, sum(one.claims for one in already) + len(ground.paced))
    due = {_key(claim): began + n / chosen.rate for n, claim in enumerate(ground.paced)}
    delays = _delays_ms(ground, batches[len(already) :], due, after=before)
    percentiles = np.quantile(delays, [0.5, 0.95, 0.99, 1.0])
    names = ("p50_ms", "p95_ms", "p99_ms", "slowest_ms")
    return {
        "rate_claims_per_second": chosen.rate,
        "rate_kept": round(len(ground.paced) / sent_seconds, 1),
        **{name: round(float(one), 1) for name, one in zip(names, percentiles, strict=True)},
    }


def _delays_ms(
    ground: Ground, batches: Sequence[Batch], due: Mapping[tuple[str, int], float], after: int
) -> Floats:
    """Stored rows stand in the order of the batches, so each claim's batch follows from counts."""
    with ground.store.reading() as connection:
        scored = assessed.scored_at_intake(connection, after=after)
    committed = [one.committed_at for one in batches for _ in range(one.claims)]
    return np.array(
        [
            (at - due[one.claim_id, one.version]) * 1000
            for one, at in zip(scored, committed, strict=True)
        ]
    )


def _key(claim: Claim) -> tuple[str, int]:
    return claim.claim_id, claim.version


def _check(ground: Ground) -> None:
    """A figure counts only when every claim was assessed once and none was refused."""
    with ground.store.reading() as connection:
        scored = assessed.scored_at_intake(connection, after=0)
        letters = raw.counts(connection).dead_letters
    found = Counter((one.claim_id, one.version) for one in scored)
    expected = {_key(claim) for claim in (*ground.backlog, *ground.paced)}
    if set(found) != expected or max(found.values()) > 1 or letters:
        raise Unavailable(
            f"{len(expected)} claims were sent, {len(found)} assessed, {letters} refused:"
            " these figures are worth nothing"
        )
