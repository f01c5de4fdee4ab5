"""An event that waits for a moderator, and what they decide."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.adapters import reasons
from campaign.conduct.rules.reasons import Verdict
from campaign.events import operations
from campaign.events.models import Event
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.makers import announced


def a_stall(database: Database, cast: Cast, **given: object) -> str:
    """A member's event, which waits."""
    with database.unit_of_work() as db:
        values = {"host": cast.host, "title": "Stall at the station", **given}
        return announced(db, cast, **values).public_id  # type: ignore[arg-type]


def the(db: Session, public_id: str) -> Event:
    return db.scalars(select(Event).where(Event.public_id == public_id)).one()


def decide(
    database: Database,
    cast: Cast,
    public_id: str,
    verdict: Verdict,
    reason: str = "",
    **more: object,
) -> str:
    with database.unit_of_work() as db:
        done = operations.decide(
            db,
            event=the(db, public_id),
            verdict=verdict,
            actor_id=cast.moderator.id,
            reason=reasons().get(reason),
            **more,  # type: ignore[arg-type]
        )
        return done.public_id


def letters(database: Database) -> list[str]:
    with database.reading() as db:
        found = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id))
        return [f"{one.to} {one.subject.partition(':')[0]}" for one in found]
