"""The server is killed and started again while a room taps: its phones go on by themselves.

An acknowledged tap is on the disk, none is done twice however often it was sent, and every phone
hears afterwards where the evening stands.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import requests
from sqlalchemy import func, select

from campaign.commands.bench import hall as halls
from campaign.commands.bench.hall import Hall
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Card, Commitment, Participant, SentTap
from tests.faults.site import TOKEN, Site, empty
from tests.faults.stores import Store

PHONES, SECONDS, WORKERS = 40, 60, 2
ANSWERS = ("host", "cohost", "come")


@dataclass
class Kept:
    """What one phone was told is kept, newest last, and what it has heard."""

    willing: str | None = None
    yes: bool = False
    marks: set[str] = field(default_factory=set)
    sent: int = 0
    phase: str = ""


class Tapper(threading.Thread):
    """A phone in the room: taps, and sends each tap until it is answered; now and then twice."""

    def __init__(self, site: Site, hall: Hall, number: int, until: float) -> None:
        super().__init__()
        self.site, self.hall, self.number, self.until = site, hall, number, until
        self.kept, self.problem = Kept(), None
        self.session = requests.Session()
        self.session.cookies.set("meetup", hall.keys[number - 1], path=f"/m/{hall.code}")
        self.chance = random.Random(number)
        self.token = ""

    def run(self) -> None:
        """Tap until the time is up, then ask once more how the room stands."""
        try:
            while time.monotonic() < self.until:
                self.tap()
                time.sleep(self.chance.uniform(0.1, 0.6))
            told = self.asked("GET", f"/m/{self.hall.code}/state", {}, "application/json").json()
            self.kept.phase = told["phase"] if told["you"] else ""
        except BaseException as problem:
            self.problem = problem

    def tap(self) -> None:
        """One tap, kept once it was acknowledged."""
        mark, wall = str(uuid.uuid4()), self.chance.random() < 0.4
        # Everything on the wall is at the same hour: a phone keeps to one card.
        card = self.hall.cards[self.number % len(self.hall.cards)]
        answer = self.chance.choice(ANSWERS)
        where = f"wall/{card}" if wall else "willing"
        said = ("no" if self.kept.yes else "yes") if wall else answer
        for _ in range(2 if self.chance.random() < 0.3 else 1):
            done = self.send(f"/m/{self.hall.code}/{where}", answer=said, tap_mark=mark)
            assert done.status_code == 303, f"{where} {said}: {done.status_code}"
        self.kept.marks.add(mark)
        if wall:
            self.kept.yes = said == "yes"
        else:
            self.kept.willing = said

    def send(self, path: str, **fields: str) -> requests.Response:
        """Post a form with the token of the page, as its script does."""
        while not self.token:
            page = self.asked("GET", f"/m/{self.hall.code}", {}).text
            found = TOKEN.search(page)
            self.token = found.group(1) if found else ""
        return self.asked("POST", path, {**fields, "csrf_token": self.token})

    def asked(
        self, method: str, path: str, fields: dict[str, str], accept: str = "text/html"
    ) -> requests.Response:
        """The answer; asked again while nobody answers or the server is at fault."""
        for _ in range(1200):
            self.kept.sent += 1
            try:
                answer = self.session.request(
                    method,
                    self.site.address + path,
                    data=fields,
                    headers={"Accept": accept},
                    timeout=30,
                    allow_redirects=False,
                )
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code < 500:
                return answer
            time.sleep(0.1)
        raise RuntimeError(f"{method} {path} was never answered")


def run(store: Store, folder: Path, *, calls: int) -> dict[str, int]:
    """A minute of it; answers the count of what must be nothing."""
    del calls
    with empty(store, folder) as site:
        hall = halls.fill(site.database, people=PHONES + 4, sessions=4)
        site.database.dispose()
        site.start(WORKERS)
        until = time.monotonic() + SECONDS
        # The first numbers host what hangs on the wall.
        phones = [Tapper(site, hall, number, until) for number in _guests(site.database, hall)]
        for phone in phones:
            phone.start()
        restarted = _hurt(site, until)
        for phone in phones:
            phone.join()
        if problems := [phone.problem for phone in phones if phone.problem]:
            raise problems[0]
        return {
            "acknowledged": sum(len(phone.kept.marks) for phone in phones),
            "requests": sum(phone.kept.sent for phone in phones),
            "restarted": restarted,
            **_judged(site.database, hall, phones),
        }


def _guests(database: Database, hall: Hall) -> list[int]:
    with database.reading() as db:
        hosts = set(db.scalars(select(Card.host_id).where(Card.host_id.is_not(None))))
        rows = db.execute(
            select(Participant.id, Participant.number)
            .where(Participant.batch_id == hall.batch_id)
            .order_by(Participant.number)
        )
        return [number for at, number in rows if at not in hosts][:PHONES]


def _hurt(site: Site, until: float) -> int:
    """Kill the whole server every few seconds, without a word to anybody, and start it again."""
    chance, restarted = random.Random(7), 0
    while time.monotonic() < until - 5:
        time.sleep(chance.uniform(2, 6))
        site.kill()
        if restarted % 3 == 2:
            site.store.crash()
        site.start(WORKERS)
        restarted += 1
    return restarted


def _judged(database: Database, hall: Hall, phones: list[Tapper]) -> dict[str, int]:
    """Each of these numbers must be nothing."""
    with database.reading() as db:
        phase = db.get_one(Batch, hall.batch_id).phase
        people = {
            number: (at, willing)
            for at, number, willing in db.execute(
                select(Participant.id, Participant.number, Participant.willing)
                .where(Participant.batch_id == hall.batch_id)
                .order_by(Participant.number)
            )
        }
        taken = list(db.scalars(select(Commitment.participant_id).order_by(Commitment.id)))
        marks = set(db.scalars(select(SentTap.mark).order_by(SentTap.mark)))
        stored = db.scalar(select(func.count()).select_from(SentTap)) or 0
    acknowledged = set().union(*(phone.kept.marks for phone in phones))
    mine = [(phone.kept, *people[phone.number]) for phone in phones]
    return {
        "lost": len(acknowledged - marks)
        + sum(kept.willing != willing for kept, _, willing in mine)
        + sum(kept.yes != (at in taken) for kept, at, _ in mine),
        "doubled": stored - len(acknowledged) + len(taken) - len(set(taken)),
        "phones that did not go on": sum(kept.phase != phase for kept, _, _ in mine),
    }
