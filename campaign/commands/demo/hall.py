"""The demo's hall: the room of tonight's meetup is open."""

from __future__ import annotations

import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation import clock
from campaign.home.rules import MEETUP_CODE
from campaign.meetups.models import Meetup
from campaign.meetups.operations.marking import mark_table
from campaign.meetups.operations.opening import lay_out, open_room
from campaign.meetups.queries import rooms
from campaign.people.models import Person
from campaign.phonebanks.models import Phonebank


def open_hall(db: Session, *, dice: random.Random, organiser: Person) -> Meetup:
    """Open the room of the demo's meetup; its sessions ring for the demo's phonebank."""
    coming = select(Event).where(Event.kind == "meetup", Event.starts_at > clock.now())
    event = db.scalars(coming.order_by(Event.id)).first()
    bank = db.scalars(select(Phonebank).where(Phonebank.public_id == "demo-calls")).one()
    assert event is not None  # the diary has announced it
    opened = open_room(
        db,
        event=event,
        preset="barnstorm",
        phonebank=bank if bank.group_id == event.group_id else None,
        steward="Sian and Marek, at the tea table by the left window.",
        actor_id=organiser.id,
        now=clock.now(),
        dice=dice,
        code=MEETUP_CODE,
    )
    lay_out(
        db,
        batch=rooms.batch_of(db, opened),
        floor="1-6 By the stage; 7-14 At the windows; 15-24 Under the balcony",
        actor_id=organiser.id,
    )
    for number, key in ((1, "step_free"), (2, "bsl"), (14, "quiet"), (14, "step_free")):
        mark_table(
            db,
            batch=rooms.batch_of(db, opened),
            number=number,
            key=key,
            on=True,
            actor_id=organiser.id,
        )
    return opened
