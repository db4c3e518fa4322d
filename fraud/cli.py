"""The `fraud` command: set up, serve the desk, simulate, verify, rebuild."""

import os
import secrets
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from fraud.cases import Role
from fraud.clock import local_day
from fraud.config import Settings, load_settings
from fraud.entities import EntityKind
from fraud.errors import InvalidInput, Misconfigured, SempadanError
from fraud.identity.judgement import Verdict
from fraud.privacy import Basis, GatedSource, gates_of
from fraud.records import ClaimId
from fraud.simulator.command import Whose, simulate_command
from fraud.simulator.days import saved_days
from fraud.simulator.files import read_region
from fraud.simulator.settings import RegionSettings, raised_of
from fraud.store import chain, switches
from fraud.store.engine import Store
from fraud.store.opening import clock_of, open_store
from fraud.store.rebuild import compare_with_stored
from fraud.web.serve import serve as serve_desk
from fraud.wording import Language
from fraud.workflow import listing
from fraud.workflow.benefits import explain_benefit, explain_file, lines_of, owed_lines, people_owed
from fraud.workflow.load import load_day
from fraud.workflow.rings import ring_files, rings_as_json, rings_as_table
from fraud.workflow.same import compare_people, judge_people
from fraud.workflow.same import lines_of as lines_of_same
from fraud.workflow.staff import add_staff, remove_staff, staff_role
from fraud.workflow.watch import Looker, end_of_day, warn_list, watch

app = typer.Typer(
    help="Sempadan's review desk: rank claims for people, explain why, never decide.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
staff = typer.Typer(help="People who may sign in at the desk.", no_args_is_help=True)
app.add_typer(staff, name="staff")

Judging = Literal["same", "different", "unsure"]
KEY_NAME = "FRAUD_SECRET_KEY"


def main() -> None:
    """Run a command; an expected error is one sentence on standard error and exit code 1."""
    _with_errors_as_sentences(app)


def _with_errors_as_sentences(run: Callable[[], object]) -> None:
    try:
        run()
    except SempadanError as error:
        Console(stderr=True, highlight=False).print(f"fraud: {error}", style="red")
        sys.exit(1)


@app.command()
def init() -> None:
    """Create or upgrade the database's tables; without a secret key, offer a new one."""
    if not os.environ.get(KEY_NAME):
        typer.echo(
            f"Keep this safe and set it before you run again:\n{KEY_NAME}={secrets.token_hex(32)}"
        )
        raise typer.Exit(1)
    settings = load_settings()
    open_store(settings, create=True).close()
    typer.echo("The database is up to date.")


@app.command()
def serve() -> None:
    """Serve the review desk on FRAUD_HOST:FRAUD_PORT (loopback unless told otherwise)."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        serve_desk(settings, store, clock_of(settings, store))


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=100, help="People in the region.")] = 20_000,
    months: Annotated[int, typer.Option(min=1, max=60, help="Months of claims.")] = 12,
    seed: Annotated[int, typer.Option(help="Same seed, same region, to the byte.")] = 7,
    claim_intensity: Annotated[
        float, typer.Option(min=0.01, help="How much more often events happen than in life.")
    ] = 1.0,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("region"),
    first_day: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")] = "2025-01-01",
    raised: Annotated[
        list[str] | None,
        typer.Option("--raise", help="A typology and how much more often, such as T5=20."),
    ] = None,
    look_alikes: Annotated[
        float, typer.Option(min=0.0, max=100.0, help="How much more often honest look-alikes.")
    ] = 1.0,
    crossings: Annotated[
        Whose, typer.Option(help="Whose clearances: of people requested, or the whole border.")
    ] = Whose.REQUESTED,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes that share the border files; same bytes.")
    ] = 1,
) -> None:
    """Write a simulated region: events in the order they become known, crossings by day.

    Interrupted, it leaves nothing behind. 400,000 people with everyone's crossings need about
    3 GB on disk for a year.
    """
    settings = RegionSettings(
        people,
        months,
        seed,
        claim_intensity,
        date.fromisoformat(first_day),
        raised=raised_of(raised or []),
        look_alikes=look_alikes,
    )
    simulate_command(settings, out, crossings=crossings, processes=processes)


@app.command()
def calibrate(
    folder: Annotated[Path, typer.Argument(help="A region written with everyone's crossings.")],
    out: Annotated[Path, typer.Option(help="Folder of the page.")] = Path("docs/calibration"),
) -> None:
    """Compare a simulated region at intensity 1 with the published figures, as a page."""
    from fraud.simulator.calibration_page import (  # noqa: PLC0415 - the plotting library
        calibrate_command,
    )

    calibrate_command(folder, out)


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A folder in the form of `fraud simulate`.")],
) -> None:
    """Load older history in bulk, so that a first scorer can be trained; again changes nothing.

    Claims are kept with their links but not assessed. Border files are read only when
    FRAUD_BASIS_CROSSINGS names a legal basis in force on their day.
    """
    settings = load_settings()
    gates = gates_of(settings)
    claims = facts = 0
    with closing(open_store(settings)) as store:
        for day in track(list(saved_days(read_region(folder))), description="load history"):
            done = load_day(store, day, gates=gates)
            claims, facts = claims + done.claims, facts + done.facts
    typer.echo(f"{claims} claims and {facts} facts loaded")


@app.command("verify-audit")
def verify_audit() -> None:
    """Check the audit chain: an altered or removed event, a cut tail or no anchor is a fault."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        faults = chain.verify(store, settings.anchor_file)
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("The audit chain is whole.")


@app.command()
def rebuild() -> None:
    """Recompute every assessed vector from raw rows at its cut-off and compare it bit for bit."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
        found = compare_with_stored(store, sources=gates_of(settings).open_at(now))
    typer.echo(f"{found.compared} vectors compared, {len(found.different)} differ")
    if found.shut:
        typer.echo(f"{found.shut} more read a source whose gate is shut now")
    if found.different:
        raise typer.Exit(1)


@app.command()
def gates(
    uses: Annotated[
        GatedSource | None,
        typer.Option(help="List instead what rests on this source: assessments and cases."),
    ] = None,
) -> None:
    """Show every gated source: on which basis, what for, from when to when, and whether open."""
    settings = load_settings()
    recorded = gates_of(settings)
    with closing(open_store(settings)) as store:
        if uses is not None:
            _print_uses(store, uses)
            return
        now = clock_of(settings, store)()
        with store.reading() as connection:
            withdrawn = switches.withdrawn(connection)
    table = Table("Source", "Basis", "Purpose", "In force", "Gate")
    for source in GatedSource:
        row = _gate_row(recorded.basis(source), local_day(now), gone=source in withdrawn)
        table.add_row(source.value, *row)
    Console().print(table)


def _gate_row(basis: Basis | None, today: date, *, gone: bool) -> tuple[str, ...]:
    why = "closed: withdrawn" if gone else "open"
    if basis is None:
        return ("", "", "", "closed: no basis is recorded")
    if not gone and not basis.in_force(today):
        why = f"closed: the basis is not in force on {today}"
    span = f"{basis.first_day} to {basis.last_day or 'no end set'}"
    return (basis.reference, basis.purpose, span, why)


def _print_uses(store: Store, source: GatedSource) -> None:
    with store.reading() as connection:
        found = switches.uses_of(connection, source)
    for one in found:
        case = f" case {one.case_id}" if one.case_id else ""
        typer.echo(f"{one.standing} claim {one.claim_id}{case}")
    cases = sum(one.case_id is not None for one in found)
    typer.echo(f"{len(found)} assessments and {cases} cases rest on {source.value}")


@app.command()
def same(
    one: Annotated[str, typer.Argument(help="A MyKad number, or a claim of the person.")],
    other: Annotated[str, typer.Argument(help="The other one.")],
    judge: Annotated[Judging | None, typer.Option(help="Record what you judge of the two.")] = None,
    by: Annotated[str, typer.Option(help="Who compares or judges.")] = "command line",
    why: Annotated[str, typer.Option(help="Why; needed to judge or to undo.")] = "",
    language: Annotated[Language, typer.Option(help="Malay or English.")] = "en",
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last judgement back.")] = False,
) -> None:
    """Compare two people by what they wrote, and record whether they are one person.

    Claims and facts that become known from then on are read with it in mind; assessments that
    were made stay. The look and the judgement are written to the audit log.
    """
    if judge and undo:
        raise InvalidInput("judge or undo, not both")
    verdict = Verdict.TAKEN_BACK if undo else Verdict(judge) if judge else None
    settings = load_settings()
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
        if verdict:
            found = judge_people(store, one, other, verdict, by=by, why=why, now=now)
        else:
            found = compare_people(store, one, other, by=by, now=now)
    for line in lines_of_same(found, language):
        typer.echo(line)


@app.command()
def clock(
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days to let pass.")] = 1,
) -> None:
    """Let simulated days pass, so that reply windows and appeals lapse; demo and tests only."""
    settings = load_settings()
    if settings.clock != "simulated":
        raise Misconfigured("FRAUD_CLOCK is not `simulated`: real time cannot be moved")
    with closing(open_store(settings)) as store:
        store.set_simulated_time(store.simulated_time() + timedelta(days=days))
        typer.echo(f"It is now {store.simulated_time():%Y-%m-%d} (simulated).")


@app.command("explain-benefit")
def explain_benefit_command(
    claim_id: Annotated[str | None, typer.Argument(help="A claim that is stored.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Instead: a claim with its facts, as JSON."),
    ] = None,
    language: Annotated[Language, typer.Option(help="Malay or English.")] = "en",
) -> None:
    """Print what the law gives on a claim: each step, what it rests on, and how well it is known.

    The look at a stored claim is written to the audit log. Nothing is decided: an officer does
    that. A file holds `{"claim": {...}, "facts": [...]}` and is read as of its day of receipt.
    """
    if claim_id and not file:
        settings = load_settings()
        with closing(open_store(settings)) as store:
            now = clock_of(settings, store)
            claim, benefit = explain_benefit(store, ClaimId(claim_id), now)
            on = local_day(now())
    elif file and not claim_id:
        claim, benefit = explain_file(file.read_text("utf-8"))
        on = local_day(claim.received_at)
    else:
        raise InvalidInput("name a stored claim, or a file, and not both")
    for line in lines_of(claim, benefit, on, language):
        typer.echo(line)


@app.command()
def owed(
    *,
    steps: Annotated[bool, typer.Option(help="Print the steps of the law for each.")] = False,
    language: Annotated[Language, typer.Option(help="Malay or English.")] = "en",
) -> None:
    """List people likely paid too little or never, with what was expected, paid and due.

    Rests on no assumed value of the law. That the list was drawn is written to the audit log.
    """
    settings = load_settings()
    with closing(open_store(settings)) as store:
        for line in owed_lines(
            people_owed(store, clock_of(settings, store)), language, steps=steps
        ):
            typer.echo(line)


@app.command("watch")
def watch_command(
    kind: Annotated[EntityKind, typer.Option(help="Whom to look at.")],
    on: Annotated[str, typer.Option(help="As stated by the end of this day; today if empty.")] = "",
    name: Annotated[str, typer.Option("--as", help="Sign-in name; needed for officers.")] = "",
    language: Annotated[Language, typer.Option(help="Malay or English.")] = "en",
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List employers, agents or officers for review, with what stands out and what speaks against.

    Officers are shown to integrity staff alone: their password is asked for.
    """
    settings = load_settings()
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
        found = watch(
            store,
            kind,
            moment=end_of_day(on, now),
            sources=gates_of(settings).open_at(now),
            looker=_looker(store, name),
            now=now,
        )
    if json:
        typer.echo(listing.as_json(found, language))
    else:
        Console().print(listing.as_table(kind, found, language))


@app.command()
def rings(
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="Claims received in the last so many days.")
    ] = 365,
    name: Annotated[str, typer.Option("--as", help="Sign-in name of who looks.")] = "",
    language: Annotated[Language, typer.Option(help="Malay or English.")] = "en",
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List people whose cases hang together, each with the ties of that person alone.

    Cases are tied by accounts, texts, certificates, devices, vehicles on one day and go-betweens
    that few people share; never by a home or a family's telephone. A tie decides nothing.
    """
    settings = load_settings()
    with closing(open_store(settings)) as store:
        looker, now = _looker(store, name), clock_of(settings, store)()
        found = ring_files(store, days=days, by=looker.name, now=now)
    if json:
        typer.echo(rings_as_json(found, language))
    else:
        Console().print(rings_as_table(found, language))


@app.command("warn-list")
def warn_list_command(
    on: Annotated[str, typer.Option(help="As stated by the end of this day; today if empty.")] = "",
    name: Annotated[str, typer.Option("--as", help="Sign-in name of who looks.")] = "",
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List people whose names stand on hires that may never have been: victims, to be warned."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
        found = warn_list(
            store,
            moment=end_of_day(on, now),
            sources=gates_of(settings).open_at(now),
            looker=_looker(store, name),
            now=now,
        )
    if json:
        typer.echo(listing.warned_as_json(found))
    else:
        Console().print(listing.warned_as_table(found))


def _looker(store: Store, name: str) -> Looker:
    if not name:
        return Looker("command line")
    password = os.environ.get("SEMPADAN_STAFF_PASSWORD") or typer.prompt(
        "Password", hide_input=True
    )
    return Looker(name, staff_role(store, name, password))


@staff.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="Sign-in name: letters, digits, dots, hyphens.")],
    role: Annotated[Role, typer.Option(help="What this person may do.")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True, hide_input=True, confirmation_prompt=True, envvar="SEMPADAN_STAFF_PASSWORD"
        ),
    ],
) -> None:
    """Add a person, or give a known one a new role and password (asked for, never shown)."""
    settings: Settings = load_settings()
    with closing(open_store(settings)) as store:
        add_staff(store, name, role, password, now=clock_of(settings, store)())
    typer.echo(f"{name} may sign in as {role.value}.")


@staff.command("remove")
def staff_remove(
    name: Annotated[str, typer.Argument(help="Sign-in name of the person who leaves.")],
) -> None:
    """End a person's right to sign in and every session of theirs; their work stays on record."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        remove_staff(store, name, now=clock_of(settings, store)())
    typer.echo(f"{name} may no longer sign in.")


if __name__ == "__main__":
    main()
