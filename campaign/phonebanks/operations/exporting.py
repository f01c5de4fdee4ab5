"""Exports: one person asks, another decides, the first fetches within a day. All in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post
from campaign.foundation.spreadsheets.writing import Value
from campaign.foundation.words import clean_text
from campaign.people.models import Person
from campaign.phonebanks import adapters, messages
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ContactExport, Phonebank
from campaign.phonebanks.queries import exporting
from campaign.phonebanks.rules.exports import (
    MOST_WORDS,
    SHAPES,
    Decided,
    NotYours,
    OwnExport,
    Standing,
    are_one,
    stands,
)


def ask(
    db: Session,
    *,
    phonebank: Phonebank,
    shape: str,
    reason: str,
    actor_id: int,
    now: datetime,
    mail: Mail | None = None,
) -> ContactExport:
    """Ask for a table of the phonebank's people; whoever may decide on it gets a letter.

    The same question while it waits, or may be fetched, is that question. Refuses an unknown
    shape and a question without a reason.
    """
    if shape not in SHAPES:
        raise Refused("Choose one of the tables.", field="shape")
    reason = clean_text(reason, most=MOST_WORDS, field="reason")
    if len(reason) < 5:
        raise Refused("Say what you need it for: a second person reads it.", field="reason")
    for before in exporting.exports_of(db, phonebank.id):
        alive = standing_of(before, phonebank.closes_at, now=now)
        same = before.asked_by == actor_id and before.shape == shape
        if same and alive.state in ("asked", "approved"):
            return before
    export = ContactExport(
        phonebank_id=phonebank.id, shape=shape, reason=reason, asked_by=actor_id, asked_at=now
    )
    db.add(export)
    _note(db, export, "export asked for", actor_id)
    if mail is not None:
        label = SHAPES[shape].label
        for person in exporting.deciders(db, but=actor_id):
            letter = messages.export_asked(mail, to=person.email or "", title=phonebank.title)
            if person.email:
                post(db, letter, key=f"export-asked:{export.public_id}:{person.id}:{label}")
    return export


def decide(
    db: Session,
    *,
    export: ContactExport,
    yes: bool,
    actor_id: int,
    now: datetime,
    mail: Mail | None = None,
) -> ContactExport:
    """Approve or refuse somebody else's export; they get a letter.

    OwnExport for one's own, also by another account of one's own; Decided where somebody was
    first or it is over.
    """
    if export.asked_by == actor_id or _are_one(db, export.asked_by, actor_id):
        raise OwnExport
    held = _alone(db, export)
    bank = db.get_one(Phonebank, held.phonebank_id)
    if standing_of(held, bank.closes_at, now=now).state != "asked":
        raise Decided
    held.state = "approved" if yes else "refused"
    held.decided_by, held.decided_at = actor_id, now
    _note(db, held, f"export {held.state}", actor_id)
    asker = db.get_one(Person, held.asked_by)
    if mail is not None and asker.email:
        letter = messages.export_decided(
            mail, to=asker.email, title=bank.title, yes=yes, path=f"/phonebanks/{bank.public_id}"
        )
        post(db, letter, key=f"export-decided:{held.public_id}")
    return held


def fetch(
    db: Session, *, export: ContactExport, actor_id: int, now: datetime
) -> tuple[list[str], Iterator[Sequence[Value]]]:
    """The table, for who asked for it and while the yes lasts; every time is in the audit log."""
    held = _alone(db, export)
    bank = db.get_one(Phonebank, held.phonebank_id)
    standing = standing_of(held, bank.closes_at, now=now)
    if held.asked_by != actor_id or standing.state != "approved":
        raise NotYours
    held.fetched_at = now
    _note(db, held, "export fetched", actor_id)
    return exporting.table_of(db, held, adapters.outcomes())


def withdraw_all(db: Session, *, phonebank_id: int) -> None:
    """The phonebank is closed: what was asked for before has to be asked for anew."""
    db.execute(
        update(ContactExport)
        .where(ContactExport.phonebank_id == phonebank_id)
        .where(ContactExport.state.in_(("asked", "approved")))
        .values(state="withdrawn")
        .execution_options(synchronize_session="fetch")
    )


def withdraw_of(db: Session, *, person_id: int) -> None:
    """Somebody's standing changed: what they asked for, or said yes to, is no longer to be had."""
    theirs = or_(ContactExport.asked_by == person_id, ContactExport.decided_by == person_id)
    db.execute(
        update(ContactExport)
        .where(theirs, ContactExport.state.in_(("asked", "approved")))
        .values(state="withdrawn")
        .execution_options(synchronize_session="fetch")
    )


def standing_of(export: ContactExport, closes_at: datetime | None, *, now: datetime) -> Standing:
    """Where an export stands, as its phonebank stands now."""
    return stands(
        export.state,
        asked_at=export.asked_at,
        decided_at=export.decided_at,
        now=now,
        closes_at=closes_at,
    )


def _are_one(db: Session, one: int, other: int) -> bool:
    people = (db.get_one(Person, one), db.get_one(Person, other))
    return are_one(*((person.email, person.phone) for person in people))


def _alone(db: Session, export: ContactExport) -> ContactExport:
    held = select(ContactExport).where(ContactExport.id == export.id).with_for_update()
    return db.scalars(held.execution_options(populate_existing=True)).one()


def _note(db: Session, export: ContactExport, action: str, actor_id: int) -> None:
    db.flush()
    audit.append(
        db,
        action,
        subject=f"phonebank:{export.phonebank_id}",
        actor_id=actor_id,
        details=[f"export:{export.id}", export.shape],
    )
