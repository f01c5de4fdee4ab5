"""Somebody who follows an area without an account, and the mail of the day."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.rules.following import Wanted
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.events.conftest import RecordingMail

AREA = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10)
FAR = Wanted(place="Leeds", lat=53.8, lng=-1.55, radius_km=10)
ASKING = {"near": "BN1 1AA", "radius_km": "10", "email": "Nia@people.example"}


def follows(database: Database, email: str = "nia@people.example", *wanted: Wanted) -> None:
    """Somebody has confirmed that they follow these; all that stands there is old to them."""
    operations.note_news(database, now=clock.now())
    with database.unit_of_work() as db:
        for one in wanted or (AREA,):
            operations.follow_now(db, email=email, wanted=one)


def digests(database: Database, mail: RecordingMail, *, hours: float = 0) -> int:
    now = clock.now() + timedelta(hours=hours)
    return operations.send_digests(database, mail=mail, now=now)  # type: ignore[arg-type]


def letters(database: Database, prefix: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.like(f"{prefix}:%"))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def key_in(letter: OutboxLetter) -> str:
    found = re.search(r"/follow/([\w-]{30,})", letter.text)
    assert found
    return found[1]


def rows(database: Database, table: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0
