"""Calls of every kind, so that sums have something to add up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.foundation import tokens
from campaign.groups.models import Membership
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import (
    Answer,
    Call,
    CallingSession,
    Contact,
    Goal,
    Phonebank,
    ScriptVersion,
)
from tests.phonebanks.making import NOON, fill, make_group, make_person, make_phonebank

STEPS = [
    {"key": "opening", "say": "Hello.", "options": [{"key": "yes", "label": "Yes, go on"}]},
    {
        "key": "come",
        "say": "The vote is on Thursday. Could you come?",
        "options": [
            {"key": "yes", "label": "Yes"},
            {"key": "maybe", "label": "Maybe"},
            {"key": "no", "label": "No"},
        ],
    },
    {
        "key": "cap",
        "say": "Do you want rents capped?",
        "opinion": True,
        "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
    },
]
CODES = ("talked", "talked", "talked_partial", "refused_soft", "no_answer", "busy", "dnc", "tech")
REACHED = {"talked", "talked_partial", "refused_soft", "dnc"}


def a_call(
    db: Session,
    contact: Contact,
    caller: Person,
    code: str = "no_answer",
    *,
    at: datetime = NOON,
    answers: dict[str, str] | None = None,
    **given: object,
) -> Call:
    """A call that was reported a few minutes after it was begun."""
    values: dict[str, object] = {
        "status": "reported",
        "revealed_at": at,
        "attempted_at": at,
        "reported_at": at + timedelta(minutes=4),
        "result_code": code,
        "reached": code in REACHED,
        "answers": answers or {},
        "script_number": 1,
    }
    call = Call(
        public_id=tokens.public_id(),
        phonebank_id=contact.phonebank_id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=caller.id,
        claimed_at=at,
        expires_at=at + timedelta(minutes=20),
        **(values | given),
    )
    db.add(call)
    db.flush()
    db.add_all(Answer(call_id=call.id, question=q, option=o) for q, o in (answers or {}).items())
    db.flush()
    return call


def a_session(db: Session, phonebank: Phonebank, starts_at: datetime, hours: float = 2) -> int:
    """A session of two hours; its id."""
    event = Event(
        group_id=phonebank.group_id,
        kind="phonebank",
        title="Ring round",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        zone="Europe/London",
        state="listed",
        capacity=12,
        made_at=NOON,
        host_id=make_person(db).id,
        place_kind="venue",
        shown_place="Hove",
    )
    db.add(event)
    db.flush()
    session = CallingSession(event_id=event.id, phonebank_id=phonebank.id)
    db.add(session)
    db.flush()
    return session.id


def a_vote(db: Session, phonebank: Phonebank, starts_at: datetime) -> Event:
    """What the phonebank asks people to come to."""
    session = a_session(db, phonebank, starts_at)
    held = db.get_one(CallingSession, session)
    event = db.get_one(Event, held.event_id)
    event.kind = "other"
    db.delete(held)
    db.add(Goal(phonebank_id=phonebank.id, event_id=event.id))
    db.flush()
    return event


def comes(db: Session, event: Event, contact: Contact, *, came: bool) -> None:
    """Somebody of the list signs up with their own number, and is checked in or not."""
    e164 = db.scalars(select(PhoneNumber.e164).where(PhoneNumber.id == contact.number_id)).one()
    rsvp = Rsvp(
        event_id=event.id,
        person_id=make_person(db).id,
        name="Amina Kay",
        phone=e164,
        status="accepted",
        attendance="came" if came else "unknown",
        place_in_line=1,
        made_at=NOON,
    )
    db.add(rsvp)
    db.flush()


def a_script(db: Session, phonebank: Phonebank, number: int = 1) -> None:
    """What callers say."""
    db.add(ScriptVersion(phonebank_id=phonebank.id, number=number, steps=STEPS, made_at=NOON))
    db.flush()


def any_calls(db: Session, dice: random.Random, many: int = 150) -> Phonebank:
    """Calls as they may be: at all hours, of all kinds, of several lists, groups and sessions."""
    groups = [make_group(db, f"group-{n}") for n in range(3)]
    zones = ["Europe/London", "America/New_York"]
    phonebank = make_phonebank(db, groups[0], zones=zones)
    other = make_phonebank(db, groups[1], title="Another")
    for number in (1, 2):
        a_script(db, phonebank, number)
    vote = a_vote(db, phonebank, NOON - timedelta(hours=2))
    lists: list[Contact] = []
    for place, source in enumerate(("stall", "petition", "")):
        lists += fill(db, phonebank, range(place * 20, place * 20 + 20), source=source)
    for contact in lists:
        number = db.get_one(PhoneNumber, contact.number_id)
        number.time_zone = dice.choice(zones)
        if dice.random() < 0.2:
            contact.goal_met_at = NOON - timedelta(days=dice.randrange(6))
        if dice.random() < 0.4:
            comes(db, vote, contact, came=dice.random() < 0.7)
    callers = [make_person(db) for _ in range(12)]
    for caller in callers:
        for group in dice.sample(groups, dice.randrange(3)):
            role = dice.choice(["follower", "member", "organiser"])
            joined = NOON - timedelta(days=dice.randrange(99))
            db.add(Membership(group_id=group.id, person_id=caller.id, role=role, joined_at=joined))
    sessions: list[int | None] = [None, *(a_session(db, phonebank, NOON - timedelta(days=n))
                                          for n in (1, 2, 3))]  # fmt: skip
    elsewhere = fill(db, other, range(100, 110))
    for _ in range(many):
        code = dice.choice(CODES)
        answers = {
            step["key"]: dice.choice([option["key"] for option in step["options"]])
            for step in STEPS
            if code in REACHED and dice.random() < 0.6
        }
        a_call(
            db,
            dice.choice(lists if dice.random() < 0.9 else elsewhere),
            dice.choice(callers),
            code,
            at=NOON - timedelta(minutes=dice.randrange(8 * 24 * 60)),
            answers=answers,  # type: ignore[arg-type]
            status=dice.choice(["reported"] * 8 + ["released", "expired"]),
            session_id=dice.choice(sessions),
            script_number=dice.choice([1, 1, 2, None]),
            inbound=dice.random() < 0.05,
        )
    return phonebank
