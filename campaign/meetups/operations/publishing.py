"""The host's own yes, and the moment at which a card becomes an event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.conduct.rules.kept_out import KeptOut
from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.planned import note_planned
from campaign.events.queries.trust import is_trusted
from campaign.events.rules.kinds import proposed_needed, proposed_title
from campaign.events.rules.venues import PlaceChoice
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Card, Commitment, Meetup, Participant
from campaign.meetups.operations.cohosting import join_as_cohost
from campaign.meetups.operations.committing import as_it_is_now, person_of, sign_up_to, unsay
from campaign.meetups.operations.host_letters import write_host
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.operations.recapping import add_up_anew
from campaign.meetups.queries.tables import CardView, shown_name
from campaign.meetups.queries.wall import overlapping
from campaign.meetups.rules.cards import can_be_hosted, times
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import setup as phonebanks


def accept(
    db: Session,
    *,
    batch: Batch,
    view: CardView,
    host: Participant,
    place: PlaceChoice,
    now: datetime,
    email: str | None = None,
    read_back_by: int | None = None,
    signed_in_as: int | None = None,
    mail: Mail | None = None,
) -> Event:
    """The host says yes on their own phone: the card becomes an event with its roster.

    It stands on the map at once, or after a look at the desk where the meetup wants that, for all
    or for hosts the group does not trust; until then it is live by its link. Trusted is who is
    ``signed_in_as`` themselves: an address alone anybody can type. ``place`` is the card's, with
    what only the host may give. A yes
    that is sent twice is one event. Refuses whoever was not asked, a card that is not complete,
    a host without an address to write to, and a time at which they host already.
    A host whose yes stands on paper is one whose number a steward has read back to them
    (``read_back_by``): they may be reached by that number alone, also once the evening is over.
    """
    batch = lock_open(db, batch.id, host, late=read_back_by is not None)
    view = as_it_is_now(db, batch, view)
    card = view.card
    if card.host_id != host.id:
        raise Refused("You are not asked to host this any more.")
    if card.event is not None:
        return card.event
    if not can_be_hosted(view.facts):
        raise Refused(f"This card is not complete: it still needs {view.missing[0]}.")
    host.email = (email or host.email or "").lower() or None
    events.refuse_kept_out(
        db,
        email=host.email,
        phone=host.phone,
        name=host.name,
        people=(host.person_id, signed_in_as),
    )
    if host.email is None and read_back_by is None:
        raise Refused("Type your email address: hosts get the roster by mail.", field="email")
    host.may_contact = True  # the page says so above its yes: a host can be written to
    _refuse_clash(db, card=card, host=host, now=now)
    person = _person_with_address(db, host)
    card.host_known = signed_in_as is not None and signed_in_as == person.id
    event = _announce(db, batch=batch, card=card, host=host, place=place, now=now)
    card.event_id, card.event, card.host_accepted_at = event.id, event, now
    card.published_at = now if event.state == "listed" else None
    card.read_back_by = read_back_by
    unsay(db, card=card, person=host)  # a host's own yes is more than that
    db.flush()
    note_planned(db, event=event, meeting=batch.meetup.event)
    _attach_session(db, batch.meetup, event)
    _bring_roster(db, view=view, event=event, host=host, now=now, mail=mail)
    write_host(db, mail, event=event, host=host, now=now)
    add_up_anew(db, batch=batch, now=now)
    return event


def decline(db: Session, *, batch: Batch, view: CardView, host: Participant) -> None:
    """Somebody who was asked says no; the table asks somebody else."""
    batch = lock_open(db, batch.id, host)
    card = as_it_is_now(db, batch, view).card
    if card.host_id == host.id and card.event_id is None:
        card.host_id = None
        db.flush()


def publish(
    db: Session,
    *,
    batch: Batch,
    view: CardView,
    now: datetime,
    actor_id: int,
    mail: Mail | None = None,
) -> None:
    """The desk puts an accepted card on the map, also when the evening is over; its host hears.

    Doing it again changes nothing.
    """
    batch = lock(db, batch.id)
    card = as_it_is_now(db, batch, view).card
    if card.published_at is not None:
        return
    if card.event is None:
        raise Refused("This card has no host yet: it goes on the map with the host’s own yes.")
    events.list_event(db, event=card.event, actor_id=actor_id, mail=mail)
    card.published_at = now
    db.flush()
    add_up_anew(db, batch=batch, now=now)


def _announce(
    db: Session, *, batch: Batch, card: Card, host: Participant, place: PlaceChoice, now: datetime
) -> Event:
    assert card.kind and card.day and card.start  # can_be_hosted has looked
    starts_at, ends_at = times(day=card.day, start=card.start, minutes=card.minutes, now=now)
    meeting, person = batch.meetup.event, _person_with_address(db, host)
    needed = card.needed or proposed_needed(card.kind, card.capacity)
    return events.announce(
        db,
        group=meeting.group,
        host=person,
        host_name=shown_name(host),
        kind=card.kind,
        title=proposed_title(card.kind, where=place.in_title),
        about="\n\n".join(filter(None, [f"Planned at “{meeting.title}”.", card.note])),
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        capacity=card.capacity,
        needed=needed and min(needed, card.capacity),
        access={"step_free": card.step_free} if card.place_kind != "online" else None,
        listed=_goes_at_once(db, batch.meetup, card, person),
        actor_id=batch.meetup.opened_by,
    )


def _goes_at_once(db: Session, meetup: Meetup, card: Card, person: Person) -> bool:
    if meetup.publishes == "trusted":
        return card.host_known and is_trusted(db, person.id, meetup.event.group_id)
    return meetup.publishes == "at once"


def _person_with_address(db: Session, host: Participant) -> Person:
    """The host as somebody who can sign in: a person known by number alone could not."""
    held = person_of(db, host)
    if held.email is None and host.email is not None:
        host.person_id = None
        held = person_of(db, host)
    return held


def _refuse_clash(db: Session, *, card: Card, host: Participant, now: datetime) -> None:
    assert card.day and card.start  # can_be_hosted has looked
    hours = times(day=card.day, start=card.start, minutes=card.minutes, now=now)
    clash = overlapping(db, host, hours=hours, but=None)
    if clash is not None:
        raise Refused(f"You are down for “{clash.title}” at that time. Choose another time.")


def _attach_session(db: Session, meetup: Meetup, event: Event) -> None:
    """A phonebank card becomes a session: its roster opens the calling screen."""
    if event.kind != "phonebank" or meetup.phonebank_id is None:
        return
    phonebank = db.get(Phonebank, meetup.phonebank_id)
    if phonebank is not None and phonebank.status != "closed":
        phonebanks.attach_session(db, phonebank=phonebank, event=event, actor_id=meetup.opened_by)


def _bring_roster(
    db: Session,
    *,
    view: CardView,
    event: Event,
    host: Participant,
    now: datetime,
    mail: Mail | None,
) -> None:
    """Host, co-host and everybody who said yes at the table; the host said yes to them with it.

    Who took something else at that time meanwhile stays with that: nobody is down for two. Who is
    kept out of everything is on none.
    """
    card, hours = view.card, (event.starts_at, event.ends_at)
    sign_up_to(db, event=event, person=host, approved=True, mail=None)
    coming = {one.id: one for one in (card.cohost, *view.coming) if one is not None}
    for person in coming.values():
        if person.id == host.id:
            continue
        if not person.is_practice:
            if overlapping(db, person, hours=hours, but=event.id) is not None:
                unsay(db, card=card, person=person)
                continue
            try:
                sign_up_to(db, event=event, person=person, approved=True, mail=mail)
            except KeptOut:
                unsay(db, card=card, person=person)
                continue
            if card.cohost is not None and person.id == card.cohost.id:
                join_as_cohost(db, event=event, person=person, host=host, now=now, mail=mail)
        insert_or_leave(db, Commitment, card_id=card.id, participant_id=person.id, made_at=now)
