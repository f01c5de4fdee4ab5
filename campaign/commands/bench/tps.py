"""``campaign bench tps``: a long TPS file is loaded by the command, then looked up in."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
from sqlalchemy import literal, select

from campaign.app import open_house
from campaign.commands import opening
from campaign.commands.bench.scratch import scratch
from campaign.foundation import phone
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from campaign.phonebanks.queries.screening import on_tps

SECRET = "for the benchmark only, for the benchmark only"  # noqa: S105
LOOKS = 1000
# Ofcom gives these to nobody, and there are thousands of millions of them.
FIRST = 4_000_000_000
LEFT_OUT = """\
Kept in: starting the command, reading the file, the keyed hash of each line, one transaction, the
audit log. A look-up is one select by the key, as a claim asks it; half of those are on the list.
Left out: a file with numbers that are written in other ways, or a table with flags (slower to
read); other load; a database server that is not on this machine. “peak” is the command alone."""


@dataclass(frozen=True)
class Ran:
    """What a load took."""

    seconds: float
    cpu: float
    peak_mb: float


@click.command(name="tps")
@click.option("--lines", default=1_000_000, show_default=True, help="How long the file is.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
def bench_tps(lines: int, url: str | None) -> None:
    """Measure the load of a TPS file, twice, and a look-up in it."""
    with scratch(url) as (database, folder):
        more = {
            "CAMPAIGN_ENVIRONMENT": "development",
            "CAMPAIGN_DATA_DIR": str(folder),
            "CAMPAIGN_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "CAMPAIGN_SECRET_KEY": SECRET,
            "CAMPAIGN_SUPPRESSION_KEY": SECRET[::-1],
        }
        opening.bring_up(open_house(load(more), database))
        file = _written(folder / "tps.txt", lines)
        first, again = _loaded(file, more), _loaded(file, more)
        looks = _looked_up(database, lines)
        for name, ran in (("loaded", first), ("again", again)):
            spent = f"{ran.seconds:.1f} s, {ran.cpu:.1f} s of CPU"
            click.echo(f"{name:<7} {spent}, {ran.peak_mb:.0f} MB at its peak")
        click.echo(f"look-up {median(looks):.3f} ms\n{LEFT_OUT}")
        line = {
            "bench": "tps",
            "database": database.url.get_backend_name(),
            "lines": lines,
            "load_s": round(first.seconds, 2),
            "again_s": round(again.seconds, 2),
            "cpu_s": round(max(first.cpu, again.cpu), 2),
            "peak_mb": round(max(first.peak_mb, again.peak_mb)),
            "look_up_ms": round(median(looks), 3),
            "look_up_p95_ms": round(sorted(looks)[int(len(looks) * 0.95)], 3),
        }
        click.echo(json.dumps(line))


def _written(file: Path, lines: int) -> Path:
    """A file as the TPS writes it: twelve characters, CRLF, in no order of ours."""
    with file.open("w", newline="") as out:
        for number in range(lines):
            out.write(f"{FIRST + number * 7919 % lines:<12}\r\n")
    return file


def _loaded(file: Path, more: dict[str, str]) -> Ran:
    """Run the command in a process of its own; its peak is what the system saw."""
    command = [sys.executable, "-m", "campaign", "suppress", "load", str(file), "--source", "tps"]
    started = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 (our own command)
        command, env=os.environ | more, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise click.ClickException("The load failed: look above.")
    cpu = used.ru_utime + used.ru_stime
    return Ran(time.perf_counter() - started, cpu, used.ru_maxrss / 1024)


def _looked_up(database: Database, lines: int) -> list[float]:
    """How many milliseconds each of many look-ups took, one after the other."""
    taken = []
    with database.reading() as db:
        for _ in range(LOOKS):
            number = FIRST + secrets.randbelow(2 * lines)
            hmac = phone.hmac_key(f"+44{number}", SECRET[::-1].encode())
            asked = select(on_tps(literal(hmac)))
            started = time.perf_counter()
            db.scalar(asked)
            taken.append((time.perf_counter() - started) * 1000)
    return taken
