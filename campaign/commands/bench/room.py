"""``campaign bench room``: a thousand phones ask whether anything has changed."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
from flask import Flask
from flask_wtf.csrf import generate_csrf

from campaign.app import create_app
from campaign.commands import opening
from campaign.commands.bench import hall as halls
from campaign.commands.bench.hall import DESK_TOKEN, Hall
from campaign.commands.bench.phones import PAGE, STATE, WRITE, Answer, Crowd, Phone
from campaign.commands.bench.scratch import scratch
from campaign.commands.bench.served import Served, served, spending
from campaign.commands.bench.taps import Bench, let_them_write, lost
from campaign.foundation.database import Database
from campaign.foundation.settings import load

SECRET = "for the benchmark only, for the benchmark only"  # noqa: S105
LEFT_OUT = """\
Kept in: `campaign serve` with {workers} workers as operators run it, a connection and a cookie for
each phone, CSRF, limits, one commit on the disk for each write; phones load their page anew where
they hear that it looks different, as their script does. Left out: TLS and a proxy; styles and
scripts, which a phone loads once; the projector and the desk’s own page. Phones, server and
database share this machine’s cores{others}. A wait is counted from when a phone wanted to ask.
“quiet”: nobody writes, every answer is 304. “busy”: {joins:g} join and {writes:g} tap each second
(hands, and yes or no to a session), so some hear that their own page has changed. “turn”: the desk
goes on to the next part, and every phone loads another page."""


@click.command(name="room")
@click.option("--phones", default=1000, show_default=True, help="How many are in the room.")
@click.option("--seconds", default=30.0, show_default=True, help="How long each part lasts.")
@click.option("--writes", default=5.0, show_default=True, help="Taps a second while it is busy.")
@click.option("--joins", default=1.0, show_default=True, help="Who comes in, a second.")
@click.option("--workers", default=2, show_default=True, help="Web processes of the server.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
def bench_room(
    *, phones: int, seconds: float, writes: float, joins: float, workers: int, url: str | None
) -> None:
    """Measure what a hall of phones costs that ask every four seconds, and look for lost writes."""
    with scratch(url) as (database, folder):
        app, more = _site(database, folder)
        click.echo(f"{phones} people come in …", err=True)
        hall = halls.fill(database, people=phones, sessions=max(1, phones // 50))
        where = database.url.render_as_string(hide_password=False)
        with served(folder, where, workers=workers, more=more) as server:
            bench = _bench(app, database, server, hall)
            try:
                line = _measure(bench, phones, seconds, writes, joins)
            finally:
                bench.crowd.close()
        line |= lost(database, hall, bench.kept)
    others = "" if database.is_sqlite else ", PostgreSQL’s too"
    click.echo(LEFT_OUT.format(workers=workers, others=others, joins=joins, writes=writes))
    click.echo(json.dumps({"bench": "room", "database": database.url.get_backend_name(), **line}))


def _site(database: Database, folder: Path) -> tuple[Flask, dict[str, str]]:
    more = {
        "CAMPAIGN_SECRET_KEY": SECRET,
        "CAMPAIGN_SUPPRESSION_KEY": SECRET,
        "CAMPAIGN_MAIL_URL": "memory:",
    }
    where = database.url.render_as_string(hide_password=False)
    settings = load(more, environment="development", data_dir=folder, database_url=where)
    app = create_app(settings, database)
    opening.bring_up(app.extensions["campaign"])
    return app, more


def _bench(app: Flask, database: Database, server: Served, hall: Hall) -> Bench:
    name = str(app.config["SESSION_COOKIE_NAME"])
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.test_request_context():
        from flask import session

        csrf, secret = generate_csrf(), session["csrf_token"]

    def signed(known: dict[str, Any]) -> str:
        return f"{name}={signer.dumps(known | {'csrf_token': secret})}"

    dice = random.Random(2026)  # noqa: S311 (the same evening again)
    return Bench(database, server, hall, Crowd(server.port, hall.code, dice=dice), signed, csrf)


def _measure(
    bench: Bench, phones: int, seconds: float, writes: float, joins: float
) -> dict[str, Any]:
    crowd, spent = bench.crowd, spending(bench.server, bench.database)
    own = bench.signed({})
    for key in bench.hall.keys:
        crowd.join(Phone(f"{own}; meetup={key}"))
    # Pages are loaded and connections opened before anything is counted.
    for _ in range(60):
        crowd.answers.clear()
        crowd.run(5.0)
        if crowd.answers and all(one.status == 304 for one in crowd.answers):
            break
    line: dict[str, Any] = {"phones": phones, "workers_cpu": None}
    line |= _part(bench, spent, "quiet", seconds)
    let_them_write(bench, seconds, writes, joins)
    line |= _part(bench, spent, "busy", seconds)
    line |= _turn(bench, spent, seconds)
    crowd.settle()
    line.pop("workers_cpu")
    line["reopened"] = crowd.reopened
    return line


def _part(
    bench: Bench, spent: Callable[[], tuple[float, float]], name: str, seconds: float
) -> dict[str, Any]:
    bench.crowd.answers.clear()
    before, began = spent(), time.perf_counter()
    bench.crowd.run(seconds)
    took = time.perf_counter() - began
    used = [b - a for a, b in zip(before, spent(), strict=True)]
    made = _figures(name, bench.crowd.answers, used, took)
    click.echo("  ".join(f"{name} {value}" for name, value in made.items()))
    return made


def _figures(name: str, answers: list[Answer], used: list[float], seconds: float) -> dict[str, Any]:
    same = [one for one in answers if one.kind == STATE and one.status == 304]
    told = [one for one in answers if one.kind == STATE and one.status == 200]
    made = {
        f"{name}_unchanged": len(same),
        f"{name}_told": len(told),
        f"{name}_pages": sum(one.kind == PAGE for one in answers),
        f"{name}_writes": sum(one.kind == WRITE for one in answers),
        f"{name}_errors": sum(one.status >= 400 for one in answers),
        **{f"{name}_p{part}_ms": _percentile(same, part) for part in (50, 95, 99)},
        f"{name}_cores": round(used[0] / 1000 / seconds, 3),
        f"{name}_database_cores": round(used[1] / 1000 / seconds, 3),
    }
    if name == "quiet":
        made["cpu_ms_unchanged"] = round(used[0] / max(1, len(same)), 3)
        made["bytes_unchanged"] = round(sum(one.sent for one in same) / max(1, len(same)))
    if told:
        made[f"{name}_bytes_told"] = round(sum(one.sent for one in told) / len(told))
    return made


def _percentile(answers: list[Answer], part: float) -> float:
    ranked = sorted(one.seconds for one in answers)
    return round(ranked[max(0, round(len(ranked) * part / 100) - 1)] * 1000, 1) if ranked else 0.0


def _turn(bench: Bench, spent: Callable[[], tuple[float, float]], seconds: float) -> dict[str, Any]:
    """The desk goes on; how long until every phone has heard."""
    desk = Phone(bench.signed({"_user_id": DESK_TOKEN, "_fresh": True}), polls=False)
    bench.crowd.phones.append(desk)
    pressed = time.perf_counter()
    done: list[int] = []
    body = urlencode({"csrf_token": bench.csrf, "seen": "commit", "to": "close"})
    bench.crowd.post(
        desk, f"/m/{bench.hall.code}/desk/phase", body, lambda status, *_: done.append(status)
    )
    made = _part(bench, spent, "turn", seconds)
    if done != [303]:
        raise click.ClickException(f"The desk was answered {done}.")
    phones = [phone for phone in bench.crowd.phones if phone.polls]
    heard = sorted(phone.heard_at - pressed for phone in phones if phone.phase == "close")
    made["turn_heard"] = len(heard)
    made["turn_heard_within_s"] = round(heard[-1], 1) if heard else None
    return made
