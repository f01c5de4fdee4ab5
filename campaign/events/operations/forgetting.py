"""Forgetting who signed up: when they ask, and once an event is long over; a count stays.

Whoever is forgotten leaves a sign-up without a name, on a person of its own that says nothing:
counts hold, and nothing joins one event's nobody to another's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, RsvpKey, ShiftChoice
from campaign.events.operations.signing_up import cancel_rsvp
from campaign.events.rules.signups import LIVE, SOMEBODY
from campaign.foundation import audit, clock, journal, signals
from campaign.foundation.database import Database
from campaign.groups.models import Membership
from campaign.people.models import Person
from campaign.people.operations import drop_unheld, note_person

HANDFUL = 100


def withdraw(db: Session, *, person_id: int, mail: Mail | None = None) -> None:
    """Give back every place that a person has or waits for; whoever is next is told."""
    for rsvp in _of(db, person_id):
        _give_back(db, rsvp, mail)


def forget_rsvp(db: Session, *, rsvp: Rsvp, mail: Mail | None = None) -> None:
    """Delete what a sign-up holds of somebody. A place that is still to come is given back."""
    rsvp_id, person_id, event_id = rsvp.id, rsvp.person_id, rsvp.event_id
    journal.note_erased(db, "rsvp", rsvp.public_id)
    _give_back(db, rsvp, mail)
    _blank(db, [(rsvp_id, person_id)])
    audit.append(db, "sign-up forgotten", subject=f"event:{event_id}", details=[f"rsvp:{rsvp_id}"])
    drop_unheld(db, person_ids=[person_id])


def forget_person(db: Session, *, person_id: int) -> None:
    """Somebody is erased: their sign-ups stay as a count, and events forget who hosted them."""
    held = _of(db, person_id)
    for rsvp in held:
        _give_back(db, rsvp, None)
    _blank(db, [(rsvp.id, person_id) for rsvp in held])
    db.execute(
        update(Event)
        .where(Event.host_id == person_id, Event.host_name.is_not(None))
        .values(host_name=None)
    )


def _of(db: Session, person_id: int) -> list[Rsvp]:
    query = select(Rsvp).where(Rsvp.person_id == person_id).options(joinedload(Rsvp.event))
    return list(db.scalars(query.order_by(Rsvp.id)))


def _give_back(db: Session, rsvp: Rsvp, mail: Mail | None) -> None:
    if rsvp.status in LIVE and rsvp.event.ends_at > clock.now():
        cancel_rsvp(db, rsvp=rsvp, mail=mail)


def _blank(db: Session, held: Iterable[tuple[int, int]]) -> None:
    """Take everything personal off these sign-ups, and their keys."""
    theirs = [rsvp_id for rsvp_id, _ in held]
    for rsvp_id in theirs:
        nobody = note_person(db, name=SOMEBODY)
        db.execute(
            update(Rsvp)
            .where(Rsvp.id == rsvp_id)
            .values(
                person_id=nobody.id,
                name=SOMEBODY,
                phone=None,
                postcode=None,
                guest_names="",
                client_uuid=None,
            )
        )
        db.execute(delete(RsvpKey).where(RsvpKey.rsvp_id == rsvp_id))
        db.execute(delete(ShiftChoice).where(ShiftChoice.rsvp_id == rsvp_id))
    if theirs:
        signals.sign_ups_forgotten.send(db, rsvp_ids=theirs)
    db.expire_all()


def export_person(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What this room holds of a person, for their own eyes."""
    into["Sign-ups"] = [facts_of(rsvp) for rsvp in _of(db, person_id)]
    hosted = select(Event).where(Event.host_id == person_id).order_by(Event.starts_at, Event.id)
    into["Events you host"] = [
        {"event": event.title, "starts": _instant(event.starts_at), "name shown": event.host_name}
        for event in db.scalars(hosted)
    ]


def facts_of(rsvp: Rsvp) -> dict[str, Any]:
    """Everything a sign-up holds; its event is loaded."""
    return {
        "event": rsvp.event.title,
        "starts": _instant(rsvp.event.starts_at),
        "name": rsvp.name,
        "phone": rsvp.phone,
        "postcode": rsvp.postcode,
        "guests": rsvp.guests,
        "names of guests": rsvp.guest_names or None,
        "status": rsvp.status,
        "attendance": rsvp.attendance.replace("_", " "),
        "came from": rsvp.source,
        "signed up": _instant(rsvp.made_at),
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def due_to_be_forgotten(db: Session, *, ended_before: datetime) -> int:
    """How many sign-ups the next purge would forget."""
    return db.scalar(select(func.count()).select_from(_due(ended_before).subquery())) or 0


def purge(database: Database, *, ended_before: datetime) -> int:
    """Forget who signed up to events that ended before then; answers how many.

    Whoever has an account or belongs to a group stays; names of guests go all the same, for
    those never told us anything. May be stopped and run again at any moment.
    """
    forgotten = 0
    while True:
        with database.unit_of_work() as db:
            query = _due(ended_before).order_by(Rsvp.id).limit(HANDFUL)
            held = [(rsvp_id, person_id) for rsvp_id, person_id in db.execute(query)]
            _blank(db, held)
            drop_unheld(db, person_ids=[person_id for _, person_id in held])
            forgotten += len(held)
            if len(held) < HANDFUL:
                _forget_guests(db, ended_before)
                return forgotten


def _due(ended_before: datetime) -> Select[int, int]:
    belongs = select(Membership.person_id).where(Membership.person_id == Person.id).exists()
    return (
        select(Rsvp.id, Rsvp.person_id)
        .join(Rsvp.event)
        .join(Rsvp.person)
        .where(
            Event.ends_at < ended_before,
            or_(Rsvp.name != SOMEBODY, Rsvp.phone.is_not(None), Person.email.is_not(None)),
            _is_stranger(belongs),
        )
    )


def _is_stranger(belongs: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Person.email_confirmed_at.is_(None), ~belongs)


def _forget_guests(db: Session, ended_before: datetime) -> None:
    over = select(Event.id).where(Event.ends_at < ended_before)
    db.execute(
        update(Rsvp)
        .where(Rsvp.guest_names != "", Rsvp.event_id.in_(over))
        .values(guest_names="")
        .execution_options(synchronize_session=False)
    )
