"""The ports on Kafka: the only file that imports the client library.

What the settings below are chosen for: a reader sees committed records only, starts at the
earliest, commits by hand, and never makes a topic by misspelling it; a writer is idempotent, and
`send_all` returns only when every record is acknowledged by all replicas in sync.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import structlog
from kafka import (
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    OffsetAndMetadata,
    OffsetSpec,
    TopicPartition,
)
from kafka import errors as kafka_errors
from kafka.net.compat import KafkaNetClient
from kafka.record import memory_records
from kafka.record.default_records import DefaultRecord, DefaultRecordBatch
from kafka.record.util import decode_varint

from fraud.errors import InvalidInput, Misconfigured, SempadanError, Unavailable
from streams.ports import OutRecord, Partition, Record, TopicSpec
from streams.topics import refuse_missing

log = structlog.get_logger("streams.kafka_io")

# Dead letters carry a source record of up to 1 MiB plus their headers, and their topic takes 2 MiB;
# a quarter more leaves room for the request around one record.
MAX_REQUEST_BYTES = 2 * 1024 * 1024 + 512 * 1024

# How long one question to the broker may take, well under the 300 s after which a reader that does
# not poll is put out of its group: the worker can fail, report and poll again in time.
ANSWER_TIMEOUT_MS = 30_000

_NEVER_RIGHT = (
    kafka_errors.AuthorizationError,
    kafka_errors.SaslAuthenticationFailedError,
    kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError,
    kafka_errors.SecurityDisabledError,
    kafka_errors.KafkaConfigurationError,
    kafka_errors.UnsupportedCodecError,
    kafka_errors.UnsupportedVersionError,
    kafka_errors.InvalidTopicError,
    kafka_errors.InvalidReplicationFactorError,
    kafka_errors.InvalidConfigurationError,
    kafka_errors.InvalidSessionTimeoutError,
    kafka_errors.PolicyViolationError,
)
_TOO_LARGE = (
    kafka_errors.MessageSizeTooLargeError,
    kafka_errors.RecordListTooLargeError,
    kafka_errors.InvalidRecordError,
)


@dataclass(frozen=True)
class KafkaOptions:
    """How to reach a cluster and prove who we are.

    The session timeout is how long a killed reader keeps its partitions; it must lie within what
    the broker allows (6 to 1800 s by default) and be at least three heartbeats.
    """

    bootstrap_servers: tuple[str, ...]
    client_id: str = "sempadan"
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    session_timeout_ms: int = 10_000
    heartbeat_interval_ms: int = 3_000
    bootstrap_timeout_seconds: float = 15
    delivery_timeout_seconds: float = 30

    @classmethod
    def for_local(cls, bootstrap_servers: str) -> Self:
        """For a broker on this machine: the shortest session timeout a broker allows.

        The embedded broker holds a first join for half the session timeout, 3 s instead of 23.
        """
        return cls(
            bootstrap_servers=(bootstrap_servers,),
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_000,
        )

    @property
    def uses_password(self) -> bool:
        return self.security_protocol.startswith("SASL")

    def connection(self) -> dict[str, Any]:
        """The part of a client's configuration that readers, writers and admins share."""
        settings: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "client_id": self.client_id,
            "security_protocol": self.security_protocol,
            "bootstrap_timeout_ms": int(self.bootstrap_timeout_seconds * 1000),
            # The default lets the pause between two attempts grow to 30 s: a broker that is back
            # after a restart would wait half a minute for its readers.
            "reconnect_backoff_max_ms": 1_000,
        }
        optional = {
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password,
            "ssl_cafile": self.ssl_cafile,
            "ssl_certfile": self.ssl_certfile,
            "ssl_keyfile": self.ssl_keyfile,
        }
        return settings | {name: value for name, value in optional.items() if value is not None}


class KafkaSource:
    """A `RecordSource` on Kafka; a member of its group from the first `poll` on."""

    def __init__(self, options: KafkaOptions, topics: Sequence[str], group: str) -> None:
        self._consumer = _open(
            KafkaConsumer,
            options,
            group_id=group,
            session_timeout_ms=options.session_timeout_ms,
            heartbeat_interval_ms=options.heartbeat_interval_ms,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=MAX_REQUEST_BYTES,
        )
        try:
            refuse_missing(topics, self._topics())
            self._consumer.subscribe(list(topics))
        except BaseException:
            self.close()
            raise

    def _topics(self) -> frozenset[str]:
        try:
            return frozenset(self._consumer.topics())
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "list the topics") from error

    def poll(self, max_records: int, timeout_seconds: float) -> list[Record]:
        try:
            batches = self._consumer.poll(
                timeout_ms=int(timeout_seconds * 1000), max_records=max_records
            )
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "read records") from error
        return [_record(row) for rows in batches.values() for row in rows]

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        held = self._consumer.assignment()
        ours = {
            TopicPartition(*partition): OffsetAndMetadata(next_, "", -1)
            for partition, next_ in offsets.items()
            if TopicPartition(*partition) in held
        }
        if not ours:
            return
        try:
            self._consumer.commit(ours, timeout_ms=ANSWER_TIMEOUT_MS)
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "commit offsets") from error

    def rewind(self) -> None:
        try:
            for partition in self._consumer.assignment():
                committed = self._consumer.committed(partition, timeout_ms=ANSWER_TIMEOUT_MS)
                if committed is None:
                    self._consumer.seek_to_beginning(partition)
                else:
                    self._consumer.seek(partition, committed)
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "go back to the committed offsets") from error

    def positions(self) -> dict[Partition, int]:
        try:
            found = {
                (partition.topic, partition.partition): self._consumer.position(
                    partition, timeout_ms=ANSWER_TIMEOUT_MS
                )
                for partition in self._consumer.assignment()
            }
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "find the position") from error
        return {partition: at for partition, at in found.items() if at is not None}

    def lag(self) -> dict[Partition, int]:
        positions = self.positions()
        if not positions:
            return {}
        try:
            ends = self._consumer.end_offsets([TopicPartition(*part) for part in positions])
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "find the end of the partitions") from error
        # The embedded broker's answer falls short after a batch; what a fetch said is right there.
        return {
            (part.topic, part.partition): max(end, self._consumer.highwater(part) or 0)
            - positions[part.topic, part.partition]
            for part, end in ends.items()
        }

    def close(self) -> None:
        self._consumer.close(autocommit=False, timeout_ms=5_000)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class KafkaSink:
    """A `RecordSink` on Kafka with an idempotent producer.

    After a failed send the producer is thrown away and the next `send_all` opens a new one: only
    so is it sure that nothing old is still in a buffer and overtakes what is sent again.
    """

    def __init__(self, options: KafkaOptions, topics: Iterable[str] = ()) -> None:
        """Open it. Raises Misconfigured at once when one of these `topics` is missing."""
        self._options = options
        self._known: frozenset[str] = frozenset()
        self._refuse_missing(set(topics))
        self._producer = self._start()

    def _start(self) -> Any:
        patience_ms = int(self._options.delivery_timeout_seconds * 1000)
        return _open(
            KafkaProducer,
            self._options,
            enable_idempotence=True,
            acks="all",
            linger_ms=5,
            batch_size=64 * 1024,
            max_request_size=MAX_REQUEST_BYTES,
            max_block_ms=patience_ms,
            request_timeout_ms=patience_ms // 2,
            delivery_timeout_ms=patience_ms,
            allow_auto_create_topics=False,
        )

    def send_all(self, records: Sequence[OutRecord]) -> None:
        if not records:
            return
        self._refuse_missing({record.topic for record in records})
        if self._producer is None:
            self._producer = self._start()
        try:
            sent = [
                self._producer.send(
                    record.topic,
                    value=record.value,
                    key=record.key,
                    # The library reads a header without a value, but sends none.
                    headers=[(name, value or b"") for name, value in record.headers],
                )
                for record in records
            ]
            self._producer.flush(self._options.delivery_timeout_seconds + 5)
            for future in sent:
                future.get(0)
        except kafka_errors.KafkaError as error:
            self._throw_away()
            raise _meaning(error, f"send {len(records)} records") from error

    def _refuse_missing(self, topics: set[str]) -> None:
        """Ask once for each topic: the library waits for a missing one as for a slow broker."""
        if topics <= self._known:
            return
        with KafkaAdmin(self._options) as admin:
            self._known = admin.topics()
        refuse_missing(topics, self._known)

    def _throw_away(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0)

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class KafkaAdmin:
    """A `TopicAdmin` on Kafka."""

    def __init__(self, options: KafkaOptions) -> None:
        self._client = _open(KafkaAdminClient, options)

    def ensure_topics(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        try:
            present = {topic["name"]: len(topic["partitions"]) for topic in self._described(specs)}
            for spec in specs:
                if present.get(spec.name, spec.partitions) < spec.partitions:
                    raise Misconfigured(
                        f"The topic '{spec.name}' has {present[spec.name]} partitions,"
                        f" {spec.partitions} are needed"
                    )
            missing = {
                spec.name: {
                    "num_partitions": spec.partitions,
                    "replication_factor": spec.replication_factor,
                    "configs": dict(spec.settings),
                }
                for spec in specs
                if spec.name not in present
            }
            if missing:
                self._create(missing)
            return tuple(missing)
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "create topics") from error

    def _described(self, specs: Sequence[TopicSpec]) -> list[dict[str, Any]]:
        """Existing topics among these; the broker answers for a missing one with an error code."""
        wanted = {spec.name for spec in specs} & set(self._client.list_topics())
        found: list[dict[str, Any]] = self._client.describe_topics(sorted(wanted)) if wanted else []
        return [topic for topic in found if not topic.get("error_code")]

    def _create(self, missing: dict[str, dict[str, Any]]) -> None:
        with suppress(kafka_errors.TopicAlreadyExistsError):  # made by another process: as good
            self._client.create_topics(missing)
        self._client.wait_for_topics(sorted(missing))

    def topics(self) -> frozenset[str]:
        try:
            return frozenset(self._client.list_topics())
        except kafka_errors.KafkaError as error:
            raise _meaning(error, "list the topics") from error

    def group_lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        try:
            partitions = [
                TopicPartition(topic["name"], part["partition_index"])
                for topic in self._client.describe_topics(list(topics))
                for part in topic["partitions"]
            ]
            firsts = self._offsets(partitions, OffsetSpec.EARLIEST)
            ends = self._offsets(partitions, OffsetSpec.LATEST)
            done = self._committed(group, partitions)
        except kafka_errors.KafkaError as error:
            raise _meaning(error, f"find how far the group '{group}' has read") from error
        read = {part: meta.offset for part, meta in done.items() if meta.offset >= 0}
        return {
            (part.topic, part.partition): max(0, ends[part] - read.get(part, firsts[part]))
            for part in partitions
        }

    def _committed(self, group: str, partitions: list[Any]) -> dict[Any, Any]:
        """The group's offsets; the first question to a new cluster makes the topic they are in."""
        deadline = time.monotonic() + ANSWER_TIMEOUT_MS / 1000
        while True:
            try:
                found: dict[Any, Any] = self._client.list_group_offsets({group: partitions})[group]
                return found
            except kafka_errors.RetriableError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _offsets(self, partitions: list[Any], spec: Any) -> dict[Any, int]:
        found = self._client.list_partition_offsets(dict.fromkeys(partitions, spec))
        return {partition: at.offset for partition, at in found.items()}

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _open(kind: Callable[..., Any], options: KafkaOptions, **settings: Any) -> Any:
    """Start a client of the library.

    One that fails to start would leave its thread and sockets behind at every retry, so the part
    that holds them is remembered and closed.
    """
    parts: list[Any] = []

    def part(**config: Any) -> Any:
        parts.append(KafkaNetClient(**config))
        return parts[-1]

    try:
        return kind(**options.connection(), **settings, kafka_client=part)
    except kafka_errors.KafkaError as error:
        for left in parts:
            left.close()
        raise _at_start(error, options) from error


def _record(row: Any) -> Record:
    fault = next((name for name, _ in row.headers or () if isinstance(name, _Fault)), None)
    if fault is not None:
        log.error(
            "unreadable_record",
            topic=row.topic,
            partition=row.partition,
            position=row.offset,
            reason=fault,
            cure="its bytes stay on the topic as long as it keeps records: have it sent again",
        )
    return Record(
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        key=row.key,
        value=row.value,
        headers=tuple(row.headers or ()) if fault is None else (),
        timestamp_ms=row.timestamp,
        unreadable=fault,
    )


class _Fault(str):
    """Why a record could not be read, in the place of a header's name: no sender can forge it."""

    __slots__ = ()


class _PatientBatch(DefaultRecordBatch):  # type: ignore[misc] # the library has no types
    """A batch in which one record that cannot be read does not hide those after it.

    The library gives the whole batch up, at every attempt: a header name that is not UTF-8, which
    brokers take, would stop the reader for ever.
    """

    def _read_msg(self) -> Any:
        start = self._pos
        try:
            return super()._read_msg()
        except (ValueError, IndexError, kafka_errors.CorruptRecordError) as error:
            return self._passed_over(start, error)

    def _passed_over(self, start: int, error: Exception) -> Any:
        """The place of the record that starts there, without its contents."""
        length, first = decode_varint(self._buffer, start)
        if self.is_control_batch or not first < first + length <= len(self._buffer):
            raise error
        _attributes, at = decode_varint(self._buffer, first)
        later_ms, at = decode_varint(self._buffer, at)
        further, _ = decode_varint(self._buffer, at)
        self._pos = first + length
        timestamp = self.first_timestamp + later_ms
        fault = _Fault(f"the record cannot be read ({type(error).__name__})")
        return DefaultRecord(
            length,
            self.base_offset + further,
            timestamp,
            self.timestamp_type,
            None,
            None,
            [(fault, None)],
        )


memory_records.DefaultRecordBatch = _PatientBatch


def _meaning(error: Exception, doing: str) -> SempadanError:
    """What a broker's error means for us: wrong for good, this record's fault, or try again."""
    if isinstance(error, _NEVER_RIGHT):
        return Misconfigured(f"Kafka refused to {doing}: {error}")
    if isinstance(error, _TOO_LARGE):
        return InvalidInput(f"Kafka will never take this record: {error}")
    return Unavailable(f"Kafka could not {doing}: {error}")


def _at_start(error: Exception, options: KafkaOptions) -> SempadanError:
    """A first connection that fails; a wrong password shows only as a time-out."""
    servers = ", ".join(options.bootstrap_servers)
    if isinstance(error, kafka_errors.KafkaTimeoutError) and options.uses_password:
        return Misconfigured(
            f"No answer from Kafka at {servers} within {options.bootstrap_timeout_seconds:g} s:"
            f" the broker may be away, or the password of '{options.sasl_username}' may be wrong"
        )
    if isinstance(error, kafka_errors.KafkaTimeoutError):
        return Unavailable(
            f"No answer from Kafka at {servers} within {options.bootstrap_timeout_seconds:g} s"
        )
    return _meaning(error, f"connect to {servers}")
