"""How often is too often, in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import TooOften
from campaign.foundation.limits import (
    PER_ADDRESS,
    DatabaseCounter,
    Limit,
    LimitCount,
    Limits,
    forget_old_counts,
)

THREE = Limit("thing", 3, 600)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def limits(database: Database) -> Limits:
    return Limits(DatabaseCounter(database), key="k" * 32)


def test_the_limit_is_reached_and_its_window_passes(limits: Limits) -> None:
    with clock.at(NOON + timedelta(minutes=4)):
        for _ in range(3):
            limits.hit(THREE, "bea")
        with pytest.raises(TooOften, match="Try again in 6 minutes") as refusal:
            limits.hit(THREE, "bea")
        assert 350 <= refusal.value.retry_after <= 360
        limits.hit(THREE, "ben")
        limits.hit(Limit("another", 3, 600), "bea")
    with clock.at(NOON + timedelta(minutes=10, seconds=1)):
        limits.hit(THREE, "bea")


def test_forty_people_share_an_address(limits: Limits) -> None:
    shared = THREE.for_address()
    assert (shared.most, shared.seconds) == (3 * PER_ADDRESS, 600)
    assert shared.name != THREE.name


def test_nobody_s_name_stands_in_the_counts(limits: Limits, database: Database) -> None:
    limits.hit(THREE, "bea@people.example")
    with database.reading() as db:
        assert "bea" not in str(db.execute(select(*LimitCount.__table__.columns)).one())


def test_old_counts_are_forgotten_and_present_ones_kept(limits: Limits, database: Database) -> None:
    with clock.at(NOON):
        limits.hit(THREE, "bea")
    with clock.at(NOON + timedelta(minutes=30)):
        limits.hit(THREE, "bea")
        forget_old_counts(database)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(LimitCount)) == 1
