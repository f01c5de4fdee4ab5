"""A co-host who comes forward once the host has said yes: they offer, and the host answers.

Before that yes the host sees with whom they say it. Afterwards the roster is there, with how to
reach who is on it: so nobody joins by their own tap alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from campaign.events import messages as event_messages
from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries import rsvp_of
from campaign.events.rules.signups import LIVE, Status, initials
from campaign.events.rules.team import TeamRole
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.outbox import post
from campaign.meetups.models import Batch, Card, CohostOffer, Commitment, Participant
from campaign.meetups.operations.committing import (
    as_it_is_now,
    person_of,
    refuse_clash,
    sign_up_to,
)
from campaign.meetups.operations.locking import lock_open
from campaign.meetups.queries.tables import CardView, shown_name
from campaign.meetups.rules.joining import NotHere
from campaign.people.operations import insert_or_leave


def offer(
    db: Session, *, batch: Batch, view: CardView, person: Participant, yes: bool, now: datetime
) -> None:
    """Offer to co-host what has its host, or take that back. The same again changes nothing.

    Refuses the host, and a second thing at the same time; Conflict where somebody is it already.
    """
    lock_open(db, batch.id, person)
    card = _as_it_is(db, batch, view)
    if not yes:
        _forget(db, card, person)
        return
    if card.host_id == person.id:
        raise Refused("You host this one. A co-host is somebody else.")
    _refuse_second(card, person)
    refuse_clash(db, card, person, now)
    insert_or_leave(db, CohostOffer, card_id=card.id, participant_id=person.id, made_at=now)


def answer_offer(
    db: Session,
    *,
    batch: Batch,
    view: CardView,
    person: Participant,
    yes: bool,
    now: datetime,
    mail: Mail | None = None,
) -> None:
    """The host says yes or no to who offered; with a yes they are on the roster and the team.

    The same yes again changes nothing. Refuses who did not offer it, or not any more; NotHere
    where one of the two is not in the room any more.
    """
    lock_open(db, batch.id, person)
    card = _as_it_is(db, batch, view)
    if card.host is None or card.host.left_at is not None:
        raise NotHere  # whose answer it is was sent out while it waited
    if yes and card.cohost_id == person.id:
        return
    offered = exists().where(
        CohostOffer.card_id == card.id, CohostOffer.participant_id == person.id
    )
    if not db.scalar(select(offered)):
        raise Refused("They do not offer it any more. Ask them.")
    _forget(db, card, person)
    if not yes:
        return
    _refuse_second(card, person)
    refuse_clash(db, card, person, now)
    card.cohost_id = person.id
    db.flush()
    event, host = card.event, card.host
    assert event is not None  # _as_it_is has looked
    if not person.is_practice:
        _put_on_roster(db, event=event, person=person, mail=mail)
        join_as_cohost(db, event=event, person=person, host=host, now=now, mail=mail)
    insert_or_leave(db, Commitment, card_id=card.id, participant_id=person.id, made_at=now)
    db.flush()


def join_as_cohost(
    db: Session,
    *,
    event: Event,
    person: Participant,
    host: Participant | None,
    now: datetime,
    mail: Mail | None,
) -> None:
    """Who said at the table that they co-host is the event's co-host, where we can write to them:
    their letter says how to leave again. What it opens, opens to that mailbox alone."""
    if not person.email or not person.may_contact:
        return
    held = person_of(db, person)
    events.join_team(db, event=event, person=held, role=TeamRole.CO_HOST)
    if mail is not None and held.email:
        letter = event_messages.now_cohosting(
            mail,
            to=held.email,
            event=facts_for_letter(event, now=now),
            host=initials(shown_name(host) or ""),
        )
        post(db, letter, key=f"now-cohosting:{event.public_id}:{held.public_id}")


def _as_it_is(db: Session, batch: Batch, view: CardView) -> Card:
    """The card as it is now that we hold the room."""
    found = as_it_is_now(db, batch, view)
    if found.card.event is None:
        raise Conflict("This card has no host yet. Look at it again.")
    return found.card


def _refuse_second(card: Card, person: Participant) -> None:
    if card.cohost_id not in (None, person.id):
        raise Conflict("Somebody else is the co-host already.")


def _forget(db: Session, card: Card, person: Participant) -> None:
    db.execute(
        delete(CohostOffer).where(
            CohostOffer.card_id == card.id, CohostOffer.participant_id == person.id
        )
    )


def _put_on_roster(db: Session, *, event: Event, person: Participant, mail: Mail | None) -> None:
    """A place with the host's yes; who asked for one before gets it with the same yes."""
    held = None
    if person.person_id is not None:
        held = rsvp_of(db, event_id=event.id, person_id=person.person_id)
    if held is None or held.status not in LIVE:
        sign_up_to(db, event=event, person=person, approved=True, mail=mail)
    elif held.status in (Status.WAITING, Status.OFFERED):
        events.answer_request(db, event=event, rsvp_id=held.public_id, yes=True, mail=mail)
