"""After the evening: one that is over, and what the days after it bring to whom."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import following
from campaign.meetups.operations.filling import help_host
from tests.cast import Cast
from tests.meetups.making import accepted, card_of, coming, move_to, seated

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


# Two evenings after which the clocks change in the night, and one without.
CLOSED = ("2026-10-24 20:58", "2027-03-27 20:58", "2026-12-04 20:58")


def an_evening(database: Database, cast: Cast, mail: Mail, closes: datetime) -> Event:
    """Bea hosts with Cem as her co-host, Dora comes; the room closes then."""
    with clock.at(closes), database.unit_of_work() as db:
        _, batch, (bea, cem, dora) = seated(db, cast, "Bea", "Cem", "Dora")
        help_host(db, batch=batch, card=card_of(db, bea).card, cohost=cem, yes=True)
        coming(db, batch, dora)
        event = accepted(db, batch, bea, mail=mail)
        move_to(db, batch, "over", cast.organiser.id)
    return event


def at(database: Database, mail: Mail, moment: datetime) -> int:
    with clock.at(moment):
        return following.follow_up(database, mail=mail, now=clock.now())


def letters(database: Database, kind: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.like(f"{kind}:%"))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
    return found


def key_of(letter: OutboxLetter) -> str:
    return re.search(r"/hosting/([^/\s]+)/", letter.text)[1]


def the_meeting(database: Database) -> str:
    """The page of the meetup."""
    with database.reading() as db:
        meeting_id = following_meeting(db, db.scalars(select(Batch)).one())
        return f"/events/{db.get_one(Event, meeting_id).public_id}"


def following_meeting(db: Session, batch: Batch) -> int:
    return db.scalars(select(Meetup.event_id).where(Meetup.id == batch.meetup_id)).one()
