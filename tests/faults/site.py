"""A site under fault: its people and lists, its server in processes of its own, and its callers."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import requests
from sqlalchemy import insert, select

from campaign.commands import opening
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.web import House
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.operations import setup
from tests.faults.stores import Store
from tests.phonebanks.making import fill, make_group, make_phonebank

ROOT = Path(__file__).resolve().parents[2]
# A weekday at noon in London: the callers of a fault keep lawful hours.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ANSWER_WITHIN = 30


@dataclass
class Site:
    """A running site and what it stands on."""

    store: Store
    database: Database
    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def workers(self) -> list[psutil.Process]:
        """The web workers that live just now."""
        if self.process is None:
            return []
        try:
            return psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []

    def start(self, workers: int) -> None:
        """Start the server and wait until it answers."""
        port = self.address.rpartition(":")[2]
        command = [sys.executable, "-m", "campaign", "serve", "--no-work", "--port", port]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(240):
            try:
                if requests.get(f"{self.address}/health/live", timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.25)
        raise RuntimeError("the server did not start within a minute")

    def stop(self) -> None:
        """End the server by its own id."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=40)

    def kill(self) -> None:
        """Kill the server and its workers at once, as a power cut does."""
        for worker in [*self.workers(), psutil.Process(self.process.pid if self.process else 0)]:
            worker.kill()
        if self.process is not None:
            self.process.wait(timeout=40)


@contextmanager
def empty(store: Store, folder: Path) -> Iterator[Site]:
    """A site with its tables and nothing in them; its server is not started."""
    site = _site(store, folder)
    clock.set_offset(float(site.environment["CAMPAIGN_CLOCK_OFFSET"]))
    _house(site).database.dispose()
    try:
        yield site
    finally:
        site.stop()
        site.database.dispose()
        clock.set_offset(0)


@contextmanager
def built(
    store: Store, folder: Path, *, callers: int, people_each: int, banks: int = 1, workers: int = 4
) -> Iterator[tuple[Site, list[str]]]:
    """A site with phonebanks of overlapping lists and callers who have practised and agreed.

    Yields it with the phonebanks' public ids; list n holds the numbers from n/2 lists on, so
    that neighbours share half their people.
    """
    site = _site(store, folder)
    clock.set_offset(float(site.environment["CAMPAIGN_CLOCK_OFFSET"]))
    house = _house(site)
    banks_ids = _fill(house, callers, people_each, banks)
    try:
        if workers:
            site.start(workers)
        yield site, banks_ids
    finally:
        site.stop()
        site.database.dispose()
        clock.set_offset(0)


def _site(store: Store, folder: Path) -> Site:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    offset = (NOON - datetime.now(UTC)).total_seconds()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "CAMPAIGN_ENVIRONMENT": "development",
        "CAMPAIGN_DATA_DIR": str(folder / "data"),
        "CAMPAIGN_DATABASE_URL": store.url,
        "CAMPAIGN_BASE_URL": address,
        "CAMPAIGN_CLOCK_OFFSET": f"{offset:.0f}",
        "CAMPAIGN_CALLING_PACE": "off",
        "CAMPAIGN_MAIL_URL": "memory:",
        "CAMPAIGN_SECRET_KEY": "for faults only, for faults only, for faults only",
        "CAMPAIGN_SUPPRESSION_KEY": "for faults only, for faults only, for faults only",
        "PYTHONPATH": str(ROOT),
    }
    return Site(store, Database(store.url), address, environment)


def _house(site: Site) -> House:
    before = dict(os.environ)
    os.environ.update(site.environment)
    try:
        house = opening.house(ready=False)
        opening.bring_up(house)
        return house
    finally:
        os.environ.clear()
        os.environ.update(before)


def _fill(house: House, callers: int, people_each: int, banks: int) -> list[str]:
    made: list[str] = []
    with house.database.unit_of_work() as db:
        group = make_group(db)
        for n in range(banks):
            bank = make_phonebank(db, group, title=f"List {n + 1}")
            first = n * people_each // 2
            for start in range(first, first + people_each, 500):
                fill(db, bank, range(start, min(start + 500, first + people_each)))
            made.append(bank.public_id)
        db.execute(
            insert(Person),
            [
                {
                    "name": f"Caller {n}",
                    "public_id": f"fault{n}",
                    "email": f"caller{n}@faults.example",
                    "made_at": clock.now() - timedelta(days=1),
                }
                for n in range(callers)
            ],
        )
        for person_id in db.scalars(select(Person.id).where(Person.public_id.like("fault%"))):
            setup.pass_practice(db, person_id=person_id, now=clock.now())
            setup.agree(db, person_id=person_id, now=clock.now())
    house.database.dispose()
    return made


class Phone:
    """One caller's browser: signs in by a mailed link, and sends each step until it is answered."""

    def __init__(self, site: Site, number: int) -> None:
        self.site, self.session = site, requests.Session()
        self.session.headers["Accept"] = "application/json"
        self.tries = 0
        for _ in range(10):
            if self._sign_in(number):
                break
        else:
            raise RuntimeError("ten links did not sign a caller in")
        self.token = self._token(f"{site.address}/me")

    def _sign_in(self, number: int) -> bool:
        """By one link; where a worker died after it was used, its answer is lost with the link."""
        with self.site.database.unit_of_work() as db:
            key = people.write_link(db, email=f"caller{number}@faults.example")
        link = f"{self.site.address}/sign-in/{key}"
        sent = self.tries
        done = self._until_answered("POST", link, {"csrf_token": self._token(link)})
        assert done.status_code < 400 or self.tries > sent + 2, done.text
        return done.status_code < 400

    def _token(self, url: str) -> str:
        answer = self._until_answered("GET", url, {}, accept="text/html")
        found = TOKEN.search(answer.text)
        assert found, f"no form on {url}: {answer.status_code}"
        return found.group(1)

    def post(self, path: str, **fields: Any) -> requests.Response:
        """Post a form; sent again while nobody answers or the server is at fault."""
        return self._until_answered("POST", self.site.address + path, fields)

    def _until_answered(
        self, method: str, url: str, fields: dict[str, Any], accept: str = "application/json"
    ) -> requests.Response:
        headers = {"Accept": accept, "X-CSRFToken": getattr(self, "token", "")}
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                self.tries += 1
                answer = self.session.request(
                    method, url, data=fields, headers=headers, timeout=ANSWER_WITHIN
                )
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code < 500:
                return answer
            time.sleep(0.1)
        raise RuntimeError(f"{method} {url} was not answered within two minutes")
