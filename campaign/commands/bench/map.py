"""``campaign bench map``: every view of the map and its lists, beside a plain select."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import click
from flask.testing import FlaskClient
from sqlalchemy import text

from campaign.app import create_app
from campaign.commands.bench import country, pages
from campaign.commands.bench.scratch import scratch
from campaign.foundation import schema
from campaign.foundation.database import Database
from campaign.foundation.settings import load

LEFT_OUT = """\
Left out: the network, TLS and the web server (requests go into the WSGI application of one process,
one at a time, from a visitor who is not signed in); other load. Kept in: recognising the visitor,
security headers, reading the address, the database, packing. Before each round an event is written,
so nothing is answered from a memory of itself. The plain select reads the degrees of the same rows
(map), or one page of titles (list), and shows nothing. “cpu” is the time of this process alone: on
a machine that others use it says more than the median."""


@dataclass(frozen=True)
class View:
    """One request, and the box whose rows a plain select reads beside it."""

    name: str
    path: str
    box: tuple[float, float, float, float]
    is_list: bool = False

    @property
    def plain(self) -> str:
        """The same rows without anything around them."""
        where = (
            "state = 'listed' AND shown_lng BETWEEN :west AND :east"
            " AND shown_lat BETWEEN :south AND :north AND starts_at > :now"
        )
        if self.is_list:
            return (
                f"SELECT id, title, shown_place FROM event WHERE {where}"  # noqa: S608
                " ORDER BY starts_at, id LIMIT 20"
            )
        return f"SELECT shown_lng, shown_lat FROM event WHERE {where}"  # noqa: S608


def _map(name: str, zoom: int, *box: float, more: str = "") -> View:
    edges = (box[0], box[1], box[2], box[3])
    path = f"/events.geojson?bbox={','.join(map(str, edges))}&zoom={zoom}{more}"
    return View(name, path, edges)


def _list(name: str, query: str, *box: float) -> View:
    return View(name, f"/events?{query}", (box[0], box[1], box[2], box[3]), is_list=True)


UK = (-8.7, 49.5, 2.2, 59.5)
CITY = (-0.36, 51.38, 0.1, 51.62)
VIEWS = (
    _map("map: country, zoom 5", 5, *UK),
    _map("map: country, phonebanks with places, step-free", 5, *UK,
         more="&kind=phonebank&open_only=1&accessible=1"),
    _map("map: country, the word “chapel”", 5, *UK, more="&q=chapel"),
    _map("map: region, zoom 8", 8, -1.6, 50.6, 1.4, 52.2),
    _map("map: city, zoom 11", 11, *CITY),
    _map("map: city, one group", 11, *CITY, more="&group=group-7"),
    _map("map: street, zoom 15", 15, -0.16, 51.49, -0.11, 51.52),
    _list("list: country, most needed", "", *UK),
    _list("list: near London, most needed", "near=51.51,-0.13&radius_km=25", *CITY),
    _list("list: near London, nearest", "near=51.51,-0.13&radius_km=25&sort=distance", *CITY),
    _list("list: country, words, weekend", "q=library&when=weekend&sort=time", *UK),
)  # fmt: skip


@dataclass
class Measured:
    """What came of one view."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    size: int = 0

    def as_line(self, name: str, events: int, engine: str) -> dict[str, Any]:
        """The figures in milliseconds and bytes."""
        middle, floor = median(self.times), median(self.plain)
        worst = sorted(self.times)[max(0, round(len(self.times) * 0.95) - 1)]
        return {
            "bench": "map",
            "view": name,
            "events": events,
            "database": engine,
            "median_ms": round(middle * 1000, 2),
            "p95_ms": round(worst * 1000, 2),
            "cpu_ms": round(median(self.cpu) * 1000, 2),
            "bytes_sent": self.size,
            "plain_select_ms": round(floor * 1000, 2),
            "ratio": round(middle / floor, 2),
        }


@click.command(name="map")
@click.option("--events", default=28_000, show_default=True, help="How many listed events.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
@click.option("--rounds", default=30, show_default=True, help="How often each view is asked.")
@click.option("--browser", is_flag=True, help="Also how soon markers stand on a page in Chromium.")
def bench_map(events: int, url: str | None, rounds: int, browser: bool) -> None:
    """Measure every view of the map and of the lists, through the real application."""
    with scratch(url) as (database, folder):
        schema.upgrade(database)
        click.echo(f"Filling {database.url.get_backend_name()} with {events:,} events …", err=True)
        country.settle(database, events=events)
        _settled(database)
        settings = load(
            {},
            environment="development",
            data_dir=folder,
            database_url=database.url.render_as_string(hide_password=False),
        )
        client = create_app(settings, database).test_client()
        first = _timed(lambda: _ask(client, VIEWS[0]))
        lines = _measure(client, database, events, rounds)
        _show(lines)
        click.echo(f"The first look of a process: {first * 1000:.0f} ms.\n{LEFT_OUT}")
        if browser:
            _show_pages(folder, settings.database_url, events)


def _settled(database: Database) -> None:
    """As a database is that has stood for a night: with statistics."""
    with database.write_engine.connect() as connection, connection.begin():
        connection.execute(text("ANALYZE"))


def _measure(
    client: FlaskClient, database: Database, events: int, rounds: int
) -> list[dict[str, Any]]:
    found = {view.name: Measured() for view in VIEWS}
    for number in range(rounds):
        _write_one(database, number + 1)
        for view in VIEWS:
            one = found[view.name]
            one.plain.append(_timed(lambda view=view: _plainly(database, view)))  # type: ignore[misc]
            started, spent = time.perf_counter(), time.process_time()
            one.size = _ask(client, view)
            one.times.append(time.perf_counter() - started)
            one.cpu.append(time.process_time() - spent)
    engine = database.url.get_backend_name()
    return [found[view.name].as_line(view.name, events, engine) for view in VIEWS]


def _ask(client: FlaskClient, view: View) -> int:
    answer = client.get(view.path, headers={"Accept-Encoding": "gzip"})
    if answer.status_code != 200:
        raise click.ClickException(f"{view.path} answered {answer.status}")
    return len(answer.data)


def _plainly(database: Database, view: View) -> None:
    west, south, east, north = view.box
    edges = {"west": west, "south": south, "east": east, "north": north}
    with database.engine.connect() as connection:
        connection.execute(text(view.plain), edges | {"now": "2000-01-01 00:00:00+00:00"}).all()


def _write_one(database: Database, event_id: int) -> None:
    """Somebody signs up and leaves: the event is written."""
    with database.unit_of_work() as db:
        db.execute(text("UPDATE event SET taken = taken WHERE id = :id"), {"id": event_id})


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _show(lines: list[dict[str, Any]]) -> None:
    click.echo(f"{'view':<50}{'median':>9}{'p95':>9}{'cpu':>9}{'sent':>9}{'plain':>9}{'ratio':>8}")
    for line in lines:
        click.echo(
            f"{line['view']:<50}{line['median_ms']:>6.1f} ms{line['p95_ms']:>6.1f} ms"
            f"{line['cpu_ms']:>6.1f} ms{line['bytes_sent'] / 1000:>6.1f} kB"
            f"{line['plain_select_ms']:>6.1f} ms{line['ratio']:>8.2f}"
        )
    for line in lines:
        click.echo(json.dumps(line, ensure_ascii=False))


def _show_pages(folder: Path, database_url: str, events: int) -> None:
    for name, seconds in pages.markers(folder, database_url):
        line = {"bench": "map", "page": name, "events": events, "markers_s": round(seconds, 3)}
        click.echo(json.dumps(line, ensure_ascii=False))
