"""The bare floor: read from Kafka, validate, predict, one insert; committed by batch.

What any program must do that scores claims and keeps the answer, with the same libraries on the
same claims: no links, no history, no rules, no seal, no audit, no outbox.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from fraud.assessment import Floats
from fraud.records import Claim
from fraud.store.engine import Store
from fraud.store.schema import decision_files
from models.scorer import LightGBMScorer, load_champion
from streams.bench.ground import BenchOptions, Ground, console
from streams.codec import encode
from streams.deadletter import ends_of
from streams.kafka_io import KafkaAdmin, KafkaSource
from streams.ports import OutRecord, Record
from streams.topics import Topic

TOPIC = Topic("bench.floor", "person", "the claims of the bench, for the floor", 1)


def measure_floor(chosen: BenchOptions, ground: Ground) -> dict[str, Any]:
    """Claims a second and microseconds a claim of the floor."""
    console.print("Measuring the floor ...")
    _send(ground)
    scorer = load_champion(ground.models)
    shape = (chosen.batch_size, len(scorer.columns))
    vectors = np.random.default_rng(chosen.seed).normal(size=shape)
    with KafkaSource(ground.options, [TOPIC.name], "bench-floor") as source:
        done = first = _batch(chosen, source, ground.floor, scorer, vectors)  # joins the group
        began, cpu_before = time.perf_counter(), time.process_time()
        while done < len(ground.backlog):
            done += _batch(chosen, source, ground.floor, scorer, vectors)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_before
    return {
        "claims_per_second": round((done - first) / seconds),
        "us_per_claim": round(seconds / (done - first) * 1e6, 1),
        "cpu_us_per_claim": round(cpu / (done - first) * 1e6, 1),
    }


def _send(ground: Ground) -> None:
    with KafkaAdmin(ground.options) as admin:
        admin.ensure_topics([TOPIC.spec()])
    messages = [encode(claim, ground.store.keyring) for claim in ground.backlog]
    ground.send([OutRecord(TOPIC.name, one.key, one.value, one.headers) for one in messages])


def _batch(
    chosen: BenchOptions,
    source: KafkaSource,
    store: Store,
    scorer: LightGBMScorer,
    vectors: Floats,
) -> int:
    records: Sequence[Record] = ()
    while not records:
        records = source.poll(chosen.batch_size, 1.0)
    claims = [Claim.model_validate_json(record.value or b"", strict=True) for record in records]
    scores = scorer.probabilities(vectors[: len(claims)])
    with store.begin(serial=False) as connection:
        store.add_rows(
            connection,
            decision_files,
            {
                "assessment_id": [f"{one.claim_id}:{one.version}" for one in claims],
                "digest": [f"{score:.6f}" for score in scores.tolist()],
                "sealed": [record.value for record in records],
            },
        )
    source.commit(ends_of(records))
    return len(records)
