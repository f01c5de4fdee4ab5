"""Taking whoever is kept out of everything off every roster and out of every line to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import hashes_of
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations.signing_up import cancel_rsvp
from campaign.events.rules.signups import LIVE
from campaign.foundation import clock
from campaign.people.models import Person


def take_off(db: Session, *, hashes: Sequence[str], mail: Mail | None = None, **_: Any) -> int:
    """Free the places of who has one of these marks, as if they had cancelled; answers how many.

    The host is told what they are told of everybody who cancels. Once it is over they may sign up
    anew: their places are not kept for them.
    """
    wanted, theirs = set(hashes), list[int]()
    query = _to_come(Rsvp.id, Rsvp.name, Rsvp.phone, Person.email, Person.phone)
    for rsvp_id, name, own_number, email, number in db.execute(query):
        marks = hashes_of(db, email=email, phone=own_number, name=name)
        marks += hashes_of(db, email=None, phone=number, name=name)
        if not wanted.isdisjoint(marks):
            theirs.append(rsvp_id)
    return _cancel(db, theirs, mail)


def take_off_people(
    db: Session, *, person_ids: Sequence[int | None], mail: Mail | None = None
) -> int:
    """The same for people who are known by more than we hold of them; answers how many places."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    query = _to_come(Rsvp.id).where(Rsvp.person_id.in_(wanted))
    return _cancel(db, list(db.scalars(query)), mail)


def _to_come(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Event, Event.id == Rsvp.event_id)
        .join(Person, Person.id == Rsvp.person_id)
        .where(Rsvp.status.in_(LIVE), Event.ends_at > clock.now(), Event.state != "cancelled")
        .order_by(Rsvp.event_id, Rsvp.id)
    )


def _cancel(db: Session, rsvp_ids: Sequence[int], mail: Mail | None) -> int:
    for rsvp_id in rsvp_ids:
        cancel_rsvp(db, rsvp=db.get_one(Rsvp, rsvp_id), mail=mail)
    return len(rsvp_ids)
