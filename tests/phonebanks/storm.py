"""One process of the storm: threads that claim, stall, show, report or fall asleep.

Run as ``python -m tests.phonebanks.storm URL SECONDS THREADS LOG FIRST_CALLER [patient]``; writes
one JSON line for each person shown: number, contact, claim, caller, from when until when. Who is
patient tries again where the database is too busy; all others wait for it as long as they must.
A slow machine goes on until it has shown enough to say something.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from campaign import registry
from campaign.foundation import engines, writegate
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, Conflict
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.operations.revealing import reveal

# Instants are the machine's; the phonebanks of the storm are for practice, open at all hours.
STALLS = (0.0, 0.0, 0.01, 0.05, 0.3, 1.5)
# So many people a process shows at least, and how much longer it takes for that at most.
FEWEST, LONGER = 100, 100.0


def now() -> datetime:
    return datetime.now(UTC)


class Caller(threading.Thread):
    """One volunteer with a shaky connection."""

    patience: type[Exception] | tuple[()] = ()
    banks: tuple[int, ...] = ()

    def __init__(self, database: Database, number: int, until: float, log: list[Any]) -> None:
        super().__init__()
        self.database, self.number, self.until, self.log = database, number, until, log
        self.chance = random.Random(number)
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            while time.monotonic() < self.until + (LONGER if len(self.log) < FEWEST else 0):
                try:
                    self.call()
                except self.patience:
                    time.sleep(0.2)
        except BaseException as problem:
            self.problem = problem

    def call(self) -> None:
        shown = self.claim()
        if shown is None:
            time.sleep(0.01)
            return
        stall = self.chance.choice(STALLS)
        time.sleep(stall)
        if self.chance.random() < 0.2:
            return  # the tab was closed: the claim runs out by itself
        self.report(shown)

    def claim(self) -> dict[str, Any] | None:
        with self.database.unit_of_work() as db:
            phonebank = db.scalars(
                select(Phonebank).where(Phonebank.id == self.chance.choice(self.banks))
            ).one()
            found = claim_next(
                db, phonebank=phonebank, caller_id=self.number, now=now(), pace=False
            )
            if not isinstance(found, Claim):
                return None
            shown = {
                "call": found.call.id,
                "contact": found.contact.id,
                "number": found.number.id,
                "caller": self.number,
                "until": found.call.expires_at.timestamp(),
            }
        # Nobody sees a person before the claim is committed.
        shown["from"] = now().timestamp()
        self.log.append(shown)
        return shown

    def report(self, shown: dict[str, Any]) -> None:
        try:
            with self.database.unit_of_work() as db:
                call = db.get_one(Call, shown["call"])
                phonebank = db.get_one(Phonebank, call.phonebank_id)
                reveal(db, call=call, phonebank=phonebank, now=now(), pace=False)
        except Conflict:
            return  # its time was over, as it should say
        with self.database.unit_of_work() as db:
            call = db.get_one(Call, shown["call"])
            phonebank = db.get_one(Phonebank, call.phonebank_id)
            # The screen is left before the report is sent.
            shown["until"] = min(shown["until"], now().timestamp())
            record_outcome(db, call=call, phonebank=phonebank, outcome="no_answer", now=now())


def main(url: str, seconds: str, threads: str, path: str, first: str, patient: str = "") -> None:
    registry.subscribe()
    if patient:
        Caller.patience = Busy
    else:
        writegate.WAIT_SECONDS = engines.WAIT_SECONDS = LONGER
    database = Database(url, pool_size=int(threads))
    with database.reading() as db:
        Caller.banks = tuple(db.scalars(select(Phonebank.id).order_by(Phonebank.id)))
    log: list[Any] = []
    until = time.monotonic() + float(seconds)
    callers = [Caller(database, int(first) + n, until, log) for n in range(int(threads))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    database.dispose()
    with open(path, "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in log)
    problems = [caller.problem for caller in callers if caller.problem]
    for problem in problems:
        sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
