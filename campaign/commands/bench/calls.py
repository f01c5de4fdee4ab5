"""``campaign bench calls``: report a call and be handed the next person, through the real view."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

import click
from flask import Flask
from sqlalchemy import text

from campaign.app import create_app
from campaign.commands import opening
from campaign.commands.bench import crowd, tape
from campaign.commands.bench.crowd import Crowd
from campaign.commands.bench.ringing import Desk, Rung, ring
from campaign.commands.bench.scratch import scratch
from campaign.commands.bench.served import Served, served, spending
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import load

# A weekday at noon in London: the clock of everything measured is turned to lawful hours.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECRET = "for the benchmark only, for the benchmark only"  # noqa: S105
REPLAYED_ON_SQLITE = 1500
LEFT_OUT = """\
Kept in: signing in by the cookie, CSRF, admission, the pace of a caller (their last day's calls
are counted each time; so many callers take turns that none is too fast), suppression, TPS, hours,
cool-down, the week's cap, replay safety, one commit on the disk for each call. Left out: TLS and a
proxy; noting once a minute that a device was seen; the reveal, which is a request of its own (the
numbers were shown before); rosters (an open phonebank admits everybody); scripts and answers.
The callers, the web workers and the database share this machine's cores. “cpu” is the time of the
web processes and of the whole database server with its background writers. The floor is {floor},
taken from a recorded request: {statements} statements, with every transaction around them. “bare”
is the same server when it answers that it lives, without a sign-in, a form or the database: with
the floor’s database, the least that this machine takes for a call with these checks."""
FLOORS = {
    "postgresql": "pgbench with as many clients and prepared statements, of the application’s SQL",
    "sqlite": "one thread that sends the application’s own SQL to the file and does nothing else",
}


@dataclass
class Bench:
    """What a run stands on."""

    database: Database
    folder: Path
    app: Flask
    server: Served
    tape: tape.Tape
    places: Iterator[int]
    lines: int

    @property
    def engine(self) -> str:
        """Which database it is."""
        return self.database.url.get_backend_name()


@click.command(name="calls")
@click.option("--contacts", default=300_000, show_default=True, help="How many wait to be rung.")
@click.option("--phonebanks", default=1, show_default=True, help="On how many lists they stand.")
@click.option("--callers", default=60_000, show_default=True, help="How many take turns.")
@click.option("--lines", default=64, show_default=True, help="How many report at once.")
@click.option("--rounds", default=3, show_default=True, help="How often everything is measured.")
@click.option("--seconds", default=8.0, show_default=True, help="How long a round of calls lasts.")
@click.option("--floor", default=100, show_default=True, help="Calls of each pgbench client.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
@click.option("--snapshot", is_flag=True, help="Then a minute with a snapshot held open.")
def bench_calls(
    *,
    contacts: int,
    phonebanks: int,
    callers: int,
    lines: int,
    rounds: int,
    seconds: float,
    floor: int,
    url: str | None,
    snapshot: bool,
) -> None:
    """Measure a report with the next claim, through the real view, beside its own SQL."""
    people = Crowd(phonebanks, contacts, callers)
    with scratch(url) as (database, folder), _ready(database, folder, people, lines) as bench:
        # A first round is not counted: connections are opened in it, and plans are made.
        desk = Desk(bench.app, bench.server.port)
        ring(bench.server.port, bench.places, desk.request, lines=lines, seconds=seconds)
        found = [_round(bench, seconds=seconds, floor=floor) for _ in range(rounds)]
        line = {"bench": "calls", "database": bench.engine, "contacts": contacts,
                "phonebanks": phonebanks, "lines": lines, "statements": bench.tape.statements,
                **_middle(found)}  # fmt: skip
        if snapshot and not database.is_sqlite:
            line |= _with_a_snapshot(bench, float(line["cpu_ms"]))
        told = {"floor": FLOORS[bench.engine], "statements": bench.tape.statements}
        click.echo(LEFT_OUT.format(**told))
        click.echo(json.dumps(line))


@contextmanager
def _ready(database: Database, folder: Path, people: Crowd, lines: int) -> Iterator[Bench]:
    offset = (NOON - clock.now()).total_seconds()
    url = database.url.render_as_string(hide_password=False)
    more = {
        "CAMPAIGN_CLOCK_OFFSET": f"{offset:.0f}",
        "CAMPAIGN_SECRET_KEY": SECRET,
        "CAMPAIGN_SUPPRESSION_KEY": SECRET,
        "CAMPAIGN_MAIL_URL": "memory:",
    }
    settings = load(more, environment="development", data_dir=folder, database_url=url)
    clock.set_offset(float(f"{offset:.0f}"))
    try:
        app = create_app(settings, database)
        opening.bring_up(app.extensions["campaign"])
        click.echo(f"Filling {people.contacts:,} contacts, {people.callers:,} callers …", err=True)
        crowd.settle(database, people, now=clock.now())
        with served(folder, url, more=more) as server:
            places = iter(range(2, people.callers))
            recorded = _recorded(app, database)
            recorded.phonebanks = people.phonebanks
            yield Bench(database, folder, app, server, recorded, places, lines)
    finally:
        clock.set_offset(0)


def _recorded(app: Flask, database: Database) -> tape.Tape:
    """The statements of the second of two reports: the first opens what is opened once."""
    desk = Desk(app, 0)
    for place in (0, 1):
        fields = desk.fields(0) | {"client_uuid": f"recorded-{place}"}
        client = app.test_client(use_cookies=False)
        with tape.recording(database) as recorded:
            answer = client.post(
                f"/claims/{crowd.call_public_id(place)}/outcome",
                data=fields,
                headers={"Cookie": desk.cookie(place), "X-CSRFToken": desk.csrf,
                         "Accept": "application/json"},
            )  # fmt: skip
        if answer.status_code != 200 or answer.json is None or not answer.json["claim"]:
            raise click.ClickException(f"A report answered {answer.status}: {answer.text[:500]}")
    tape.understand(database, recorded, 1, "recorded-1")
    return recorded


def _round(bench: Bench, *, seconds: float, floor: int) -> dict[str, Any]:
    spent = spending(bench.server, bench.database)
    desk = Desk(bench.app, bench.server.port)
    before = spent()
    rung = ring(bench.server.port, bench.places, desk.request, lines=bench.lines, seconds=seconds)
    after = spent()
    made = _figures(rung, [b - a for a, b in zip(before, after, strict=True)])
    speed, store = _floor(bench, floor), spent()
    bare = ring(bench.server.port, count(), desk.bare, lines=bench.lines, seconds=seconds / 4,
                hands_out=False)  # fmt: skip
    least = {
        "bare_web_cpu_ms": round((spent()[0] - store[0]) / bare.calls, 2),
        "floor_database_cpu_ms": round((store[1] - after[1]) / (bench.lines * floor), 2),
    }
    made |= {"floor_per_s": round(speed), "ratio": round(made["calls_per_s"] / speed, 3), **least}
    click.echo("  ".join(f"{name} {value}" for name, value in made.items()))
    return made


def _figures(rung: Rung, spent: list[float]) -> dict[str, Any]:
    web, store = (used / rung.calls for used in spent)
    return {
        "calls": rung.calls,
        "calls_per_s": round(rung.calls / rung.seconds, 1),
        "p50_ms": round(rung.percentile(50), 1),
        "p95_ms": round(rung.percentile(95), 1),
        "p99_ms": round(rung.percentile(99), 1),
        "web_cpu_ms": round(web, 2),
        "database_cpu_ms": round(store, 2),
        "cpu_ms": round(web + store, 2),
    }


def _middle(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: round(median(one[name] for one in found), 3) for name in found[0]}


def _floor(bench: Bench, each: int) -> float:
    if bench.database.is_sqlite:
        places = list(islice(bench.places, REPLAYED_ON_SQLITE))
        return tape.floor(str(bench.database.url.database), bench.tape, places)
    taken = list(islice(bench.places, bench.lines * each))
    return tape.pgbench(
        bench.database.url, bench.tape, bench.folder,
        first=taken[0], lines=bench.lines, each=each,
    )  # fmt: skip


def _with_a_snapshot(bench: Bench, before: float) -> dict[str, Any]:
    """A minute of calls while a backup's transaction sees the database as it was."""
    spent, desk = spending(bench.server, bench.database), Desk(bench.app, bench.server.port)
    engine = bench.database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as held:
        held.execute(text("SELECT count(*) FROM person"))
        started, costs = time.perf_counter(), []
        while time.perf_counter() - started < 60:
            at = spent()
            rung = ring(
                bench.server.port, bench.places, desk.request, lines=bench.lines, seconds=10
            )
            costs.append(sum(b - a for a, b in zip(at, spent(), strict=True)) / rung.calls)
        held.rollback()
    click.echo("with a snapshot, cpu ms a call: " + " ".join(f"{cost:.2f}" for cost in costs))
    return {"snapshot_cpu_ms": round(costs[-1], 2), "snapshot_ratio": round(costs[-1] / before, 2)}
