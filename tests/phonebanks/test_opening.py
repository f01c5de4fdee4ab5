"""When calling opens next, and what stays shut."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.attempts import Caps, earliest_attempt, may_attempt
from campaign.phonebanks.rules.callbacks import CallbackRefused, check_callback, slots
from campaign.phonebanks.rules.hours import (
    daypart,
    next_opening,
    open_now,
    opens_until,
    other_daypart,
)
from campaign.phonebanks.rules.week import (
    OUTERMOST,
    load_rules,
    plain_week,
    read_week,
    with_caps,
)
from tests.phonebanks.test_hours import LONDON, RULES, SECOND, WIDEST, london, raw, reckoned


@pytest.mark.parametrize("year", [2026, 2027, 2028])
@pytest.mark.parametrize("nation", ["england-and-wales", "scotland", "northern-ireland"])
def test_the_files_bank_holidays_are_those_of_the_act(year: int, nation: str) -> None:
    extra = {date(2026, 6, 15)} if nation == "scotland" else set()
    listed = {day for day in RULES.holidays[nation] if day.year == year}
    assert listed - extra == reckoned(year, nation)
    assert RULES.last_year == 2028


def test_the_practice_phonebank_is_always_open() -> None:
    night = london(2026, 12, 25, 3)
    assert open_now(night, LONDON, RULES, always=True)
    assert next_opening(night, LONDON, RULES, always=True) == night
    assert opens_until(night, LONDON, RULES, always=True) == london(2026, 12, 26)
    assert not open_now(night, LONDON, RULES)


def test_a_phonebank_without_hours_never_opens() -> None:
    never = read_week({}, RULES)
    assert not open_now(london(2026, 11, 23, 12), LONDON, RULES, never)
    assert not open_now(london(2026, 11, 23, 12), LONDON, RULES, {})
    assert next_opening(london(2026, 11, 23, 12), LONDON, RULES, never) is None


@pytest.mark.parametrize("zone", ["Mars/Phobos", "", "../etc/passwd", "\x00"])
def test_an_unknown_zone_is_never_open(zone: str) -> None:
    assert not open_now(london(2026, 11, 23, 12), zone, RULES)
    assert next_opening(london(2026, 11, 23, 12), zone, RULES) is None


def test_a_time_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        open_now(datetime(2026, 11, 23, 12), LONDON, RULES)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 11, 30), timezones=st.just(UTC)),
    st.sampled_from([LONDON, "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"]),
    st.booleans(),
)
def test_wherever_and_whenever_it_is_never_wider_than_the_outer_bounds(
    now: datetime, zone: str, widest: bool
) -> None:
    week = WIDEST if widest else None
    local = now.astimezone(ZoneInfo(zone))
    if open_now(now, zone, RULES, week):
        free = local.weekday() >= 5 or RULES.is_holiday(local.date())
        assert time(9 if free else 8) <= local.time() < time(21)
    opening = next_opening(now, zone, RULES, week)
    assert opening is not None
    assert opening >= now
    assert open_now(opening, zone, RULES, week)
    assert opening == now or not open_now(now, zone, RULES, week)


def test_a_phonebanks_own_week_is_kept_and_read_back() -> None:
    own = read_week({"mon": ["18:00", "20:00"], "sat": ["11:00", "13:00"]}, RULES)
    assert read_week(plain_week(own), RULES) == own
    assert plain_week(own)["tue"] == []


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({"mon": ["07:59", "20:00"]}, "Monday: calls are between 08:00–21:00"),
        ({"sat": ["08:00", "18:00"]}, "Saturday: calls are between 09:00–21:00"),
        ({"fri": ["10:00", "21:01"]}, "Friday"),
        ({"bank_holiday": ["08:30", "12:00"]}, "Bank holidays"),
        ({"mon": ["12:00", "12:00"]}, "end must be after the start"),
        ({"mon": ["20:00", "10:00"]}, "end must be after the start"),
        ({"mon": ["10:00"]}, "write two times"),
        ({"mon": ["25:00", "26:00"]}, "write two times"),
        ({"mon": [10, 12]}, "write two times"),
        ({"mon": ["10:00Z", "12:00"]}, "write two times"),
        ({"someday": ["10:00", "12:00"]}, "no day called someday"),
    ],
)
def test_hours_outside_the_bounds_are_refused_at_their_field(
    week: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words) as caught:
        read_week(week, RULES)
    assert caught.value.field == "hours"


def widen(data: dict[str, Any]) -> None:
    data["outer"]["mon"] = ["07:00", "21:00"]


def widen_sunday(data: dict[str, Any]) -> None:
    data["outer"]["sun"] = ["08:00", "21:00"]


def usual_beyond_outer(data: dict[str, Any]) -> None:
    data["outer"]["mon"] = ["12:00", "14:00"]


def unknown_nation(data: dict[str, Any]) -> None:
    data["bank_holidays"]["usual_nation"] = "ruritania"


@pytest.mark.parametrize("spoil", [widen, widen_sunday, usual_beyond_outer, unknown_nation])
def test_a_file_that_would_ring_people_at_night_is_refused(
    spoil: Callable[[dict[str, Any]], None],
) -> None:
    data = raw()
    spoil(data)
    with pytest.raises(ValueError, match=r"calls are|no list for"):
        load_rules(data)


def test_the_file_is_as_wide_as_the_outermost_and_no_wider() -> None:
    assert RULES.outer == OUTERMOST


def test_a_phonebank_may_only_lower_the_cap() -> None:
    assert with_caps(RULES, per_phonebank=2).caps.per_phonebank == 2
    assert with_caps(RULES, per_phonebank=9).caps.per_phonebank == 4


# Dayparts


def test_the_week_has_four_parts() -> None:
    assert daypart(london(2026, 11, 23, 16, 59, 59), LONDON) == "weekday_day"
    assert daypart(london(2026, 11, 23, 17), LONDON) == "weekday_evening"
    assert daypart(london(2026, 11, 28, 12), LONDON) == "sat"
    assert daypart(london(2026, 11, 29, 12), LONDON) == "sun"


@pytest.mark.parametrize(
    ("tried", "after", "expected"),
    [
        # Monday morning: Tuesday at 07:00 is the same part, so Tuesday evening
        (london(2026, 11, 23, 11), london(2026, 11, 24, 7), london(2026, 11, 24, 17)),
        # Monday evening: Tuesday at 14:00 is another part already
        (london(2026, 11, 23, 18), london(2026, 11, 24, 14), london(2026, 11, 24, 14)),
        # Monday late: Tuesday evening is the same part, so Wednesday
        (london(2026, 11, 23, 21), london(2026, 11, 24, 17), london(2026, 11, 25)),
        # Friday evening into the Saturday
        (london(2026, 11, 27, 20), london(2026, 11, 27, 23), london(2026, 11, 28)),
    ],
)
def test_the_next_try_is_in_another_part_of_the_week(
    tried: datetime, after: datetime, expected: datetime
) -> None:
    assert other_daypart(tried, after, LONDON) == expected


# Callbacks


def test_a_lawful_callback_is_promised() -> None:
    at = london(2026, 11, 30, 10, 30)
    assert check_callback(at, LONDON, RULES, now=london(2026, 11, 28, 10, 46)) == at


@pytest.mark.parametrize(
    ("at", "words", "offered"),
    [
        (london(2026, 11, 29, 12), "We do not ring at that time", london(2026, 11, 30, 10)),
        (london(2026, 11, 30, 9, 59, 59), "Mon 30 Nov, 10:00", london(2026, 11, 30, 10)),
        (london(2026, 11, 30, 20, 30), "Mon 30 Nov, 20:15", london(2026, 11, 30, 20, 15)),
        (london(2026, 12, 1, 3), "Tue 1 Dec, 10:00", london(2026, 12, 1, 10)),
        (london(2026, 11, 28, 10, 45), "has passed", london(2026, 11, 28, 10, 46)),
        (london(2026, 12, 9, 10), "has ended by then", london(2026, 12, 4, 20, 15)),
        (london(2026, 12, 30, 10), "nearest time is Fri 4 Dec", london(2026, 12, 4, 20, 15)),
        (london(2026, 12, 4, 20, 30), "Fri 4 Dec, 20:15", london(2026, 12, 4, 20, 15)),
    ],
)
def test_an_unlawful_callback_is_refused_and_the_nearest_time_offered(
    at: datetime, words: str, offered: datetime | None
) -> None:
    with pytest.raises(CallbackRefused, match=words) as caught:
        check_callback(
            at, LONDON, RULES, now=london(2026, 11, 28, 10, 46), closes_at=london(2026, 12, 5, 10)
        )
    assert caught.value.offered == offered
    assert caught.value.field == "callback_at"


def test_only_lawful_times_are_there_to_be_tapped() -> None:
    now = london(2026, 11, 28, 16, 46)
    times = slots(date(2026, 11, 28), LONDON, RULES, now=now)
    assert times == [london(2026, 11, 28, 17), london(2026, 11, 28, 17, 30)]
    assert slots(date(2026, 11, 29), LONDON, RULES, now=now) == []
    full = slots(date(2026, 11, 30), LONDON, RULES, now=now)
    assert (full[0], full[-1], len(full)) == (
        london(2026, 11, 30, 10),
        london(2026, 11, 30, 20),
        21,
    )
    early = london(2026, 11, 30, 11)
    assert len(slots(date(2026, 11, 30), LONDON, RULES, now=now, closes_at=early)) == 2
    assert slots(date(2026, 11, 30), LONDON, RULES, now=now, closes_at=now) == []


# Attempts

CAPS = RULES.caps
LAST = london(2026, 11, 26, 12)


def test_twenty_hours_lie_between_two_attempts_to_the_second() -> None:
    assert Caps() == CAPS
    assert not may_attempt([LAST], CAPS, now=LAST + timedelta(hours=20) - SECOND)
    assert may_attempt([LAST], CAPS, now=LAST + timedelta(hours=20))


def test_a_number_never_rung_may_be_rung() -> None:
    assert earliest_attempt([], CAPS) is None
    assert may_attempt([], CAPS, now=LAST)


def test_a_promised_callback_need_not_wait_twenty_hours() -> None:
    assert may_attempt([LAST], CAPS, now=LAST + timedelta(hours=1), excepted=True)


def test_three_in_seven_days_except_nothing() -> None:
    past = [LAST - timedelta(days=1), LAST, LAST - timedelta(days=2)]
    free = LAST + timedelta(days=5)
    assert not may_attempt(past, CAPS, now=free - SECOND, excepted=True)
    assert may_attempt(past, CAPS, now=free)
