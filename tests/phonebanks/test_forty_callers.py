"""Forty callers behind one network address, half an hour of their evening, and a robot among them.

Over real HTTP, with the clock turned: in each second everybody whose turn it is asks at once.
"""

from __future__ import annotations

import heapq
import http.client
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Call, CallerProfile, Phonebank
from campaign.phonebanks.operations import setup, watching
from campaign.phonebanks.rules.sampling import Shares
from tests.phonebanks.making import NOON, fill, make_group, make_person, make_phonebank

CALLERS, MINUTES = 40, 30
# What becomes of a call, how often, and how long it takes from the name to the report.
EVENING = (
    ("no_answer", 55, (40, 75)),
    ("voicemail_none", 15, (35, 60)),
    ("refused_soft", 8, (30, 90)),
    ("talked", 14, (90, 420)),
    ("busy", 5, (25, 40)),
    ("dead_number", 3, (25, 40)),
)
PATH = "/phonebanks/forty"


class Quiet(WSGIRequestHandler):
    """A server that says nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The application, served."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """The clock stands: on a slow machine no step of the evening reaches into the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield


@dataclass
class Volunteer:
    """One caller with a browser of their own, all from one address."""

    port: int
    cookie: str
    chance: random.Random
    robot: bool = False
    token: str = ""
    claim: str | None = None
    shown: bool = False
    outcome: str = ""
    takes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    stopped: datetime | None = None
    calls: int = 0

    def step(self) -> int:
        """Do what is next, and answer with how many seconds pass until the step after it."""
        if self.claim is None:
            return self._took(self.post(f"{PATH}/claims"))
        if not self.shown:
            self.post(f"/claims/{self.claim}/reveal")
            self.shown = True
            return self.takes
        sent = {"outcome": self.outcome, "then": "next", "client_uuid": f"{self.claim}-report"}
        answer = self.post(f"/claims/{self.claim}/outcome", sent)
        self.calls += "saved" in answer
        return self._took(answer)

    def _took(self, answer: dict[str, Any]) -> int:
        claim = answer.get("claim")
        self.claim, self.shown = (claim["id"] if claim else None), False
        if claim is None:
            if answer.get("reason") == "held_back":
                self.stopped = self.stopped or clock.now()
            return 10
        if self.robot:
            self.outcome, self.takes = "talked", 14
            return 1
        codes = [row[0] for row in EVENING]
        (self.outcome,) = self.chance.choices(codes, [row[1] for row in EVENING])
        self.takes = self.chance.randint(*next(row[2] for row in EVENING if row[0] == self.outcome))
        return self.chance.randint(3, 12)

    def post(self, path: str, sent: dict[str, str] | None = None) -> dict[str, Any]:
        """One request on a connection of its own."""
        if not self.token:
            page = self._ask("GET", "/privacy", "")
            found = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert found
            self.token = found[1]
        return dict(json.loads(self._ask("POST", path, urlencode(sent or {}))))

    def _ask(self, method: str, path: str, body: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Host": "localhost", "Accept": "application/json",
                   "Content-Type": "application/x-www-form-urlencoded",
                   "X-CSRFToken": self.token}  # fmt: skip
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            said = answer.read().decode()
            self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        finally:
            connection.close()
        self.statuses[answer.status] += 1
        assert answer.status == 200, f"{method} {path}: {answer.status} {said[:300]}"
        return said


def cookie_of(app: Flask, database: Database, person: Person) -> str:
    """The cookie of a sign-in of theirs."""
    client = app.test_client()
    with database.unit_of_work() as db:
        token = people.open_sign_in(db, person=person)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
        session.permanent = True
    cookie = client.get_cookie("campaign")
    assert cookie is not None
    return f"campaign={cookie.value}"


@pytest.fixture
def evening(app: Flask, database: Database, port: int) -> list[Volunteer]:
    """Forty callers, half of them new, the robot last; and a list that is long enough."""
    with clock.at(NOON), database.unit_of_work() as db:
        bank = make_phonebank(db, make_group(db), public_id="forty", reason="Signed.")
        fill(db, bank, range(2400))
        steps = [{"key": "opening", "say": "Hello?", "options": []}]
        callers = [make_person(db, f"Caller {number}") for number in range(CALLERS + 1)]
        setup.write_script(db, phonebank=bank, steps=steps, actor_id=callers[0].id, now=NOON)
        for number, person in enumerate(callers):
            setup.pass_practice(db, person_id=person.id, now=NOON)
            setup.agree(db, person_id=person.id, now=NOON)
            if number % 2 == 0:
                db.add(CallerProfile(person_id=person.id, trust="regular", since=NOON))
    with clock.at(NOON):
        return [
            Volunteer(port, cookie_of(app, database, person), random.Random(number),
                      robot=number == CALLERS)
            for number, person in enumerate(callers)
        ]  # fmt: skip


def live_through(evening: list[Volunteer], database: Database) -> None:
    """Half an hour, second by second; the worker looks once a minute."""
    terms = watching.Terms(Shares(), b"key")
    turns = [(number % 45, number) for number in range(len(evening))]
    heapq.heapify(turns)
    seconds, next_look = 0, 60
    with ThreadPoolExecutor(max_workers=8) as pool:
        while turns[0][0] < MINUTES * 60:
            seconds = turns[0][0]
            while next_look <= seconds:
                with standing_at(NOON + timedelta(seconds=next_look)):
                    watching.look(database, terms=terms, now=clock.now())
                next_look += 60
            due = []
            while turns and turns[0][0] == seconds:
                due.append(heapq.heappop(turns)[1])
            with standing_at(NOON + timedelta(seconds=seconds)):
                waits = list(pool.map(lambda number: evening[number].step(), due))
            for number, wait in zip(due, waits, strict=True):
                heapq.heappush(turns, (seconds + max(wait, 1), number))


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_forty_callers_of_one_address_ring_undisturbed_and_the_robot_is_paused(
    database: Database, evening: list[Volunteer]
) -> None:
    live_through(evening, database)
    *humans, robot = evening
    statuses = sum((one.statuses for one in evening), Counter())
    assert set(statuses) == {200}, statuses
    assert statuses[200] > 1200, "they did ring"
    assert min(one.calls for one in humans) >= 4
    assert robot.stopped is not None
    assert robot.stopped <= NOON + timedelta(minutes=10)
    assert [one.stopped for one in humans] == [None] * CALLERS
    with database.reading() as db:
        paused = db.execute(
            select(Person.name, CallerProfile.paused_why)
            .join(CallerProfile, CallerProfile.person_id == Person.id)
            .where(CallerProfile.paused_at.is_not(None))
        ).all()
        assert [name for name, _ in paused] == [f"Caller {CALLERS}"]
        bank = db.scalars(select(Phonebank)).one()
        calls = db.scalars(select(Call).where(Call.phonebank_id == bank.id)).all()
        check_calls(calls, evening)


def check_calls(calls: Sequence[Call], evening: list[Volunteer]) -> None:
    """Each report was kept once, and nobody was on two screens or rung twice."""
    assert len([call for call in calls if call.status == "reported"]) == sum(
        one.calls for one in evening
    )
    by_number: dict[int, list[Call]] = {}
    for call in sorted(calls, key=lambda call: (call.claimed_at, call.id)):
        by_number.setdefault(call.number_id, []).append(call)
    for one, other in (pair for made in by_number.values() for pair in pairwise(made)):
        assert one.ended_at is not None
        assert one.ended_at <= other.claimed_at, "nobody is on two screens"
        assert one.attempted_at is None, "nobody is rung twice"
