"""One action takes back everything that a caller did since a moment, do-not-calls aside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import Database, lock_alone
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.phonebanks import adapters
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Call, Phonebank, Reversal
from campaign.phonebanks.operations.locking import end_claim, lock_contact, lock_number
from campaign.phonebanks.operations.promising import promise_again
from campaign.phonebanks.operations.taking_out import take_out
from campaign.phonebanks.queries import holding
from campaign.phonebanks.queries import taking_out as queries

# Notes and answers are not kept for ever, and what is gone could not be put back.
FURTHEST = timedelta(days=28)
# So many calls are taken out while the lead waits; more by the worker, in portions of numbers.
AT_ONCE = 400
PORTION = 150
REVERSED = {"status": "reversed", "reached": False, "attempted_at": None}


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be taken out, how it had ended, and what stays."""

    calls: int
    people: int
    ended: list[tuple[str, int]]
    wishes: int
    old: int


def preview(
    db: Session, *, caller_id: int, phonebanks: Collection[Phonebank], since: datetime
) -> Preview:
    """Count what a reversal would do, without doing it."""
    never = wishes()
    theirs = queries.of_caller(caller_id, [bank.id for bank in phonebanks], since=since)
    rows = queries.counted(db, theirs, never)
    outcomes = adapters.outcomes()
    ended = [
        (outcomes[code].label if code in outcomes else "Shown, and nothing said", many)
        for what, code, many in rows
        if what == "out"
    ]
    return Preview(
        calls=sum(many for _, many in ended),
        people=queries.people_in(db, theirs & ~queries.stays(never)),
        ended=ended,
        wishes=sum(many for what, _, many in rows if what == "wish"),
        old=sum(many for what, _, many in rows if what == "old"),
    )


def wishes() -> list[str]:
    """The outcomes that put a number on the do-not-call list: always honoured, never taken back."""
    return [outcome.code for outcome in adapters.outcomes() if outcome.suppress]


def reverse(
    db: Session,
    *,
    caller: Person,
    phonebanks: Collection[Phonebank],
    since: datetime,
    actor_id: int,
    mail: Mail,
    now: datetime,
) -> Reversal:
    """Take back what a caller did since then; the first phonebank is where the lead stands.

    Whoever is in the caller's hands there goes back first. From this transaction on nothing of it
    can be reported any more. Few calls are out at once; many are named now and taken out by the
    worker, number by number. Refuses a moment to come and one too long ago, and where there is
    nothing to take back.
    """
    if not now - FURTHEST <= since <= now:
        raise Refused("Choose a moment of the last four weeks.", field="since")
    _end_claims(db, caller.id, phonebanks, now)
    bank_ids = [bank.id for bank in phonebanks]
    made = Reversal(
        phonebank_id=bank_ids[0],
        also=bank_ids[1:],
        caller_id=caller.id,
        since=since,
        made_at=now,
        made_by=actor_id,
        calls=0,
        done=0,
    )
    db.add(made)
    db.flush()
    made.calls = _name(db, made, bank_ids)
    if not made.calls:
        raise Refused("There is nothing to take back: this caller did nothing since then.")
    audit.append(
        db,
        "calls taken back",
        subject=f"phonebank:{bank_ids[0]}",
        actor_id=actor_id,
        details=[
            f"reversal:{made.id}",
            f"person:{caller.id}",
            f"since:{since.isoformat(timespec='seconds')}",
            f"calls:{made.calls}",
            *(f"phonebank:{key}" for key in bank_ids[1:]),
        ],
    )
    db.flush()
    while made.calls <= AT_ONCE and made.finished_at is None:
        take_portion(db, made, mail=mail, now=now)
    return made


def _end_claims(
    db: Session, caller_id: int, phonebanks: Collection[Phonebank], now: datetime
) -> None:
    held = holding.held_by(db, caller_id)
    bank = next((bank for bank in phonebanks if held and bank.id == held.phonebank_id), None)
    if held is None or bank is None:
        return
    lock_number(db, held.number_id)
    contact = lock_contact(db, held.id)
    if contact.state == "claimed" and contact.claimed_by == caller_id:
        end_claim(db, contact=contact, phonebank=bank, now=now, status="revoked")


def _name(db: Session, made: Reversal, bank_ids: list[int]) -> int:
    """Say of each call that this reversal takes it out: nobody reports or undoes it now."""
    theirs = queries.of_caller(made.caller_id, bank_ids, since=made.since)
    named = db.execute(
        update(Call)
        .where(theirs, ~queries.stays(wishes()), Call.reversal_id.is_(None))
        .values(reversal_id=made.id)
        .execution_options(synchronize_session=False)
    )
    return int(named.rowcount)  # type: ignore[attr-defined]


def take_portion(db: Session, reversal: Reversal, *, mail: Mail, now: datetime) -> None:
    """Take out the calls of a few numbers more, or find that all is done."""
    calls = queries.named(db, reversal.id, most=PORTION)
    if calls:
        contacts = take_out(db, calls, **REVERSED)
        for contact in contacts:
            promise_again(db, contact=contact, mail=mail, now=now)
        reversal.done += len(calls)
    if reversal.done >= reversal.calls or not calls:
        reversal.finished_at = now
    db.flush()


def work_on(database: Database, *, mail: Mail, now: datetime) -> bool:
    """A portion of a reversal that waits for the worker, in a transaction of its own.

    False where there is none, or another worker is at it. Each portion is whole, so a worker may be
    killed at any moment and the next goes on.
    """
    with database.reading() as db:
        if queries.going(db) is None:
            return False
    with database.unit_of_work() as db:
        if not lock_alone(db, "reversals"):
            return False
        found = queries.going(db)
        if found is None:
            return False
        held = select(Reversal).where(Reversal.id == found).with_for_update()
        take_portion(db, db.scalars(held).one(), mail=mail, now=now)
    return True
