"""``campaign bench import``: a long list read, counted and brought in, with every check on."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import resource
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select, text

from campaign.commands.bench.scratch import scratch
from campaign.foundation import apart, clock, phone, schema
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, Refused
from campaign.groups.models import Group
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import importing, working
from campaign.phonebanks.operations.never import suppress_many
from campaign.phonebanks.operations.working import Shop

KEY = b"for-measuring-only-" * 2
HEADINGS = ("Membership Number", "First Name", "Surname", "Mobile", "Email", "Town", "OK to ring")
PORTION = 2_000
PHASES = ("dry run", "bring in", "again: dry run", "again: bring in")
LEFT_OUT = """\
Left out: the upload, the web server and its page; numbers whose zero a spreadsheet lost, and
addresses; other load, save one writer that tries a small change every 10 ms; on PostgreSQL the
memory and the CPU of its server. Kept in: the copy of the file, its reading, the look at every
number, numbers that are refused or suppressed, doubles in the file and on the list, consent, the
progress that is written on the way, the audit log, and the commit. Each phase runs in a process
of its own, whose highest memory is shown, with the interpreter in it, and with the highest of the
process that judges rows beside it; so is the CPU of both. “again” is the same file a second
time."""
# So often, in seconds, the memory of a process beside a phase is looked at.
LOOK = 0.05


@dataclass
class Waits:
    """How a writer fared beside an import."""

    took: list[float] = field(default_factory=list)
    turned_away: int = 0
    over: threading.Event = field(default_factory=threading.Event)


@click.command(name="import")
@click.option("--rows", default=500_000, show_default=True, help="How many rows the file has.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
def bench_import(rows: int, url: str | None) -> None:
    """Measure a list of people read, counted and brought in, and brought in again."""
    with scratch(url) as (database, folder):
        schema.upgrade(database)
        path = folder / "people.csv"
        _write(path, rows)
        phonebank_id = _settle(database, rows)
        lines = [_line(phase, rows, path, phonebank_id, database) for phase in PHASES]
        for line in lines:
            click.echo(
                f"{line['phase']:<18}{line['seconds']:>8.1f} s{line['rows_per_second']:>10,} rows/s"
                f"{line['cpu_s']:>8.1f} s of CPU{line['peak_mb']:>6.0f} MB"
                f"   a writer waited {line['p99_wait_s']:.2f} s (p99), {line['longest_wait_s']:.2f}"
                f" s (longest), {line['turned_away']} turned away"
            )
        click.echo(f"Counts: {lines[1]['counts']}\n{LEFT_OUT}")
        for line in lines:
            click.echo(json.dumps(line))


def _write(path: Path, rows: int) -> None:
    """Mostly good rows; of a hundred, one has no number, one is destroyed, one stands twice."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for place in range(rows):
            number = {
                13: "",
                37: "4.47701E+11",
                61: f"+444{place - 1:09}",
            }.get(place % 100, f"+444{place:09}")
            town = ("Hove", "Leeds", "Cardiff")[place % 3]
            name = ("Amina", "Priya", "Tom", "Zoë")[place % 4]
            mail = f"nobody{place}@people.example"
            out.writerow([f"M{place:07}", name, f"Nobody{place % 997}", number, mail, town, "yes"])


def _settle(database: Database, rows: int) -> int:
    """A phonebank, and every two-hundredth number asked never to be rung."""
    with database.unit_of_work() as db:
        group = Group(slug="bench", name="Bench", place="Hove", lat=50.83, lng=-0.17,
                      made_at=clock.now())  # fmt: skip
        db.add(group)
        db.flush()
        phonebank = Phonebank(group_id=group.id, title="Bench", made_at=clock.now())
        db.add(phonebank)
        db.flush()
        never = [phone.hmac_key(f"+444{place:09}", KEY) for place in range(0, rows, 200)]
        for start in range(0, len(never), PORTION):
            part = never[start : start + PORTION]
            suppress_many(db, part, reason="asked", source="bench", now=clock.now())
        return phonebank.id


def _line(
    phase: str, rows: int, path: Path, phonebank_id: int, database: Database
) -> dict[str, Any]:
    """One phase in a process of its own, beside a writer."""
    address = database.url.render_as_string(hide_password=False)
    waits = Waits()
    writer = threading.Thread(target=_keep_writing, args=(database, waits))
    writer.start()
    try:
        # Begun afresh, so that its memory is its own and not a copy of ours.
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            found = alone.apply(_work, (phase, address, str(path), phonebank_id))
    finally:
        waits.over.set()
        writer.join()
    return {
        "bench": "import",
        "phase": phase,
        "rows": rows,
        "database": database.url.get_backend_name(),
        **found,
        "rows_per_second": round(rows / found["seconds"]),
        "p99_wait_s": round(sorted(waits.took)[int(len(waits.took) * 0.99)], 3),
        "longest_wait_s": round(max(waits.took), 3),
        "writes": len(waits.took) - waits.turned_away,
        "turned_away": waits.turned_away,
    }


def _keep_writing(database: Database, waits: Waits) -> None:
    while not waits.over.wait(0.01):
        started = time.perf_counter()
        try:
            with database.unit_of_work() as db:
                db.execute(text('UPDATE "group" SET priority = priority'))
        except Busy:
            waits.turned_away += 1
        waits.took.append(time.perf_counter() - started)


def _work(phase: str, address: str, path: str, phonebank_id: int) -> dict[str, Any]:
    database = Database(address)
    shop = Shop(database, Path(path).parent / "imports", KEY, allow_unassigned=True)
    beside, over = {"peak": 0.0}, threading.Event()
    looking = threading.Thread(target=_watch_memory, args=(beside, over), daemon=True)
    looking.start()
    begun, busy = time.perf_counter(), _cpu()
    batch_id = (_give if phase.endswith("dry run") else _decide)(shop, path, phonebank_id)
    batch = working.see_through(shop, batch_id, lambda _: None)
    seconds, cpu = time.perf_counter() - begun, _cpu() - busy
    over.set()
    looking.join()
    if batch.state == "failed":
        raise Refused(batch.trouble)
    if batch.state == "imported":
        working.clear_away(shop, batch_id)
    database.dispose()
    peak = max(_peak(), beside["peak"])
    found = {"seconds": round(seconds, 3), "cpu_s": round(cpu, 3), "peak_mb": round(peak, 1)}
    return {**found, "counts": dict(batch.counts)}


def _give(shop: Shop, path: str, phonebank_id: int) -> int:
    with shop.database.unit_of_work() as db, Path(path).open("rb") as file:
        return importing.take_file(
            db,
            file,
            folder=shop.folder,
            phonebank=db.get_one(Phonebank, phonebank_id),
            file_name="people.csv",
            source="Bench",
            basis="column",
            collected_on=clock.now().date(),
            now=clock.now(),
            actor_id=None,
        ).id


def _decide(shop: Shop, _path: str, _phonebank_id: int) -> int:
    with shop.database.unit_of_work() as db:
        waiting = db.scalars(select(ImportBatch).where(ImportBatch.state == "previewed")).one()
        importing.bring_in(db, batch=waiting, now=clock.now(), actor_id=None)
        return waiting.id


def _cpu() -> float:
    """The seconds that this process used, and those it began that are over."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _watch_memory(found: dict[str, float], over: threading.Event) -> None:
    """Note the highest memory of this process and those it began, while there are any."""
    while not over.wait(LOOK):
        begun = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
        beside = sum(_of_beside(Path(f"/proc/{one}")) for some in begun for one in some)
        if beside:
            found["peak"] = max(found["peak"], _peak() + beside)


def _of_beside(process: Path) -> float:
    """That of a process that judges rows; one that is just being begun has its parent's still."""
    try:
        is_apart = apart.__name__.encode() in (process / "cmdline").read_bytes()
        return _of_status(process / "status") if is_apart else 0.0
    except (OSError, IndexError):  # it is over
        return 0.0


def _of_status(status: Path) -> float:
    # What the system adds up for a process begins with its parent's; this is its own.
    words = status.read_text().partition("VmHWM:")[2].split()
    return int(words[0]) * 1024 / 1e6


def _peak() -> float:
    """The highest memory of this process, in millions of bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return _of_status(status)
    kind = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * kind / 1e6
