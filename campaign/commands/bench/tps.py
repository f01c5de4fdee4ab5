"""``campaign bench tps``: a long TPS file is loaded by the command, then looked up in."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
from sqlalchemy import literal, select, text

from campaign.app import open_house
from campaign.commands import opening
from campaign.commands.bench.scratch import scratch
from campaign.foundation import clock, phone
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from campaign.groups.models import Group
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.dispensing import SLOTS, moment_of
from campaign.phonebanks.operations.many import pour
from campaign.phonebanks.queries import queue
from campaign.phonebanks.queries.screening import on_tps

SECRET = "for the benchmark only, for the benchmark only"  # noqa: S105
KEY = SECRET[::-1]
LOOKS = 1000
# Ofcom gives these to nobody, and there are thousands of millions of them.
FIRST = 4_000_000_000
LEFT_OUT = """\
Kept in: starting the command, reading the file, the keyed hash of each line, every transaction,
the audit log. Meanwhile somebody writes a hundred times a second: “waited” is the longest that one
of these writes took. A look-up is one select by the key, as a claim asks it; half of those are on
the list. “judged” is the board’s count, which looks every person of a list up, half of them listed.
Left out: a file with numbers that are written in other ways, or a table with flags (slower to
read); other load; a database server that is not on this machine. “peak” is the command alone."""


@dataclass(frozen=True)
class Ran:
    """What a load took."""

    seconds: float
    cpu: float
    peak_mb: float
    waited_ms: float


@click.command(name="tps")
@click.option("--lines", default=1_000_000, show_default=True, help="How long the file is.")
@click.option("--contacts", default=300_000, show_default=True, help="How long the call list is.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
def bench_tps(lines: int, contacts: int, url: str | None) -> None:
    """Measure the load of a TPS file, twice, a look-up in it, and the screening of a list."""
    contacts = min(contacts, lines)
    with scratch(url) as (database, folder):
        more = {
            "CAMPAIGN_ENVIRONMENT": "development",
            "CAMPAIGN_DATA_DIR": str(folder),
            "CAMPAIGN_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "CAMPAIGN_SECRET_KEY": SECRET,
            "CAMPAIGN_SUPPRESSION_KEY": KEY,
        }
        opening.bring_up(open_house(load(more), database))
        file = _written(folder / "tps.txt", lines)
        first, again = (_loaded(database, file, more) for _ in range(2))
        looks = sorted(_looked_up(database, lines))
        judged = _judged(database, lines, contacts)
        for name, ran in (("loaded", first), ("again", again)):
            spent = f"{ran.seconds:.1f} s, {ran.cpu:.1f} s of CPU"
            peak = f"{ran.peak_mb:.0f} MB at its peak"
            click.echo(f"{name:<7} {spent}, {peak}, waited {ran.waited_ms:.0f} ms")
        click.echo(f"look-up {median(looks):.3f} ms\njudged  {judged:.2f} s\n{LEFT_OUT}")
        line = {
            "bench": "tps",
            "database": database.url.get_backend_name(),
            "lines": lines,
            "load_s": round(first.seconds, 2),
            "again_s": round(again.seconds, 2),
            "cpu_s": round(max(first.cpu, again.cpu), 2),
            "peak_mb": round(max(first.peak_mb, again.peak_mb)),
            "waited_ms": round(max(first.waited_ms, again.waited_ms)),
            "look_up_ms": round(median(looks), 3),
            "look_up_p99_ms": round(looks[int(len(looks) * 0.99)], 3),
            "contacts": contacts,
            "judged_s": round(judged, 2),
        }
        click.echo(json.dumps(line))


def _written(file: Path, lines: int) -> Path:
    """A file as the TPS writes it: twelve characters, CRLF, in no order of ours."""
    with file.open("w", newline="") as out:
        for number in range(lines):
            out.write(f"{FIRST + number * 7919 % lines:<12}\r\n")
    return file


def _loaded(database: Database, file: Path, more: dict[str, str]) -> Ran:
    """Run the command in a process of its own; its peak is what the system saw."""
    command = [sys.executable, "-m", "campaign", "suppress", "load", str(file), "--source", "tps"]
    with _writing(database) as waits:
        started = time.perf_counter()
        running = subprocess.Popen(  # noqa: S603 (our own command)
            command, env=os.environ | more, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(running.pid, 0)
        taken = time.perf_counter() - started
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise click.ClickException("The load failed: look above.")
    return Ran(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, max(waits))


@contextmanager
def _writing(database: Database) -> Iterator[list[float]]:
    """Write a little again and again beside the load; how many milliseconds each write took."""
    over, waits = threading.Event(), [0.0]

    def write() -> None:
        while not over.wait(0.01):
            started = time.perf_counter()
            with database.unit_of_work() as db:
                db.execute(text("UPDATE phone_number SET state = state WHERE id = 0"))
            waits.append((time.perf_counter() - started) * 1000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waits
    finally:
        over.set()
        writer.join()


def _hmac(number: int) -> str:
    return phone.hmac_key(f"+44{number}", KEY.encode())


def _looked_up(database: Database, lines: int) -> list[float]:
    """How many milliseconds each of many look-ups took, one after the other."""
    taken = []
    with database.reading() as db:
        for _ in range(LOOKS):
            asked = select(on_tps(literal(_hmac(FIRST + secrets.randbelow(2 * lines)))))
            started = time.perf_counter()
            db.scalar(asked)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def _judged(database: Database, lines: int, contacts: int) -> float:
    """How many seconds it takes to say of everybody on a list whether they may be rung."""
    now = clock.now()
    with database.unit_of_work() as db:
        group = Group(slug="bench", name="Bench", place="Hove", lat=50.83, lng=-0.17, made_at=now)
        db.add(group)
        db.flush()
        bank = Phonebank(group_id=group.id, title="Bench", status="open", made_at=now)
        db.add(bank)
        db.flush()
        for first in range(0, contacts, 5000):
            places = range(first, min(first + 5000, contacts))
            pour(db, PhoneNumber, [_number(place, lines, contacts) for place in places])
            pour(db, Contact, [_contact(place, bank.id) for place in places])
    with database.unit_of_work() as db:
        db.execute(text("ANALYZE"))
    with database.reading() as db:
        started = time.perf_counter()
        found = queue.reasons(db, bank, moment_of(bank, now=now))
        taken = time.perf_counter() - started
    if abs(found["on_tps"] - contacts / 2) > 1:
        raise click.ClickException(f"Half of the list should be on the TPS: {found}")
    return taken


def _number(place: int, lines: int, contacts: int) -> dict[str, Any]:
    number = FIRST + (place * lines // contacts if place % 2 else lines + place)
    return {"id": place + 1, "e164": f"+44{number}", "hmac": _hmac(number), "kind": "mobile",
            "state": "ok", "fictitious": True, "time_zone": "Europe/London"}  # fmt: skip


def _contact(place: int, bank_id: int) -> dict[str, Any]:
    return {"phonebank_id": bank_id, "number_id": place + 1, "screened": True,
            "shuffle": place, "slot": place // 2 % SLOTS}  # fmt: skip
