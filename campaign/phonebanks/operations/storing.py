"""Making people of staged rows: their numbers first and in portions, then everybody at once.

A number alone is nobody: what is on the list, and what a caller may be handed, is the contact.
So numbers are written in short transactions, between which others write; the contacts, and what
is newer about those we know, come in one transaction with the word that the file is brought in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.models.imports import JUDGED, NUMBERED, SHARED, STAGED
from campaign.phonebanks.operations.checking import hold, is_new
from campaign.phonebanks.operations.locking import try_lock_number
from campaign.phonebanks.operations.many import add_all
from campaign.phonebanks.operations.storing_newer import (
    NOT_SAID,
    SAID_NO,
    TEXTS,
    bring_up_to_date,
)
from campaign.phonebanks.operations.storing_sharers import keep_sharers

ROW, KNOWN, NUMBER = STAGED.c, JUDGED.c, NUMBERED.c


def last_place(db: Session) -> int:
    """The last row of the file that may come in."""
    return db.scalar(select(func.max(ROW.place))) or 0


def pour_numbers(db: Session, *, after: int, until: int) -> None:
    """Write the numbers of a portion of rows that we do not have yet."""
    held = exists(literal(1)).where(KNOWN.place == ROW.place, KNOWN.held)
    there = exists(literal(1)).where(PhoneNumber.e164 == ROW.e164)
    # In one order for everybody, so that two who write numbers do not wait in a circle.
    rows: Select[*tuple[Any, ...]] = (
        select(
            ROW.e164,
            ROW.hmac,
            ROW.kind,
            literal("ok"),
            ROW.fictitious,
            literal(phone.UK_TIME),
        )
        .where(ROW.place > after, ROW.place <= until, ~held, ~there)
        .order_by(ROW.e164)
    )
    names = ("e164", "hmac", "kind", "state", "fictitious", "time_zone")
    add_all(db, PhoneNumber, rows, *names)


def find_numbers(db: Session) -> None:
    """Look up the number of each row beforehand: it need not be done while others wait."""
    NUMBERED.create(db.connection(), checkfirst=False)
    for rows in (STAGED, SHARED):
        found = select(rows.c.place, PhoneNumber.id)
        found = found.join(PhoneNumber, PhoneNumber.e164 == rows.c.e164)
        db.execute(insert(NUMBERED).from_select(["place", "number_id"], found))


def forget_numbers(db: Session, *, after: int, until: int) -> None:
    """Take numbers of a portion away again that stand for nobody, and of which nothing is known."""
    theirs = select(ROW.e164).where(ROW.place > after, ROW.place <= until)
    db.execute(
        delete(PhoneNumber)
        .where(PhoneNumber.e164.in_(theirs), PhoneNumber.state == "ok")
        .where(PhoneNumber.last_attempt_at.is_(None))
        .where(~exists(literal(1)).where(Contact.number_id == PhoneNumber.id))
        .where(~exists(literal(1)).where(Call.number_id == PhoneNumber.id))
        .execution_options(synchronize_session=False)
    )


def store(db: Session, *, phonebank_id: int, source: str, expected: int) -> None:
    """Bring those we know up to date and make contacts of the others; what calls taught us stays.

    Whoever has a new number keeps their place on the list. The rows of people whose number cannot
    change now, because it is on a screen, are held: nothing of them is kept. ``expected`` is how
    many new people the check found.
    """
    newest = db.scalar(select(func.max(Contact.id))) or 0
    _move_all(db)
    bring_up_to_date(db, source)
    _add_new(db, phonebank_id, source)
    keep_sharers(db, phonebank_id=phonebank_id)
    ours = (Contact.phonebank_id == phonebank_id, Contact.id > newest)
    if db.scalar(select(func.count()).select_from(Contact).where(*ours)) == expected:
        return
    # Who could not be added: their number was somebody's a moment ago.
    taken = (
        select(ROW.place)
        .join(NUMBERED, NUMBER.place == ROW.place)
        .join(Contact, Contact.number_id == NUMBER.number_id)
        .where(Contact.phonebank_id == phonebank_id, Contact.id <= newest, is_new())
        .order_by(ROW.place)
    )
    hold(db, list(db.scalars(taken)))


def _add_new(db: Session, phonebank_id: int, source: str) -> None:
    may_be_rung = or_(ROW.consent, ROW.screened)
    values: dict[str, ColumnElement[Any]] = {
        "phonebank_id": literal(phonebank_id),
        "number_id": NUMBER.number_id,
        **{name: ROW[name] for name in TEXTS},
        "household_key": ROW.household_key,
        "source": literal(source),
        "consent": ROW.consent,
        "screened": ROW.screened,
        "state": case((may_be_rung, "ready"), else_="held"),
        "hold_reason": case((may_be_rung, null()), (ROW.said_no, SAID_NO), else_=NOT_SAID),
        "shuffle": ROW.shuffle,
        "slot": ROW.slot,
        "note": literal(""),
        **{name: literal(0) for name in ("attempts", "voicemails", "busy_count", "version")},
        "priority": literal(5),
    }
    rows = (
        select(*values.values())
        .select_from(STAGED)
        .join(NUMBERED, NUMBER.place == ROW.place)
        .where(is_new())
        .order_by(ROW.place)
    )
    add_all(db, Contact, rows, *values)


def _move_all(db: Session) -> None:
    """Give people their new numbers, unless either number is in somebody's hands now."""
    query = (
        select(KNOWN.place, Contact.id, Contact.number_id, NUMBER.number_id)
        .select_from(JUDGED)
        .join(Contact, Contact.id == KNOWN.contact_id)
        .join(NUMBERED, NUMBER.place == KNOWN.place)
        .where(KNOWN.moves, ~KNOWN.held)
        .order_by(KNOWN.place)
    )
    waiting = [
        place
        for place, contact_id, before, after in db.execute(query).all()
        if not _move(db, contact_id, before, after)
    ]
    hold(db, waiting)


def _move(db: Session, contact_id: int, before: int, after: int) -> bool:
    # A claim holds the number before the contact, and so do we; but we do not wait, for an import
    # holds many rows already.
    if not all(try_lock_number(db, one) for one in sorted((before, after))):
        return False
    moved = db.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.number_id == before)
        .where(Contact.state != "claimed")
        .values(number_id=after, version=Contact.version + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]
