"""Shifts of an event, by rule: what it lacks, what it holds, and the hours of a night."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaign.events.rules.needs import need_of
from campaign.events.rules.shifts import (
    Slot,
    capacity_of,
    check_slot,
    moments,
    need_of_shift,
    needed_by,
    slots_between,
)
from campaign.foundation.errors import Refused
from tests.events.makers import LONDON


def a_shift(taken: int = 0, capacity: int | None = 6, needed: int | None = 4) -> Any:
    return SimpleNamespace(taken=taken, capacity=capacity, needed=needed)


@pytest.mark.parametrize(
    ("shift", "tone", "code"),
    [
        (a_shift(0), "short", "short2"),
        (a_shift(2), "short", "short2"),
        (a_shift(3), "one", "short1"),
        (a_shift(4), "met", "ok"),
        (a_shift(6), "full", "full"),
        (a_shift(9, capacity=None), "met", "ok"),
        (a_shift(0, needed=None), "met", "ok"),
    ],
)
def test_a_chip_is_red_from_two_short_amber_for_one_and_green_when_met(
    shift: Any, tone: str, code: str
) -> None:
    assert (need_of_shift(shift).tone, need_of_shift(shift).code) == (tone, code)


def test_an_event_is_as_short_as_its_worst_shift() -> None:
    """Six too many in one do not make up for two too few in another."""
    shifts = [a_shift(6, needed=0), a_shift(2, needed=4), a_shift(3, needed=4)]
    needed = needed_by(shifts, taken=11)
    event = SimpleNamespace(kind="phonebank", capacity=18, needed=needed, taken=11)
    assert need_of(event).words == "Needs 2 more callers"
    assert needed_by([a_shift(4), a_shift(5)], taken=9) == 8
    assert needed_by([a_shift(4, needed=None)], taken=4) is None


def test_an_event_holds_what_its_shifts_hold_and_who_came_before_them() -> None:
    assert capacity_of([a_shift(2), a_shift(1)], taken=5) == 14
    assert capacity_of([a_shift(2), a_shift(1, capacity=None)], taken=3) is None


def an_evening(start: str, hours: float) -> Any:
    starts_at = datetime.fromisoformat(start).replace(tzinfo=LONDON)
    return SimpleNamespace(
        zone="Europe/London", starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours)
    )


def test_a_shift_after_midnight_is_on_the_next_day() -> None:
    event = an_evening("2026-12-01T20:00", 6)
    begins, ends = moments(event, None, time(23), time(1))
    assert (begins, ends - begins) == (datetime(2026, 12, 1, 23, tzinfo=LONDON), timedelta(hours=2))
    begins, _ = moments(event, date(2026, 12, 2), time(0, 30), time(1, 30))
    check_slot(Slot(begins, begins + timedelta(hours=1)), event)


def test_a_shift_across_the_hour_that_is_left_out_lasts_an_hour_less() -> None:
    event = an_evening("2027-03-27T22:00", 6)
    begins, ends = moments(event, date(2027, 3, 28), time(0, 30), time(3))
    assert ends - begins == timedelta(hours=1, minutes=30)
    with pytest.raises(Refused, match="does not happen") as refusal:
        moments(event, date(2027, 3, 28), time(1, 30), time(3))
    assert refusal.value.field == "start"


def test_a_shift_in_the_doubled_hour_is_the_one_within_its_event() -> None:
    early, late = an_evening("2026-10-24T22:00", 8), an_evening("2026-10-25T01:30", 3)
    late.starts_at = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)
    sunday = date(2026, 10, 25)
    assert (
        moments(early, sunday, time(1, 30), time(3))[0].timestamp()
        == datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC")).timestamp()
    )
    begins, ends = moments(late, sunday, time(1, 30), time(3))
    assert begins.timestamp() == late.starts_at.timestamp()
    assert ends.timestamp() - begins.timestamp() == 90 * 60
    begins, ends = moments(early, sunday, time(1, 45), time(1, 30))
    # Ends before it starts on the wall: the next night, which the event does not have.
    with pytest.raises(Refused, match="within its event"):
        check_slot(Slot(begins, ends), early)


def test_an_evening_is_filled_with_whole_shifts() -> None:
    event = an_evening("2026-12-01T18:00", 3.5)
    made = slots_between(
        event.starts_at, event.ends_at, minutes=60, capacity=6, needed=3, role="Caller"
    )
    assert [slot.starts_at.hour for slot in made] == [18, 19, 20]
    assert made[-1].ends_at.hour == 21
    for minutes in (240, 1):
        with pytest.raises(Refused) as refusal:
            slots_between(
                event.starts_at, event.ends_at, minutes=minutes, capacity=6, needed=3, role=""
            )
        assert refusal.value.field == "minutes"
