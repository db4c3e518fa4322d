"""`fraud-streams`: score claims, publish results, and look after the topics."""

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from fraud.config import load_settings as load_fraud_settings
from fraud.errors import InvalidInput, Misconfigured, SempadanError
from fraud.privacy import GatedSource
from fraud.store import letters as kept_letters
from fraud.store.opening import clock_of, keyring_of, open_store
from fraud.workflow import withdraw as withdrawing
from fraud.workflow.withdraw import FollowedUp
from streams import deadletter, topics
from streams.config import Settings, load_settings
from streams.crashpoint import crash_point
from streams.kafka_io import KafkaAdmin, KafkaSink, KafkaSource
from streams.log import log_to
from streams.opening import kafka_options, run_relay

app = typer.Typer(
    name="fraud-streams",
    help="Kafka in, Kafka out: score claims and publish the results.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
letters_app = typer.Typer(help="Records that could not be used.", no_args_is_help=True)
app.add_typer(letters_app, name="dead-letters")
out = Console()

LETTERS_TO_REPLAY = "{group}.dead-letters"
"""The group that remembers which dead letters were sent back."""
LETTERS_TO_LOOK_AT = "{group}.dead-letters.look"
"""A group that never commits, and so sees every letter each time."""


def main() -> None:
    """Run a command; what an operator can cure is told in one line, without a traceback."""
    try:
        app()
    except SempadanError as error:
        print(f"fraud-streams: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, Misconfigured) else 1)


@app.command()
def score(
    *,
    without_relay: Annotated[
        bool, typer.Option("--without-relay", help="Leave publishing to `fraud-streams relay`.")
    ] = False,
) -> None:
    """Read claims and facts, assess them, and store what follows; until stopped."""
    from streams import wiring  # noqa: PLC0415 - the learning libraries; the rest starts faster

    deployment = wiring.Deployment.read(os.environ)
    with _until_signal() as stop:
        wiring.run_worker(deployment, stop, with_relay=not without_relay)


@app.command()
def relay() -> None:
    """Publish what waits in the outbox, and the head of the audit chain; until stopped."""
    fraud, settings = load_fraud_settings(), load_settings()
    with _until_signal() as stop:
        run_relay(fraud, settings, stop, crash_point(os.environ))


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End with one line of JSON instead of serving the desk.")
    ] = False,
    broker: Annotated[
        str, typer.Option(help="embedded, or kafka (Java 17 and Maven); a named broker goes first.")
    ] = "embedded",
    database: Annotated[
        str, typer.Option(help="sqlite, postgres (started here), or a PostgreSQL URL.")
    ] = "sqlite",
    people: Annotated[int, typer.Option(min=2000, help="People in the simulated region.")] = 56_000,
    seed: Annotated[int, typer.Option(help="Same seed, same region.")] = 7,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the desk.")] = 8700,
) -> None:
    """The whole product on SIMULATED claims: broker, region, scorer, worker and desk."""
    from streams.demo import DemoOptions, run  # noqa: PLC0415  # brings the laboratory: only here

    run(
        DemoOptions(
            once=once, broker=broker, database=database, people=people, seed=seed, port=port
        )
    )


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(help="A region written by `fraud simulate`.")],
    rate: Annotated[float | None, typer.Option(min=0.001, help="Records a second.")] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.001, help="Times faster than it happened.")
    ] = None,
) -> None:
    """Send the records of a simulated region to their topics, as fast as can be or at a pace."""
    from streams import replay as replaying  # noqa: PLC0415 - the simulator and its libraries

    if rate and speed:
        raise Misconfigured("choose one of --rate and --speed")
    pace: replaying.Pace = replaying.at_once
    if rate or speed:
        pace = replaying.at_rate(rate) if rate else replaying.as_lived(speed or 1.0)
    keyring = keyring_of(load_fraud_settings())
    with KafkaSink(kafka_options(load_settings())) as sink:
        count = replaying.replay(replaying.saved_records(folder), sink, keyring, pace=pace)
    print(f"{count} records sent")


@app.command(name="topics")
def topics_command(
    *,
    create: Annotated[
        bool, typer.Option("--create", help="Create those that are missing.")
    ] = False,
) -> None:
    """Show every topic, what it holds, and whether the broker has it."""
    settings = load_settings()
    with KafkaAdmin(kafka_options(settings)) as admin:
        made = admin.ensure_topics(topics.specs(settings.replication_factor)) if create else ()
        present = admin.topics()
    table = Table("Topic", "Key", "Partitions", "Kept", "Largest record", "On the broker")
    for topic in topics.TOPICS:
        state = "created" if topic.name in made else "yes" if topic.name in present else "missing"
        table.add_row(*_described(topic), state)
    out.print(table)
    topics.refuse_missing([topic.name for topic in topics.TOPICS], {*present, *made})


def _described(topic: topics.Topic) -> tuple[str, ...]:
    kept = "for ever" if topic.retention_days == topics.FOREVER else f"{topic.retention_days} days"
    size = f"{topic.max_message_bytes // topics.MIB} MiB"
    return topic.name, topic.key, str(topic.partitions), kept, size


@app.command()
def lag() -> None:
    """Show how many records the scoring group has still to read."""
    settings = load_settings()
    with KafkaAdmin(kafka_options(settings)) as admin:
        found = admin.group_lag(settings.group, topics.SOURCES)
    table = Table("Topic", "Partition", "Waiting")
    for (topic, partition), waiting in sorted(found.items()):
        table.add_row(topic, str(partition), str(waiting))
    out.print(table)
    print(f"{sum(found.values())} records wait for the group {settings.group}")


@app.command()
def bench(
    *,
    broker: Annotated[str, typer.Option(help="kafka, embedded, or host:port.")] = "kafka",
    database: Annotated[str, typer.Option(help="sqlite or postgres.")] = "sqlite",
    history: Annotated[int, typer.Option(min=0, help="Claims loaded beforehand.")] = 20_000,
    claims: Annotated[int, typer.Option(min=2000, help="Claims of the backlog.")] = 60_000,
    rate: Annotated[float, typer.Option(min=1, help="Claims a second after it.")] = 200.0,
    rate_seconds: Annotated[float, typer.Option(min=0, help="For how long.")] = 60.0,
    batch_size: Annotated[int, typer.Option(min=1, help="Claims in a transaction.")] = 1000,
    workers: Annotated[int, typer.Option(min=1, help="Scoring processes.")] = 2,
    seed: Annotated[int, typer.Option(help="Of the simulated region.")] = 2026,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no table.")] = False,
) -> None:
    """Measure the product beside the bare floor, on a simulated region."""
    from streams import bench as benching  # noqa: PLC0415 - the learning libraries, the simulator

    chosen = benching.BenchOptions(
        broker=broker,
        database=database,
        history=history,
        claims=claims,
        rate=rate,
        rate_seconds=rate_seconds,
        batch_size=batch_size,
        workers=workers,
        seed=seed,
    )
    figures = benching.run(chosen)
    if as_json:
        print(json.dumps(figures))
        return
    table = Table("Figure", "Value", title="Measured on simulated claims")
    for name, value in _flat(figures):
        table.add_row(name, str(value))
    out.print(table)


def _flat(figures: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


@app.command()
def withdraw(
    source: Annotated[GatedSource, typer.Argument(help="Which gated source.")],
    by: Annotated[str, typer.Option(help="Who withdraws it.")],
    reason: Annotated[str, typer.Option(help="Why it may not be used any more.")],
) -> None:
    """Shut a source's gate, and assess again without it whatever read it; again goes on.

    The gate shuts at once, even where no scorer can be had for the rest.
    """
    settings, order = load_fraud_settings(), withdrawing.Order(by, reason)
    with closing(open_store(settings)) as store:
        withdrawing.shut_gate(store, source, order, now=clock_of(settings, store)())
    _move_gate(withdrawing.withdraw, source, order)


@app.command()
def restore(
    source: Annotated[GatedSource, typer.Argument(help="Which gated source.")],
    by: Annotated[str, typer.Option(help="Who restores it.")],
    reason: Annotated[str, typer.Option(help="Why it may be used again.")],
) -> None:
    """Open the gate of a withdrawn source, and assess again with it what had read it."""
    _move_gate(withdrawing.restore, source, withdrawing.Order(by, reason))


def _move_gate(
    use_case: Callable[..., FollowedUp], source: GatedSource, order: withdrawing.Order
) -> None:
    from streams import wiring  # noqa: PLC0415 - the learning libraries; the rest starts faster

    deployment = wiring.Deployment.read(os.environ)
    with closing(open_store(deployment.fraud)) as store, Progress(console=out) as bar:
        task = bar.add_task(f"assess again, {source.value}")
        done = use_case(
            store,
            source,
            order,
            assessor=wiring.named_champion(deployment, store).assessor(),
            now=clock_of(deployment.fraud, store)(),
            tell=lambda number, total: bar.update(task, completed=number, total=total),
        )
    print(f"{done.switch.name}: {done.assessed} assessments made again, {done.changed} turned out")
    print(f"otherwise; {len(done.renewed)} cases have new reasons, {len(done.opened)} were opened")
    for case_id in done.reopened:
        print(f"to be looked at anew: {case_id}")


@letters_app.command("list")
def letters_list(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that were sent back already.")
    ] = False,
) -> None:
    """Show dead letters not yet sent back: where each came from and why. Never its content."""
    settings = load_settings()
    group = LETTERS_TO_LOOK_AT if everything else LETTERS_TO_REPLAY
    table = Table("From", "Kept at", "Bytes", "Reason")
    with _letters(settings, group) as source:
        for kept in deadletter.letters(source):
            table.add_row(kept.position, kept.kept_at, str(kept.size), kept.reason)
    out.print(table)
    print(f"{table.row_count} dead letters")


@letters_app.command("replay")
def letters_replay(
    positions: Annotated[
        list[str] | None,
        typer.Argument(help="Which ones, as topic:partition:offset; all when left out."),
    ] = None,
) -> None:
    """Send dead letters back to the topics they came from, unchanged; whole ones only."""
    settings = load_settings()
    group = LETTERS_TO_LOOK_AT if positions else LETTERS_TO_REPLAY
    with (
        _letters(settings, group) as source,
        KafkaSink(kafka_options(settings)) as sink,
    ):
        count = deadletter.replay(source, sink, positions or None)
    print(f"{count} records sent back")


@letters_app.command("save")
def letters_save(
    position: Annotated[str, typer.Argument(help="Which one, as topic:partition:offset.")],
    file: Annotated[Path, typer.Argument(help="File to write to.")],
) -> None:
    """Write the body of a dead letter that was too large to be published whole to a file."""
    topic, partition, offset = _place(position)
    with closing(open_store(load_fraud_settings())) as store, store.reading() as connection:
        file.write_bytes(kept_letters.whole_body(store, connection, topic, partition, offset))
    print(f"{file.stat().st_size} bytes written to {file}")


def _place(position: str) -> tuple[str, int, int]:
    found = re.fullmatch(r"(.+):(\d{1,9}):(\d{1,18})", position)
    if found is None:
        raise InvalidInput(f"{position} is not written topic:partition:offset")
    return found[1], int(found[2]), int(found[3])


def _letters(settings: Settings, group: str) -> KafkaSource:
    return KafkaSource(
        kafka_options(settings),
        [topics.DEAD_LETTERS.name],
        group.format(group=settings.group),
    )


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """An event set by SIGTERM or Ctrl-C; a second signal ends the process at once."""
    log_to(sys.stderr)
    stop = threading.Event()

    def ask_to_stop(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    yield stop


if __name__ == "__main__":
    main()
