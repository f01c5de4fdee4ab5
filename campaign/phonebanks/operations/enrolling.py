"""Signing somebody up to an event in a call: with their yes, in the transaction of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.orm import Session

from campaign.conduct.rules.kept_out import KeptOut
from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.signing_up import lock
from campaign.events.rules.signups import LIVE, SEATED
from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.phonebanks.models import Call, CallSignUp, Contact, Sharer
from campaign.phonebanks.queries.near import (
    ids_of,
    may_come_to,
    sign_ups_of,
    signed_up_at,
    who_came_by_phone,
)
from campaign.phonebanks.rules.outcomes import Outcome
from campaign.phonebanks.rules.scripts import says_yes_to
from campaign.phonebanks.rules.ways import Block

FIELD = "signup"
NOT_TAKEN = (
    "Not on the list for “{}”: we cannot take this sign-up. They can write to us and ask why."
)
# A report is undone and sent again a few times at most.
MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """To which events, by the question that asked; and whether they want it by email."""

    events: Mapping[str, str] = field(default_factory=dict)
    by_mail: bool = False
    mail: Mail | None = None


def hold(db: Session, wish: Wish) -> list[Event]:
    """The events that are wished for, alone until the transaction ends, in one order.

    An event comes before the number, the person and the call: so do all who sign up on its page
    and then look for the person on call lists.
    """
    return [lock(db, event_id) for event_id in ids_of(db, wish.events.values())]


def check(
    wish: Wish,
    held: Sequence[Event],
    steps: Sequence[Block],
    answers: Mapping[str, str],
    *,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Refuse a sign-up without their yes, after a call without a talk, or to what is not open."""
    if not wish.events:
        return
    if not set(wish.events) <= says_yes_to(steps, answers):
        raise Refused(
            "Nobody is signed up without their yes. Tap the answer that says it, or “None of "
            "these”.",
            field=FIELD,
        )
    if not outcome.reached:
        raise Refused("To sign them up, say that you talked with them.", field="outcome")
    open_now = {event.public_id for event in held if may_come_to(event, now=now)}
    if not set(wish.events.values()) <= open_now:
        raise Refused(
            "This event is over, off, or not on the map any more. Choose another one.", field=FIELD
        )


def enrol(
    db: Session,
    *,
    call: Call,
    contact: Contact,
    e164: str,
    wish: Wish,
    held: Sequence[Event],
    now: datetime,
) -> list[str]:
    """Put them on the roster, or at the end of the line; answers what became of it, in sentences.

    They are known by their number alone, unless they want the details by email and we have their
    address. Who comes already is signed up no second time. Who is kept out of everything is not
    signed up, and the report stands: no caller learns why.
    """
    who = (db.get(Sharer, call.spoken_to) if call.spoken_to else None) or contact
    name = f"{who.first_name} {who.last_name}".strip() or "Somebody we rang"
    said = []
    # A call whose report was undone signs up anew; what it had made before stays cancelled.
    before = len(sign_ups_of(db, {call.id: call}))
    for event in held:
        email = who.email if wish.by_mail else None
        known = signed_up_at(db, event.id, email=who.email) if who.email else None
        known = known or who_came_by_phone(db, event.id, e164=e164, name=name)
        try:
            done = events.sign_up(
                db,
                event=event,
                name=name,
                email=email,
                person=None if email else known,
                phone=e164,
                client_uuid=_mark(call, event, min(before, MOST_TRIES - 1)),
                mail=wish.mail,
            )
        except KeptOut:
            said.append(NOT_TAKEN.format(event.title))
            continue
        people.insert_or_leave(db, CallSignUp, call_id=call.id, rsvp_id=done.rsvp.id, at=now)
        audit.append(
            db,
            "signed up in a call",
            subject=f"event:{event.id}",
            actor_id=call.caller_id,
            details=[f"call:{call.id}"],
        )
        seated = done.rsvp.status in SEATED
        said.append(f"{'On the list' if seated else 'In line'} for “{event.title}”.")
    return said


def take_back(db: Session, calls: Sequence[Call], mail: Mail | None = None) -> list[str]:
    """Undo what these calls signed people up to, where that still stands; answers to which events.

    Only sign-ups that the calls made: who had signed up before stays. Events come first, in one
    order; see ``hold``.
    """
    gone: list[str] = []
    for call, rsvp in sign_ups_of(db, {call.id: call for call in calls}):
        event = lock(db, rsvp.event_id)
        own = {_mark(call, event, before) for before in range(MOST_TRIES)}
        if rsvp.client_uuid in own and rsvp.status in LIVE:
            events.cancel_rsvp(db, rsvp=rsvp, mail=mail)
            gone.append(event.public_id)
    return gone


def _mark(call: Call, event: Event, before: int) -> str:
    """By this a sign-up is known to be of this call, which had made so many ``before``."""
    again = f":{before}" if before else ""
    return str(uuid5(NAMESPACE_OID, f"{call.public_id}:{event.public_id}{again}"))
