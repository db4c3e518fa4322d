"""How the bench counts: from the first batch in hand, and from when a claim was due."""

import json
from datetime import UTC, datetime

import pytest

from streams.bench.ground import BenchOptions
from streams.bench.product import Batch, Command, _backlog_figures


def a_batch(at, claims=100, batch_ms=50.0, **stages):
    return Batch(at, 1, claims, 1, 0, batch_ms, stages or {"poll": 2.0, "load": 10.0})


def test_a_backlog_is_timed_from_the_first_batch_in_hand():
    batches = [
        a_batch(1000.05, poll=3000.0, load=10.0),
        a_batch(1000.10),
        a_batch(1000.25),
    ]
    figures = _backlog_figures(batches, published_at=1000.5, since=990.0)
    assert figures["claims_per_second"] == pytest.approx(1200, abs=1)
    assert figures["us_per_claim"] == pytest.approx(833.3, abs=0.1)
    assert figures["published_claims_per_second"] == 600
    assert figures["seconds_to_start"] == 10.0
    assert figures["stage_us_per_claim"] == {"poll": 20.0, "load": 100.0}
    assert figures["cases"] == 3


def test_batches_are_read_from_the_log_and_half_a_line_is_left_for_later(tmp_path):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    line = json.dumps(
        {
            "event": "batch",
            "position": 7,
            "claims": 7,
            "cases": 1,
            "dead_letters": 0,
            "poll_ms": 1.5,
            "batch_ms": 20.0,
            "stages_ms": {"load": 3.0},
            "timestamp": at.isoformat(),
        }
    )
    log = tmp_path / "score.log"
    other = '{"event": "champion"}\nsome library: a warning\n'
    log.write_text(f"{other}{line}\n{line[:30]}")
    [batch] = Command("score", None, log).batches()
    assert batch.committed_at == at.timestamp()
    assert batch.stages_ms == {"poll": 1.5, "load": 3.0}


def test_the_region_is_large_enough_for_all_claims():
    small, large = BenchOptions(claims=2000, history=0, rate=1, rate_seconds=0), BenchOptions()
    assert small.paced == 0
    assert large.paced == 12_000
    assert large.people > 40 * small.people
