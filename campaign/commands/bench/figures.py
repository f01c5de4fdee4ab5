"""``campaign bench figures``: the sums of many calls, who is left and why, and their pages."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import click
from flask.testing import FlaskClient
from sqlalchemy import String, case, cast, insert, literal, null, text, update

from campaign.app import create_app
from campaign.commands import opening
from campaign.commands.bench import crowd
from campaign.commands.bench.crowd import CONTACT, NUMBER, PERSON, Crowd
from campaign.commands.bench.scratch import scratch
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from campaign.groups.models import Membership
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank, ScriptVersion
from campaign.phonebanks.operations import summing
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import queue, sums

# A weekday at noon in London: in lawful hours, so that some are ready.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAYS = 10
CALL = 50_000_001
CODES = ("no_answer", "talked", "no_answer", "voicemail_left", "no_answer", "refused_soft",
         "no_answer", "busy", "talked", "voicemail_none")  # fmt: skip
REACHED = ("talked", "refused_soft")
SCRIPT = [
    {"key": "come", "say": "Could you come?", "options": [{"key": "yes", "label": "Yes"},
                                                          {"key": "no", "label": "No"}]}
]  # fmt: skip
LEFT_OUT = """\
Kept in: one list with all contacts, its calls over ten days by so many callers, answers, households
of two for a fifth of the people, rests and caps, statistics as of a database that has stood for a
night. “sums” is one whole count of all calls, as the worker makes it every five minutes; “reasons”
is why each person cannot be rung now; the pages are asked of the WSGI application of one process by
the lead, with what the worker has counted. Left out: the network, TLS, the web server, other load
(the pages' own process and the database share this machine's cores); several time zones, sharers,
bank holidays; check-ins at an event. The middle of so many rounds; “worst” is the slowest."""


@click.command(name="figures")
@click.option("--contacts", default=300_000, show_default=True, help="How many stand on the list.")
@click.option("--calls", default=500_000, show_default=True, help="How many were reported.")
@click.option("--callers", default=1_000, show_default=True, help="By how many callers.")
@click.option("--rounds", default=5, show_default=True, help="How often each thing is asked.")
@click.option("--database", "url", help="A PostgreSQL server; without it a SQLite file is made.")
def bench_figures(*, contacts: int, calls: int, callers: int, rounds: int, url: str | None) -> None:
    """Measure figures and the board of one large phonebank."""
    with scratch(url) as (database, folder):
        offset = f"{(NOON - clock.now()).total_seconds():.0f}"
        settings = load(
            {"CAMPAIGN_CLOCK_OFFSET": offset},
            environment="development",
            data_dir=folder,
            database_url=database.url.render_as_string(hide_password=False),
        )
        try:
            app = create_app(settings, database)
            opening.bring_up(app.extensions["campaign"])
            click.echo(f"Filling {contacts:,} contacts and {calls:,} calls …", err=True)
            settle(database, Crowd(1, contacts, callers), calls=calls)
            told = {"bench": "figures", "database": database.url.get_backend_name(),
                    "contacts": contacts, "calls": calls}  # fmt: skip
            for name, work in _things(database, _lead(app.test_client(), app)):
                click.echo(json.dumps(told | {"what": name} | _timed(work, rounds)))
            click.echo(LEFT_OUT)
        finally:
            clock.set_offset(0)


def settle(database: Database, people: Crowd, *, calls: int) -> None:
    """A list that was rung for ten days."""
    crowd.settle(database, people, now=NOON)
    everybody = people.contacts + people.callers
    with database.write_engine.connect() as db, db.begin():
        db.execute(insert(ScriptVersion), {"id": 1, "phonebank_id": 1, "number": 1,
                                           "steps": SCRIPT, "made_at": NOON})  # fmt: skip
        db.execute(insert(Membership), {"group_id": 1, "person_id": PERSON, "role": "organiser",
                                        "joined_at": NOON})  # fmt: skip
        crowd._many(db, Call, _calls(people, calls, everybody))
        crowd._many(db, Answer, _answers(calls))
        _rest(db, people)
    with database.write_engine.connect() as db, db.begin():
        db.execute(text("ANALYZE"))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(text("VACUUM"))


def _calls(people: Crowd, calls: int, everybody: int) -> Iterator[dict[str, Any]]:
    step = timedelta(days=DAYS) / calls
    for n in range(calls):
        at = NOON - timedelta(days=DAYS) + n * step
        person = people.callers + n * 7919 % people.contacts
        code = CODES[n % len(CODES)]
        yield {"id": CALL + n, "public_id": str(80_000_000 + n), "contact_id": CONTACT + person,
               "phonebank_id": 1, "number_id": NUMBER + person,
               "caller_id": PERSON + n % people.callers, "status": "reported", "claimed_at": at,
               "revealed_at": at, "attempted_at": at, "ended_at": at, "reported_at": at,
               "expires_at": at, "result_code": code, "reached": code in REACHED,
               "session_id": n * 20 // calls, "script_number": 1}  # fmt: skip


def _answers(calls: int) -> Iterator[dict[str, Any]]:
    for n in range(calls):
        if CODES[n % len(CODES)] == "talked":
            yield {"call_id": CALL + n, "question": "come", "option": "yes" if n % 3 else "no"}


def _rest(db: Any, people: Crowd) -> None:
    """What the calls left behind: finished, worn out, at rest, promised, or ready again."""
    place = Contact.id % 20
    free = Contact.state == "ready"
    at = Contact.not_before.type
    states = case((place < 6, "done"), (place == 6, "exhausted"), (place == 7, "callback"),
                  else_="ready")  # fmt: skip
    promised = case((place == 7, literal(NOON + timedelta(hours=3), at)), else_=null())
    rests = case((place.in_((8, 9)), literal(NOON + timedelta(hours=1), at)), else_=promised)
    reached = case((place < 6, literal(NOON - timedelta(hours=9), at)), else_=null())
    home = case((place < 4, literal("home ") + cast(Contact.id // 2, String)), else_=null())
    db.execute(
        update(Contact).where(free).values(
            state=states, promised_at=promised, not_before=rests, reached_at=reached,
            household_key=home, attempts=Contact.id % 4, last_result="no_answer",
        )
    )  # fmt: skip
    turn = PhoneNumber.id % 20
    long_ago = literal(NOON - timedelta(days=9), at)
    rested = ((turn < 2, 5), (turn < 14, 40), (turn < 17, 100))
    hours = [(when, literal(NOON - timedelta(hours=ago), at)) for when, ago in rested]
    last = case(*hours, else_=long_ago)
    mine = PhoneNumber.id >= NUMBER + people.callers
    db.execute(update(PhoneNumber).where(mine).values(last_attempt_at=last))


def _lead(client: FlaskClient, app: Any) -> FlaskClient:
    """The organiser of the list, signed in."""
    from campaign.commands.bench.ringing import Desk

    name, _, value = Desk(app, 0).cookie(0).partition("=")
    client.set_cookie(name, value)
    return client


def _things(database: Database, client: FlaskClient) -> Iterator[tuple[str, Callable[[], object]]]:
    def page(path: str) -> Callable[[], object]:
        def asked() -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise click.ClickException(f"{path} answered {answer.status}")

        return asked

    def counted() -> None:
        with database.reading() as db:
            (asked,) = sums.asked_of(db, [db.get_one(Phonebank, 1)])
            sums.sums_of(db, asked)

    def reasons() -> None:
        with database.reading() as db:
            phonebank = db.get_one(Phonebank, 1)
            queue.reasons(db, phonebank, moment_of(phonebank, now=clock.now()))

    yield "reasons", reasons
    yield "sums", counted
    summing.sum_up(database, now=clock.now())
    yield "page of figures", page("/phonebanks/bench0/figures")
    yield "page of the board", page("/phonebanks/bench0/lead")


def _timed(work: Callable[[], object], rounds: int) -> dict[str, float]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return {"median_ms": round(median(times), 1), "worst_ms": round(max(times), 1)}
