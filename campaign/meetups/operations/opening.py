"""Opening the room of an event."""

from __future__ import annotations

import random
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.rules.venues import checked_link
from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused, at_field
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.queries import rooms
from campaign.meetups.rules.floor import areas_of
from campaign.meetups.rules.joining import a_code
from campaign.meetups.rules.phases import Phase, check_change, has_strategy, plan
from campaign.phonebanks.models import Phonebank

JOIN_LABEL = "Join the meetup"


def open_room(
    db: Session,
    *,
    event: Event,
    preset: str,
    publishes: str = "at once",
    phonebank: Phonebank | None = None,
    steward: str = "",
    question: str = "",
    actor_id: int,
    now: datetime,
    dice: random.Random | None = None,
    code: str | None = None,
) -> Meetup:
    """Open the room of a meetup, with a code of six letters that nobody else has.

    A demonstration names its own ``code``. Refuses an event that is over or off, and a phonebank
    of another group. Opened already, it is the room that is there.
    """
    held = rooms.meetup_of_event(db, event.id)
    if held is not None:
        return held
    if event.state == "cancelled" or event.ends_at <= now:
        raise Refused("This event is over or off. Announce a new one.")
    if phonebank is not None and phonebank.group_id != event.group_id:
        raise Refused("Choose a phonebank of the same group.", field="phonebank")
    plan(preset)
    dice = dice or random.SystemRandom()
    meetup = Meetup(
        event_id=event.id,
        code=code or _free_code(db, dice),
        preset=preset,
        publishes=publishes,
        phonebank_id=phonebank.id if phonebank else None,
        steward=steward,
        question=question,
        seed=dice.randrange(1000, 10_000),
        opened_at=now,
        opened_by=actor_id,
    )
    with refusing(db, {"uq_meetup_event_id": _opened_already, "uq_meetup_code": _opened_already}):
        db.add(meetup)
    db.add(Batch(meetup_id=meetup.id, number=1, phase="doors", phase_since=now))
    events.attach_roster(db, event=event, path=f"/m/{meetup.code}", label=JOIN_LABEL)
    audit.append(db, "meetup opened", subject=f"event:{event.id}", actor_id=actor_id)
    db.flush()
    return meetup


def change_evening(
    db: Session,
    *,
    batch: Batch,
    preset: str,
    publishes: str,
    phonebank: Phonebank | None,
    steward: str,
    question: str,
    actor_id: int,
) -> None:
    """How the evening is run from now on. Refuses another row of parts once tables have begun,
    a phonebank of another group, and an evening that is over.

    An evening that sits down to no strategy tables has no topics to choose among, either.
    """
    meetup = lock_open(db, batch.id).meetup
    if preset != meetup.preset:
        talks = bool(rooms.tables(db, batch.id, "strategy"))
        check_change(Phase(batch.phase), preset, has_talked=talks)
    if phonebank is not None and phonebank.group_id != meetup.event.group_id:
        raise Refused("Choose a phonebank of the same group.", field="phonebank")
    meetup.preset, meetup.publishes = preset, publishes
    meetup.phonebank_id = phonebank.id if phonebank else None
    meetup.steward, meetup.question = steward, question
    if not has_strategy(preset):
        meetup.topics = "none"
    audit.append(db, "evening changed", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()


def lay_out(
    db: Session, *, batch: Batch, floor: str, actor_id: int, captions: str | None = None
) -> None:
    """Say which tables stand in which part of the hall, and where its captions are: phones show
    it. None leaves the captions as they are."""
    batch = lock(db, batch.id)
    areas_of(floor)
    batch.meetup.floor = floor
    if captions is not None:
        with at_field("captions"):
            batch.meetup.captions = checked_link(captions) if captions else ""
    audit.append(db, "hall laid out", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()


def _free_code(db: Session, dice: random.Random) -> str:
    while True:
        code = a_code(dice)
        if rooms.meetup_by_code(db, code) is None:
            return code


def _opened_already() -> Conflict:
    return Conflict("Somebody else has just opened this room. Look at the page again.")
