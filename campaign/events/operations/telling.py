"""Writing letters to who signed up; without a way to write them nothing is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventNotice, Rsvp, RsvpKey, Shift
from campaign.events.rules.calendars import Entry, calendar_of
from campaign.events.rules.features import feature_of, moment_of, when_of
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.openness import (
    AddressFor,
    address_of,
    host_says_yes,
    told_at_sign_up,
)
from campaign.events.rules.signups import SEATED
from campaign.events.rules.venues import ADDRESS_BEFORE
from campaign.foundation import clock, tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.outbox import post
from campaign.foundation.words import human_day
from campaign.people.models import Person


def refresh_feature(event: Event, *, group: Any, now: datetime) -> None:
    """Write what the map says of the event; only listed events are on the map."""
    event.feature = feature_of(event, group=group, now=now)


def facts_for_letter(
    event: Event, *, now: datetime, rsvp: Rsvp | None = None, shift: Shift | None = None
) -> dict[str, Any]:
    """What a letter says of an event: what everybody may see, and to somebody with a place (their
    ``rsvp``) the address that a place comes with. Who has a ``shift`` reads its times.
    """
    told = rsvp is not None and rsvp.status in SEATED and told_at_sign_up(event)
    return {
        "title": event.title,
        "when": when_of(event, now=now, shift=shift),
        "where": address_of(event) if told else event.shown_place,
        "url": f"/events/{event.public_id}",
        "is_home": host_says_yes(event),
        "is_online": event.place_kind == "online",
        "beforehand": facts_of(event.kind).beforehand if event.roster_path else "",
        "beforehand_path": event.roster_path or "",
    }


def write_key(db: Session, rsvp: Rsvp) -> str:
    """A new key to change or cancel a sign-up; only its fingerprint is kept."""
    key = tokens.secret()
    db.add(RsvpKey(fingerprint=tokens.fingerprint(key), rsvp_id=rsvp.id, made_at=clock.now()))
    db.flush()
    return key


def keep_key(db: Session, *, rsvp: Rsvp, key: str) -> None:
    """Keep the fingerprint of a key that was made elsewhere; keeping it again changes nothing."""
    found = db.get(RsvpKey, tokens.fingerprint(key))
    if found is None:
        db.add(RsvpKey(fingerprint=tokens.fingerprint(key), rsvp_id=rsvp.id, made_at=clock.now()))
        db.flush()


def with_calendar(
    letter: Letter, mail: Mail, *, event: Event, shift: Shift | None = None, waits: bool = False
) -> Letter:
    """The letter with the event as a calendar file hanging on it.

    PUBLISH rather than REQUEST: nobody is asked to answer a mailbox that nobody reads, and mail
    programs put the event, and each later change of it by its UID, where it belongs. What is off
    is a CANCEL. The place is what everybody reads: a hidden address never hangs on a letter.
    """
    entry = Entry(
        event,
        starts_at=shift.starts_at if shift else None,
        ends_at=shift.ends_at if shift else None,
        tentative=waits,
    )
    method = "CANCEL" if event.state == "cancelled" else "PUBLISH"
    text = calendar_of([entry], name=event.title, base_url=mail.base_url, method=method)
    return replace(letter, calendar=text)


def _shift_of(db: Session, rsvp: Rsvp) -> Shift | None:
    return None if rsvp.shift_id is None else db.get(Shift, rsvp.shift_id)


def tell_signed_up(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp, to: str) -> None:
    """The confirmation of a sign-up."""
    if mail is None:
        return
    letter = messages.signed_up(
        mail,
        to=to,
        event=facts_for_letter(event, now=clock.now(), rsvp=rsvp, shift=_shift_of(db, rsvp)),
        status=rsvp.status,
        key=write_key(db, rsvp),
    )
    if rsvp.status in SEATED:
        letter = with_calendar(letter, mail, event=event, shift=_shift_of(db, rsvp))
    post(db, letter, key=f"rsvp:{rsvp.public_id}:{rsvp.place_in_line}:{rsvp.status}")


def tell_again(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp, to: str) -> None:
    """Somebody typed an address that is known: its owner hears how things stand, with a new key."""
    if mail is None:
        return
    shift = _shift_of(db, rsvp)
    facts = facts_for_letter(event, now=clock.now(), rsvp=rsvp, shift=shift)
    if rsvp.status == "declined":
        letter = messages.declined(mail, to=to, event=facts)
    elif rsvp.status == "offered":
        letter = _offer(db, mail, event=event, rsvp=rsvp, to=to)
    else:
        key = write_key(db, rsvp)
        letter = messages.signed_up(mail, to=to, event=facts, status=rsvp.status, key=key)
        if rsvp.status in SEATED:
            letter = with_calendar(letter, mail, event=event, shift=_shift_of(db, rsvp))
    post(db, letter, key=f"rsvp-again:{rsvp.public_id}:{tokens.public_id()}")


def tell_declined(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp) -> None:
    """The host said no."""
    if mail is None or not rsvp.person.email:
        return
    facts = facts_for_letter(event, now=clock.now())
    letter = messages.declined(mail, to=rsvp.person.email, event=facts)
    post(db, letter, key=f"rsvp-declined:{rsvp.public_id}:{rsvp.place_in_line}")


def tell_place(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp) -> None:
    """Somebody who waited, or asked, now has a place."""
    if mail is None or not rsvp.person.email:
        return
    letter = messages.place_for_you(
        mail,
        to=rsvp.person.email,
        event=facts_for_letter(event, now=clock.now(), rsvp=rsvp, shift=_shift_of(db, rsvp)),
        key=write_key(db, rsvp),
    )
    letter = with_calendar(letter, mail, event=event, shift=_shift_of(db, rsvp))
    post(db, letter, key=f"rsvp-place:{rsvp.public_id}:{rsvp.place_in_line}")


def tell_offer(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp) -> None:
    """A place is held for somebody until then: yes or no, by one tap each."""
    if mail is None or not rsvp.person.email or rsvp.offered_until is None:
        return
    letter = _offer(db, mail, event=event, rsvp=rsvp, to=rsvp.person.email)
    post(db, letter, key=f"rsvp-offer:{rsvp.public_id}:{rsvp.place_in_line}")


def _offer(db: Session, mail: Mail, *, event: Event, rsvp: Rsvp, to: str) -> Letter:
    now = clock.now()
    return messages.offer(
        mail,
        to=to,
        event=facts_for_letter(event, now=now, shift=_shift_of(db, rsvp)),
        until=moment_of(rsvp.offered_until or now, zone=event.zone, now=now),
        party=1 + rsvp.guests,
        key=write_key(db, rsvp),
    )


def tell_offer_over(db: Session, mail: Mail | None, *, event: Event, rsvp: Rsvp) -> None:
    """Nobody said yes in time: they are out of the line, and may join it again."""
    if mail is None or not rsvp.person.email:
        return
    facts = facts_for_letter(event, now=clock.now())
    letter = messages.offer_over(mail, to=rsvp.person.email, event=facts)
    post(db, letter, key=f"rsvp-offer-over:{rsvp.public_id}:{rsvp.place_in_line}")


def give_notice(
    db: Session, *, event: Event, kind: str, note: str = "", shift_id: int | None = None
) -> None:
    """Everybody who comes or waits (for one shift alone, where it is named) shall hear of it;
    ``tell_everybody`` writes their letters.
    """
    notice = EventNotice(
        event_id=event.id,
        shift_id=shift_id,
        kind=kind,
        sequence=event.sequence,
        note=note,
        made_at=clock.now(),
    )
    db.add(notice)
    db.flush()


def tell_looked_at(db: Session, mail: Mail | None, *, event: Event, actor_id: int) -> None:
    """The host hears what became of their event; who listed their own knows it already."""
    host = db.get_one(Person, event.host_id)
    if mail is None or not host.email or host.id == actor_id:
        return
    facts = facts_for_letter(event, now=clock.now())
    if event.state == "listed":
        post(
            db,
            messages.listed(mail, to=host.email, event=facts),
            key=f"event-listed:{event.public_id}",
        )
    else:
        post(
            db,
            messages.kept_off(mail, to=host.email, event=facts),
            key=f"event-kept-off:{event.public_id}:{event.sequence}",
        )


def send_addresses(db: Session, *, mail: Mail, now: datetime, event_id: int | None = None) -> int:
    """Send the address to who was approved, from 24 h before; answers how many letters.

    With ``event_id`` only those of one event.

    May be run as often as one likes: each letter is written once.
    """
    query = (
        select(Rsvp)
        .join(Rsvp.event)
        .where(
            Event.address_for == AddressFor.APPROVED.value,
            or_(Event.venue != "", Event.postcode.is_not(None)),  # it may have left with a host
            Event.state != "cancelled",
            Event.hidden_at.is_(None),
            Event.starts_at > now,
            Event.starts_at <= now + ADDRESS_BEFORE,
            Rsvp.status.in_(SEATED),
            Rsvp.address_sent_at.is_(None),
        )
        .options(joinedload(Rsvp.event), joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.id)
        .limit(500)
    )
    if event_id is not None:
        query = query.where(Event.id == event_id)
    found = list(db.scalars(query))
    for rsvp in found:
        rsvp.address_sent_at = rsvp.reminded_at = now  # the letter asks, too
        if rsvp.person.email:
            _send_address(db, mail, rsvp, now)
    db.flush()
    return len(found)


def _send_address(db: Session, mail: Mail, rsvp: Rsvp, now: datetime) -> None:
    event = rsvp.event
    letter = messages.address(
        mail,
        to=rsvp.person.email or "",
        event=facts_for_letter(event, now=now, shift=rsvp.shift),
        day=day_in_words(event, now),
        where=address_of(event),
        asks=rsvp.status != "confirmed",
        key=write_key(db, rsvp),
    )
    post(db, letter, key=f"rsvp-address:{rsvp.public_id}:{rsvp.place_in_line}:{event.sequence}")


def day_in_words(event: Event, now: datetime) -> str:
    """ "Today", "Tomorrow" or "Thu 26 Nov", by the clock of the place."""
    zone = ZoneInfo(event.zone)
    today, day = now.astimezone(zone).date(), event.starts_at.astimezone(zone).date()
    near = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    return near.get(day) or human_day(day, today=today)
