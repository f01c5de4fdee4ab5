"""Small makers for a room: an opened meetup, people in it, tables that are dealt."""

import random
from datetime import timedelta

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation import clock
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.operations import joining, running
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms
from campaign.meetups.rules.joining import Whereabouts
from tests.cast import Cast, an_event

HANOVER = Whereabouts("BN2", 50.8295, -0.1242)
HOVE = Whereabouts("BN3", 50.8279, -0.1688)
LEEDS = Whereabouts("LS1", 53.7974, -1.5438)


def a_meetup(db: Session, cast: Cast, **given: object) -> Meetup:
    """The campaign meetup of the cast's group, tonight, with its room open."""
    soon = clock.now() + timedelta(hours=1)
    event: Event = an_event(
        db,
        cast.group,
        cast.organiser,
        "Sussex campaign meetup",
        kind="meetup",
        starts_at=soon,
        ends_at=soon + timedelta(hours=2),
        capacity=250,
    )
    values = {"preset": "short", "actor_id": cast.organiser.id, "now": clock.now()}
    return open_room(db, event=event, dice=random.Random(7), **values | given)


def a_participant(
    db: Session, batch: Batch, name: str = "Bea", where: Whereabouts = HANOVER, **given: object
) -> joining.Joined:
    """Somebody who came in, with the key of their phone."""
    values = {"email": f"{name.lower()}@people.example", "now": clock.now()}
    return joining.join(db, batch=batch, name=name, where=where, **values | given)


def move_to(db: Session, batch: Batch, phase: str, actor_id: int) -> Batch:
    """Walk the evening on until it stands where it should."""
    for _ in range(8):
        if batch.phase == phase:
            break
        following = running.phases.neighbours("short", running.Phase(batch.phase))[1]
        batch = running.move_on(
            db,
            batch=batch,
            seen=batch.phase,
            to=str(following),
            now=clock.now(),
            actor_id=actor_id,
            naming=lambda table: table.branch or "Anywhere",
        )
    return batch


def seated(db: Session, cast: Cast, *names: str) -> tuple[Meetup, Batch, list[Participant]]:
    """A room at its local tables with these people."""
    meetup = a_meetup(db, cast)
    batch = rooms.batch_of(db, meetup)
    people = [a_participant(db, batch, name).participant for name in names]
    return meetup, move_to(db, batch, "local", cast.organiser.id), people
