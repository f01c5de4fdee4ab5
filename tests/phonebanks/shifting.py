"""A shift of the open phonebank: an hour from noon, with people on its roster, and worked."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from campaign.events.models import Event
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from campaign.phonebanks.models import CallingSession, Phonebank
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.making import NOON, claim, report

BANK = "/phonebanks/demo-calls"
STARTS = NOON + timedelta(hours=1)
ENDS = STARTS + timedelta(hours=2)


def a_session(db: Any, cast: Cast, bank: Phonebank, starts_at: datetime, **given: Any) -> Event:
    values = {"capacity": 5, "ends_at": starts_at + timedelta(hours=2)} | given
    event = an_event(db, cast.group, cast.host, starts_at=starts_at, **values)
    db.add(CallingSession(event_id=event.id, phonebank_id=bank.id))
    db.flush()
    return event


def letters(database: Database, kind: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.startswith(kind))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def a_shift_that_was_worked(database: Database, cast: Cast, tonight: str) -> None:
    """The stranger made three calls and talked once, the caller made one; both had a place."""
    with database.unit_of_work() as db:
        session = db.scalars(
            select(CallingSession).join(Event).where(Event.public_id == tonight)
        ).one()
        bank = db.get_one(Phonebank, session.phonebank_id)
        an_rsvp(db, db.get_one(Event, session.event_id), cast.caller, attendance="came")
        for who, outcome in (
            (cast.stranger, "talked"),
            (cast.stranger, "no_answer"),
            (cast.stranger, "no_answer"),
            (cast.caller, "no_answer"),
        ):
            person = db.get_one(Person, who.id)
            call = claim(db, bank, person, now=STARTS).call
            call.session_id = session.id
            report(db, call=call, phonebank=bank, outcome=outcome, now=STARTS)
