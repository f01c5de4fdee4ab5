"""Web workers are killed every moment and the database crashes, while callers report.

An acknowledged outcome is on the disk: none is lost, none is doubled, and nobody stays claimed
by a call that is over.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from campaign.phonebanks.models import Call, Contact
from tests.faults.site import Phone, Site, built
from tests.faults.stores import Store

CLIENTS, CRASHES, WORKERS = 20, 5, 4
# Of each person there is one outcome, and none of these gives the same person out again.
OUTCOMES = ("talked", "no_answer", "refused_soft", "voicemail_none")


class Caller(threading.Thread):
    """Rings until enough outcomes are acknowledged; keeps what was acknowledged."""

    def __init__(self, site: Site, number: int, bank: str, share: int) -> None:
        super().__init__()
        self.site, self.number, self.bank, self.share = site, number, bank, share
        self.kept: dict[str, str] = {}
        self.problem: BaseException | None = None
        self.following: dict[str, Any] | None = None
        self.tries = 0

    def run(self) -> None:
        """Ring; a problem is kept for the end."""
        try:
            phone = Phone(self.site, self.number)
            chance = random.Random(self.number)
            while len(self.kept) < self.share:
                self.call(phone, chance)
            self.tries = phone.tries
        except BaseException as problem:
            self.problem = problem

    def call(self, phone: Phone, chance: random.Random) -> None:
        """One call from claim to outcome, each step sent until it is answered."""
        claim = self.following or phone.post(f"/phonebanks/{self.bank}/claims").json()["claim"]
        self.following = None
        if claim is None:
            time.sleep(0.05)
            return
        if not phone.post(f"/claims/{claim['id']}/reveal").ok:
            return
        key, outcome = str(uuid.uuid4()), chance.choice(OUTCOMES)
        # Mostly in one statement with the next claim, as the screen does it.
        then = chance.choice(("next", "next", "next", "stop"))
        answer = phone.post(
            f"/claims/{claim['id']}/outcome", outcome=outcome, client_uuid=key, then=then
        )
        if answer.ok:
            assert answer.json()["saved"]["outcome"] == outcome, answer.text
            self.kept[key] = outcome
            self.following = answer.json()["claim"]


def run(store: Store, folder: Path, *, calls: int) -> dict[str, int]:
    """Log so many outcomes under fault; answers the count of what must be nothing."""
    with built(store, folder, callers=CLIENTS, people_each=calls + 500, workers=WORKERS) as (
        site,
        banks,
    ):
        callers = [Caller(site, n, banks[0], -(-calls // CLIENTS)) for n in range(CLIENTS)]
        for caller in callers:
            caller.start()
        killed, crashed = _hurt(site, callers, calls)
        for caller in callers:
            caller.join()
        problems = [caller.problem for caller in callers if caller.problem]
        if problems:
            raise problems[0]
        kept = {key: said for caller in callers for key, said in caller.kept.items()}
        tries = sum(caller.tries for caller in callers)
        return {
            "acknowledged": len(kept),
            "requests": tries,
            "killed": killed,
            "crashed": crashed,
            **_judged(site, kept),
        }


def _hurt(site: Site, callers: list[Caller], calls: int) -> tuple[int, int]:
    """Kill a worker every 0.2 to 2 s, and crash the database five times on the way."""
    chance, killed, crashed = random.Random(7), 0, 0
    while any(caller.is_alive() for caller in callers):
        time.sleep(chance.uniform(0.2, 2))
        done = sum(len(caller.kept) for caller in callers)
        if crashed < CRASHES and done > (crashed + 1) * calls / (CRASHES + 2):
            crashed += 1
            if not site.store.crash():
                # The database lives in the web processes: all of them fall at once.
                site.kill()
                site.start(WORKERS)
        workers = site.workers()
        if workers:
            chance.choice(workers).kill()
            killed += 1
    return killed, crashed


def _judged(site: Site, kept: dict[str, str]) -> dict[str, int]:
    """Each of these numbers must be nothing."""
    with site.database.reading() as db:
        reported = select(Call).where(Call.status == "reported")
        stored = {call.client_uuid: call.result_code for call in db.scalars(reported)}
        rows = db.scalar(select(func.count()).select_from(Call).where(Call.status == "reported"))
        open_calls = select(Call.id).where(Call.status.in_(("claimed", "revealed")))
        claimed = select(Contact.claim_call_id).where(Contact.state == "claimed")
        twice = (
            select(Call.contact_id)
            .where(Call.status == "reported")
            .group_by(Call.contact_id)
            .having(func.count() > 1)
        )
        return {
            "lost": sum(stored.get(key) != said for key, said in kept.items()),
            "doubled": (rows or 0) - len(kept) if (rows or 0) > len(kept) else 0,
            "people reported twice": len(list(db.scalars(twice))),
            "orphaned": len(set(db.scalars(open_calls)) ^ set(db.scalars(claimed))),
        }
