"""The front page: what rings now, and only that."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.home.queries import front
from campaign.phonebanks.models import CallingSession
from tests.cast import Cast, an_event
from tests.phonebanks.making import make_phonebank

# A Monday and a Sunday: the usual hours have no calls on a Sunday.
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "status", "shown"),
    [
        (MONDAY, "open", True),
        (MONDAY + timedelta(hours=3), "open", False),
        (SUNDAY, "open", False),
        (MONDAY, "paused", False),
    ],
)
def test_a_session_stands_there_only_while_its_phonebank_may_ring(
    database: Database, cast: Cast, now: datetime, status: str, shown: bool
) -> None:
    with clock.at(now), database.unit_of_work() as db:
        bank = make_phonebank(db, cast.group, status=status, zones=["Europe/London"])
        start = now - timedelta(minutes=30)
        event = an_event(
            db, cast.group, cast.host, starts_at=start, ends_at=now + timedelta(hours=1)
        )
        db.add(CallingSession(event_id=event.id, phonebank_id=bank.id))
        db.flush()
        titles = [one.title for one in front(db, now=now).ringing]
    assert (bank.title in titles) is shown
