"""What the ``{…}`` of the addresses in the table of pages stand for, in the demo."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Announcement, Event, EventInvite, Follow, Follower, Rsvp
from campaign.events.operations import bringing
from campaign.events.operations.hosting import write_event_key
from campaign.events.operations.telling import write_key
from campaign.events.queries import event_by_public_id
from campaign.events.rules.announcements import Answers, written
from campaign.events.rules.following import Wanted
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.foundation.web import House
from campaign.groups.models import Group, GroupNote
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import importing, working
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.hand_over import LIFE, key_for
from campaign.phonebanks.tasks import shop_of
from tests.rooms import halls

PHONE = "phone of "
PEOPLE = b"name,email\nAmina Said,amina@people.example\nBen,not an address\n"
LIST = b"first name,phone\nAmina,0113 496 0999\nBen,not a number\n"


def parts(house: House) -> dict[str, str]:
    """What the ``{…}`` of an address stand for; keys and a file to look at are made now."""
    batch = _read_list(house)
    with house.database.unit_of_work() as db:
        meetup = db.scalars(select(Event).where(Event.kind == "meetup").order_by(Event.id)).first()
        assert meetup is not None
        rsvp = db.scalars(select(Rsvp).order_by(Rsvp.id).limit(1)).one()
        doors = db.scalars(select(Event).where(Event.public_id == "demo-doors")).one()
        seated = select(Rsvp).where(Rsvp.event_id == meetup.id, Rsvp.status == "accepted")
        ticket = db.scalars(seated.order_by(Rsvp.id).limit(1)).one()
        calls = board.phonebank_by_public_id(db, "demo-calls")
        organiser = db.scalars(select(Person).where(Person.email == "organiser@demo.example")).one()
        assert calls is not None
        named, phones = halls(db)
        _call(db, calls, "caller2", status="revoked", skip_reason="lead")
        full = event_by_public_id(db, "demo-full")
        assert full is not None
        file = bringing.preview(
            db, PEOPLE, event=full, file_name="stall.csv", actor_id=organiser.id
        )
        return {
            "meetup": meetup.public_id,
            "rsvp_file": file.public_id,
            "rsvp_key": write_key(db, rsvp),
            **_hosting_keys(db),
            "ticket": ticket.public_id,
            "door_key": events.host_link(db, event=doors),
            **_following(db),
            "note": _note(db),
            "announced_key": announced_key(db, meetup),
            "sign_in_key": people.write_link(db, email="supporter@demo.example"),
            "batch": batch,
            "rung": _rung(db, calls),
            "handed": _handed(db, house),
            "again_key": _after_a_shift(db),
            "calling": db.scalars(
                select(Person.public_id).where(Person.email == "caller@demo.example")
            ).one(),
            **named,
            **{f"{PHONE}{code}": key for code, key in phones},
        }


def _read_list(house: House) -> str:
    """A file of people that was read and waits for a word."""
    shop = shop_of(house.database, house.settings)
    with house.database.unit_of_work() as db:
        calls = board.phonebank_by_public_id(db, "demo-calls")
        organiser = db.scalars(select(Person).where(Person.email == "organiser@demo.example")).one()
        assert calls is not None
        batch = importing.take_file(
            db,
            io.BytesIO(LIST),
            folder=shop.folder,
            phonebank=calls,
            file_name="stall.csv",
            source="market stall",
            basis="column",
            collected_on=date(2026, 11, 14),
            now=clock.now(),
            actor_id=organiser.id,
        )
    working.work_off(shop, batch.id)
    return batch.public_id


def _after_a_shift(db: Session) -> str:
    """The key of a letter of thanks to a caller of the demo."""
    rsvp = db.scalars(
        select(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.public_id == "demo-shift-over")
        .order_by(Rsvp.id)
        .limit(1)
    ).one()
    return write_key(db, rsvp)


def _rung(db: Session, calls: Phonebank) -> str:
    """A call of the demo's caller with somebody who was not there, and may ring back."""
    reported = {"status": "reported", "result_code": "no_answer", "reported_at": clock.now()}
    return _call(db, calls, "caller", **reported)


def _handed(db: Session, house: House) -> str:
    """A made-up call in the lead's hands, and the key that brings it to their phone."""
    lead = db.scalars(select(Person).where(Person.email == "lead@demo.example")).one()
    practice = board.practice_phonebank(db)
    assert practice is not None
    found = claim_next(db, phonebank=practice, caller_id=lead.id, now=clock.now(), pace=False)
    assert isinstance(found, Claim)
    ends = found.call.expires_at
    secret = str(house.settings.secret_key)
    return key_for(found.call.public_id, lead.id, now=ends - LIFE, expires_at=ends, secret=secret)


def _call(db: Session, calls: Phonebank, who: str, **given: Any) -> str:
    """A call of somebody of the demo whose number was shown just now."""
    now = clock.now()
    contact = db.scalars(select(Contact).where(Contact.phonebank_id == calls.id).limit(1)).one()
    caller = db.scalars(select(Person).where(Person.email == f"{who}@demo.example")).one()
    call = Call(
        phonebank_id=calls.id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=caller.id,
        claimed_at=now,
        revealed_at=now,
        expires_at=now,
        **given,
    )
    db.add(call)
    db.flush()
    return call.public_id


def _hosting_keys(db: Session) -> dict[str, str]:
    """Keys of the letters around hosting: an invitation, the host's way out, an offer."""
    doors = db.scalars(select(Event).where(Event.public_id == "demo-doors")).one()
    rsvp = db.scalars(select(Rsvp).where(Rsvp.event_id == doors.id).order_by(Rsvp.id)).first()
    assert rsvp is not None
    key = tokens.secret()
    db.add(
        EventInvite(
            event_id=doors.id,
            email="someone.new@people.example",
            role="co-host",
            fingerprint=tokens.fingerprint(key),
            made_at=clock.now(),
        )
    )
    ways = {"host_key": (doors.host_id, "host"), "offer_key": (rsvp.person_id, "offer")}
    return {"invite_key": key} | {
        name: write_event_key(db, event_id=doors.id, person_id=person_id, purpose=purpose)
        for name, (person_id, purpose) in ways.items()
    }


def _note(db: Session) -> str:
    """A published note of the group that the pages show."""
    published = (
        select(GroupNote.public_id)
        .join(Group, Group.id == GroupNote.group_id)
        .where(Group.slug == "brighton", GroupNote.state == "published")
    )
    return db.scalars(published.order_by(GroupNote.id).limit(1)).one()


def _following(db: Session) -> dict[str, str]:
    """Keys to what somebody follows: to change it, and to confirm it."""
    wanted = {"place": "BN1", "lat": 50.82, "lng": -0.14, "radius_km": 10.0}
    address = "someone@people.example"
    held = events.follow_now(db, email=address, wanted=Wanted(**wanted))
    asked = Follow(follower_id=held.follower_id, wording="", made_at=clock.now(), **wanted)
    db.add(asked)
    db.flush()
    follower = db.get_one(Follower, held.follower_id)
    return {
        "follow_key": events.write_follow_key(db, follower=follower),
        "confirm_key": events.write_follow_key(db, follower=follower, follow=asked),
    }


def announced_key(db: Session, event: Event) -> str:
    """The mailed key of something like this event, announced without an account."""
    key = tokens.secret()
    answers = Answers(
        kind="canvass",
        place=PlaceChoice(PlaceKind.HOME, lat=50.83, lng=-0.14, town="Brighton"),
        title="Doors in Hanover",
        about="",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=12,
        needed=12,
    )
    db.add(
        Announcement(
            fingerprint=tokens.fingerprint(key),
            group_id=event.group_id,
            name="Ada Warren",
            email="ada@people.example",
            answers=written(answers),
            made_at=clock.now(),
        )
    )
    return key


def phones(named: dict[str, str], host: str) -> list[dict[str, str]]:
    """The cookies of phones in the meetups and of a desk's laptop, as a browser holds them."""
    in_hands = [
        {"name": "meetup", "value": key, "domain": host, "path": f"/m/{name[len(PHONE) :]}"}
        for name, key in named.items()
        if name.startswith(PHONE)
    ]
    laptop = {"name": "device", "value": named.get("desk_device", ""), "domain": host, "path": "/"}
    return [*([laptop] if laptop["value"] else []), *in_hands]
