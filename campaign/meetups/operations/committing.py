"""A yes to a card, and the RSVP that stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events import queries as event_queries
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import LIVE, Source
from campaign.events.rules.team import TeamRole
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups.models import Batch, Card, Commitment, Participant
from campaign.meetups.operations.locking import lock_open
from campaign.meetups.queries.tables import CardView, card_by_public_id, shown_name
from campaign.meetups.queries.wall import overlapping
from campaign.meetups.rules.cards import CardGone, times
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave, meet, note_person


@dataclass(frozen=True)
class Taken:
    """What became of a yes: the status of its RSVP, or None while the card is on the table."""

    status: str | None


def as_it_is_now(db: Session, batch: Batch, view: CardView) -> CardView:
    """A card, now that we hold the room; CardGone where it is not there any more."""
    found = card_by_public_id(db, batch_id=batch.id, public_id=view.card.public_id)
    if found is None:
        raise CardGone
    return found


def take(
    db: Session,
    *,
    batch: Batch,
    view: CardView,
    person: Participant,
    now: datetime,
    mail: Mail | None = None,
    late: bool = False,
) -> Taken:
    """Say "I'm in". On a published card that is an RSVP at once; before, one with its publishing.

    The same yes again changes nothing and sends no second letter. Refuses a second thing at the
    same time, and KeptOut who comes to nothing. Practice people are counted in the room and sign
    up to nothing outside it.
    """
    lock_open(db, batch.id, person, late=late)
    view = as_it_is_now(db, batch, view)
    card = view.card
    if card.host_id == person.id and card.event_id is not None:
        raise Refused("You host this one: you are on its roster already.")
    status = None
    if not person.is_practice:
        refuse_clash(db, card, person, now)
        status = _signed_up(db, card, person, mail)
    insert_or_leave(db, Commitment, card_id=card.id, participant_id=person.id, made_at=now)
    return Taken(status)


def refuse_clash(db: Session, card: Card, person: Participant, now: datetime) -> None:
    """Nobody is down for two things at one time."""
    if card.event is not None:
        hours = card.event.starts_at, card.event.ends_at
    elif card.day and card.start:
        hours = times(day=card.day, start=card.start, minutes=card.minutes, now=now)
    else:
        return
    clash = overlapping(db, person, hours=hours, but=card.event_id)
    if clash is not None:
        raise Refused(f"You are down for “{clash.title}” at that time. Choose one of the two.")


def _signed_up(db: Session, card: Card, person: Participant, mail: Mail | None) -> str | None:
    if card.event is None:
        _refuse_kept_out(db, person)
        return None
    held = _rsvp(db, card.event, person)
    if held is not None and held.status in LIVE:
        return held.status
    return _sign_up(db, card.event, person, held, approved=False, mail=mail)


def drop(
    db: Session, *, batch: Batch, view: CardView, person: Participant, mail: Mail | None = None
) -> None:
    """Say "I can't": the yes goes, and the place with it; a co-host's promise too.

    Refuses the host: their event is called off on its own page.
    """
    lock_open(db, batch.id, person)
    view = as_it_is_now(db, batch, view)
    card = view.card
    if card.host_id == person.id and card.event is not None:
        raise Refused("You host this one. If you can’t, call it off on its own page.")
    if card.event is not None:  # the event is held before what hangs on who looks after it
        rsvp = _rsvp(db, card.event, person)
        # Anybody can type an address: a sign-up that this phone did not make is not its to cancel.
        mine = rsvp is not None and rsvp.client_uuid == _mark(person)
        if rsvp is not None and mine and rsvp.status in LIVE:
            events.cancel_rsvp(db, rsvp=rsvp, mail=mail)
            rsvp.client_uuid = None
    unsay(db, card=card, person=person)
    db.flush()


def unsay(db: Session, *, card: Card, person: Participant) -> None:
    """Take somebody's yes off a card; on one that has its event, that of a co-host too."""
    db.execute(
        delete(Commitment).where(
            Commitment.card_id == card.id, Commitment.participant_id == person.id
        )
    )
    if card.event_id is not None and card.cohost_id == person.id:
        card.cohost_id = None
        if person.person_id is not None:
            events.leave_team_as(
                db, event_id=card.event_id, person_id=person.person_id, role=TeamRole.CO_HOST
            )


def _rsvp(db: Session, event: Event, person: Participant) -> Rsvp | None:
    if person.person_id is None:
        return None
    return event_queries.rsvp_of(db, event_id=event.id, person_id=person.person_id)


def sign_up_to(
    db: Session, *, event: Event, person: Participant, approved: bool, mail: Mail | None
) -> str:
    """The RSVP of somebody in the room; answers its status.

    It bears the mark of the number it came from, so that another phone with the same address
    cannot take it away.
    """
    held = _rsvp(db, event, person)
    return _sign_up(db, event, person, held, approved=approved, mail=mail)


def _sign_up(
    db: Session,
    event: Event,
    person: Participant,
    held: Rsvp | None,
    *,
    approved: bool,
    mail: Mail | None,
) -> str:
    _refuse_kept_out(db, person)
    mark = _mark(person)
    if held is not None and held.client_uuid == mark and held.status not in LIVE:
        held.client_uuid = None
        db.flush()
    done = events.sign_up(
        db,
        event=event,
        name=shown_name(person) or person.name,
        email=person.email if person.may_contact else None,
        person=person_of(db, person),
        phone=person.phone if person.may_contact else None,
        approved=approved,
        client_uuid=mark,
        source=Source.MEETUP,
        mail=mail,
    )
    return done.rsvp.status


def _refuse_kept_out(db: Session, person: Participant) -> None:
    """By all that they gave at the door, also where no host reads it."""
    events.refuse_kept_out(
        db,
        email=person.email,
        phone=person.phone,
        name=person.name,
        people=[person.person_id],
    )


def _mark(person: Participant) -> str:
    """Whose sign-up it is, in place of the id of a form. A table knows the ids of those who sit
    there, so it is none that a form can send: whoever named it would be shown its link.
    """
    return f"room:{person.public_id}"


def person_of(db: Session, participant: Participant) -> Person:
    """The person behind a number, made when they first sign up to something.

    Who did not agree that a host sees how to reach them is known by their name alone.
    """
    if participant.person_id is not None:
        held = db.get(Person, participant.person_id)
        if held is None:
            raise NotFound("There is no such person any more.")
        return held
    name = shown_name(participant) or participant.name
    reached = participant if participant.may_contact else None
    person = (
        meet(db, email=reached.email, name=name)
        if reached and reached.email
        else note_person(db, name=name, phone_e164=reached.phone if reached else None)
    )
    participant.person_id = person.id
    db.flush()
    return person
