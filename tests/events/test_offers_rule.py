"""How a free place is handed on, by the time that is left."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.events.rules.offers import HandOver, hand_over, offer_end

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)


def before(**lead: float) -> datetime:
    return START - timedelta(**lead)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (before(days=9), HandOver()),
        (before(hours=48, seconds=1), HandOver()),
        (before(hours=48), HandOver(before(hours=36))),
        (before(hours=24, seconds=1), HandOver(before(hours=12, seconds=1))),
        (before(hours=24), HandOver(before(hours=22))),
        (before(hours=3), HandOver(before(hours=1))),
        (before(hours=2), HandOver(before(minutes=30))),
        (before(minutes=31), HandOver(before(minutes=30))),
        (before(minutes=30), None),
        (START, None),
        (before(hours=-1), None),
    ],
)
def test_at_once_then_as_an_offer_then_not_at_all(now: datetime, wanted: HandOver | None) -> None:
    assert hand_over(starts_at=START, now=now) == wanted


def test_an_offer_ends_before_the_start_also_where_that_was_moved() -> None:
    for minutes in range(0, 60 * 72, 7):
        now = before(minutes=minutes)
        given = hand_over(starts_at=START, now=now)
        if given is not None and given.until is not None:
            assert now < given.until < START
    assert offer_end(START, starts_at=before(hours=5)) == before(hours=5, minutes=30)
