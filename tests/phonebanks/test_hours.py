"""Calling hours: whose clock counts, to the second, across holidays and clock changes."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaign.phonebanks.rules.hours import (
    next_opening,
    open_now,
    opens_until,
    window,
)
from campaign.phonebanks.rules.week import (
    load_rules,
    nation_of,
    read_week,
)

FILE = Path(__file__).parents[2] / "config" / "calling_rules.toml"
LONDON = "Europe/London"
SECOND = timedelta(seconds=1)


def raw() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


RULES = load_rules(raw())
WIDEST = read_week(raw()["outer"], RULES)


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(LONDON)).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 11, 23), time(10), time(20, 30)),  # Monday
        (date(2026, 11, 27), time(10), time(20, 30)),  # Friday
        (date(2026, 11, 28), time(10), time(18)),  # Saturday
    ],
)
def test_the_usual_hours_open_and_close_to_the_second(day: date, opens: time, closes: time) -> None:
    zone = ZoneInfo(LONDON)
    start = datetime.combine(day, opens, zone).astimezone(UTC)
    end = datetime.combine(day, closes, zone).astimezone(UTC)
    assert not open_now(start - SECOND, LONDON, RULES)
    assert open_now(start, LONDON, RULES)
    assert open_now(end - SECOND, LONDON, RULES)
    assert not open_now(end, LONDON, RULES)
    assert opens_until(start, LONDON, RULES) == end
    assert opens_until(end, LONDON, RULES) is None


def test_sunday_is_left_in_peace_unless_the_phonebank_chose_it() -> None:
    sunday = london(2026, 11, 29, 12)
    assert not open_now(sunday, LONDON, RULES)
    assert open_now(sunday, LONDON, RULES, WIDEST)


@pytest.mark.parametrize(
    ("day", "opens"), [(23, 8), (24, 8), (25, 8), (26, 8), (27, 8), (28, 9), (29, 9)]
)
def test_the_outer_bounds_hold_to_the_second(day: int, opens: int) -> None:
    start, end = london(2026, 11, day, opens), london(2026, 11, day, 21)
    assert not open_now(start - SECOND, LONDON, RULES, WIDEST)
    assert open_now(start, LONDON, RULES, WIDEST)
    assert open_now(end - SECOND, LONDON, RULES, WIDEST)
    assert not open_now(end, LONDON, RULES, WIDEST)


def test_a_week_stored_before_the_bounds_became_narrower_is_clipped() -> None:
    data = raw()
    data["outer"]["mon"] = ["12:00", "14:00"]
    data["usual"]["mon"] = []
    narrow = load_rules(data)
    assert not open_now(london(2026, 11, 23, 11, 59, 59), LONDON, narrow, WIDEST)
    assert open_now(london(2026, 11, 23, 12), LONDON, narrow, WIDEST)
    assert not open_now(london(2026, 11, 23, 14), LONDON, narrow, WIDEST)


def test_the_clock_of_the_person_counts_and_not_the_callers() -> None:
    from_tokyo = datetime(2026, 11, 23, 18, 59, 59, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert not open_now(from_tokyo, LONDON, RULES)
    assert open_now(from_tokyo + SECOND, LONDON, RULES)
    assert next_opening(from_tokyo, LONDON, RULES) == london(2026, 11, 23, 10)


def test_people_in_two_zones_open_at_two_instants() -> None:
    nine_in_london = london(2026, 11, 23, 9, 30)
    assert not open_now(nine_in_london, LONDON, RULES)
    assert open_now(nine_in_london, "Europe/Paris", RULES)


@pytest.mark.parametrize(
    ("day", "opens_utc"),
    [
        (date(2026, 10, 24), 9),  # Saturday before the clocks go back
        (date(2026, 10, 26), 10),  # Monday after
        (date(2027, 3, 27), 10),  # Saturday before the clocks go forward (Good Friday is the 26th)
        (date(2027, 3, 30), 9),  # Tuesday after Easter Monday
        (date(2027, 10, 30), 9),
        (date(2027, 11, 1), 10),
    ],
)
def test_ten_oclock_stays_ten_oclock_across_the_clock_changes(day: date, opens_utc: int) -> None:
    start = datetime(day.year, day.month, day.day, opens_utc, tzinfo=UTC)
    assert not open_now(start - SECOND, LONDON, RULES)
    assert open_now(start, LONDON, RULES)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_the_day_of_the_change_itself_has_its_full_hours(day: date) -> None:
    assert day.weekday() == 6
    span = window(day, LONDON, RULES, WIDEST)
    assert span is not None
    assert span.end - span.start == timedelta(hours=12)
    zone = ZoneInfo(LONDON)
    assert span.start.astimezone(zone).time() == time(9)
    assert not open_now(span.start - SECOND, LONDON, RULES, WIDEST)
    assert open_now(span.end - SECOND, LONDON, RULES, WIDEST)


def test_the_doubled_and_the_missing_hour_are_both_closed() -> None:
    for minute in range(0, 180, 15):
        step = timedelta(minutes=minute)
        assert not open_now(datetime(2026, 10, 25, tzinfo=UTC) + step, LONDON, RULES, WIDEST)
        assert not open_now(datetime(2027, 3, 28, tzinfo=UTC) + step, LONDON, RULES, WIDEST)


def test_next_opening_crosses_the_clock_change() -> None:
    assert next_opening(london(2026, 10, 24, 18), LONDON, RULES) == datetime(
        2026, 10, 26, 10, tzinfo=UTC
    )


def test_next_opening_is_now_while_open() -> None:
    now = london(2026, 11, 23, 15, 0, 7)
    assert next_opening(now, LONDON, RULES) == now


def test_next_opening_skips_christmas_and_its_substitute() -> None:
    # In 2026 the 25th is a Friday, the 26th keeps its peace, the 28th is its substitute.
    assert next_opening(london(2026, 12, 24, 20, 30), LONDON, RULES) == london(2026, 12, 29, 10)


def test_a_bank_holiday_is_off_unless_chosen_and_then_has_weekend_bounds() -> None:
    easter_monday = (2027, 3, 29)
    assert not open_now(london(*easter_monday, 12), LONDON, RULES)
    assert not open_now(london(*easter_monday, 8, 59, 59), LONDON, RULES, WIDEST)
    assert open_now(london(*easter_monday, 9), LONDON, RULES, WIDEST)
    only_mondays = read_week({"mon": ["10:00", "12:00"]}, RULES)
    assert not open_now(london(*easter_monday, 11), LONDON, RULES, only_mondays)


def test_each_nation_has_its_own_holidays() -> None:
    st_andrew, easter_monday = london(2026, 11, 30, 12), london(2027, 3, 29, 12)
    assert open_now(st_andrew, LONDON, RULES)
    assert not open_now(st_andrew, LONDON, RULES, nation="scotland")
    assert open_now(easter_monday, LONDON, RULES, nation="scotland")
    twelfth = london(2027, 7, 12, 12)
    assert open_now(twelfth, LONDON, RULES)
    assert not open_now(twelfth, LONDON, RULES, nation="northern-ireland")


def moved(day: date, taken: set[date]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


def monday(year: int, month: int, *, last: bool = False) -> date:
    days = [date(year, month, 1) + timedelta(days=at) for at in range(31)]
    found = [day for day in days if day.month == month and day.weekday() == 0]
    return found[-1 if last else 0]


def test_an_unknown_nation_keeps_the_usual_holidays() -> None:
    assert not open_now(london(2027, 3, 29, 12), LONDON, RULES, nation="ruritania")


def test_the_nation_follows_from_the_council() -> None:
    codes = ("E06000043", "W06000015", "S12000036", "N09000003", "L99999999", "", None)
    assert [nation_of(code) for code in codes] == [
        "england-and-wales", "england-and-wales", "scotland", "northern-ireland", None, None, None,
    ]  # fmt: skip


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def reckoned(year: int, nation: str) -> set[date]:
    """The Act's days and substitutes, worked out afresh to check the file."""
    sunday = easter(year)
    days = {sunday - timedelta(days=2), monday(year, 5), monday(year, 5, last=True)}
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    if nation == "scotland":
        fixed.insert(1, date(year, 1, 2))
        fixed.append(date(year, 11, 30))
        days.add(monday(year, 8))
    else:
        days |= {sunday + timedelta(days=1), monday(year, 8, last=True)}
    if nation == "northern-ireland":
        fixed += [date(year, 3, 17), date(year, 7, 12)]
    for day in fixed:
        days.add(moved(day, days))
    return days
