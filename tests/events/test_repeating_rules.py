"""The rule of an event that repeats: its days, its words, and the hour on the wall."""

from datetime import date, time, timedelta

import pytest

from campaign.events.rules.repeating import (
    Rule,
    checked,
    days_of,
    last_day_of,
    parse,
    read_gaps,
    said,
    starts_of,
    with_first,
)
from campaign.foundation.errors import Refused
from tests.events.makers import LONDON
from tests.events.series import TUESDAY, WEEKLY


def days(rule: Rule, first: date, *, most: int = 4, gaps: tuple[date, ...] = ()) -> list[str]:
    found = days_of(rule, first, gaps=gaps, begin=first, end=first + timedelta(days=731))
    return [f"{day:%-d %b}" for day in found[:most]]


@pytest.mark.parametrize(
    ("text", "words", "first_four"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "Every Tuesday", ["6 Oct", "13 Oct", "20 Oct", "27 Oct"]),
        (
            "FREQ=WEEKLY;BYDAY=TU,TH",
            "Every Tuesday and Thursday",
            ["6 Oct", "8 Oct", "13 Oct", "15 Oct"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "Every 2 weeks on Tuesday",
            ["6 Oct", "20 Oct", "3 Nov", "17 Nov"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU",
            "The first Tuesday of each month",
            ["6 Oct", "3 Nov", "1 Dec", "5 Jan"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU,3TU",
            "The first Tuesday and third Tuesday of each month",
            ["6 Oct", "20 Oct", "3 Nov", "17 Nov"],
        ),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "Every Tuesday", ["6 Oct", "13 Oct"]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261013", "Every Tuesday", ["6 Oct", "13 Oct"]),
    ],
)
def test_a_rule_names_its_days_in_words_and_survives_its_text(
    text: str, words: str, first_four: list[str]
) -> None:
    rule = parse(text)
    assert rule.text == text
    assert said(rule) == words
    assert days(rule, TUESDAY) == first_four


def test_the_last_friday_is_the_last_whatever_its_number() -> None:
    rule = with_first(Rule(monthly=True, days=()), date(2026, 10, 30))  # the fifth
    assert rule.days == ("-1FR",)
    assert days(rule, date(2026, 10, 30)) == ["30 Oct", "27 Nov", "25 Dec", "29 Jan"]


def test_days_are_left_out_and_the_first_is_in_whatever_was_ticked() -> None:
    assert days(WEEKLY, TUESDAY, gaps=(date(2026, 10, 13),))[:2] == ["6 Oct", "20 Oct"]
    rule = checked(with_first(Rule(monthly=False, days=("TH",)), TUESDAY))
    assert rule.days == ("TU", "TH")
    assert read_gaps("24/12/2026, 2026-12-31") == (date(2026, 12, 24), date(2026, 12, 31))
    with pytest.raises(Refused, match="is not a day"):
        read_gaps("Christmas")


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(monthly=False, days=("TU",), until=date(2029, 1, 1)), "until"),
        (Rule(monthly=False, days=("TU",), until=date(2026, 1, 1)), "until"),
        (Rule(monthly=False, days=("TU",), count=120), "times"),
        (Rule(monthly=True, days=("1TU",), count=26), "times"),
    ],
)
def test_past_two_years_is_refused(rule: Rule, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        last_day_of(rule, TUESDAY)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=WEEKLY;BYDAY=TU;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=2;UNTIL=20261212",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=3",
        "FREQ=WEEKLY;BYDAY=",
        "",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=x",
    ],
)
def test_what_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse(text)


def test_a_time_on_the_wall_stays_and_the_two_odd_hours_follow_the_stated_rule() -> None:
    def utc(day: date, wall: time) -> str:
        return f"{starts_of(day, wall, zone='Europe/London'):%d %H:%M}"

    assert utc(date(2026, 10, 20), time(19)) == "20 18:00"
    assert utc(date(2026, 10, 27), time(19)) == "27 19:00"
    # 01:30 does not happen on 28 March 2027: it is held at 02:30, an hour later on the wall.
    assert utc(date(2027, 3, 28), time(1, 30)) == "28 01:30"
    moved = starts_of(date(2027, 3, 28), time(1, 30), zone="Europe/London").astimezone(LONDON)
    assert f"{moved:%H:%M}" == "02:30"
    # 01:30 happens twice on 25 October 2026: the first is meant.
    assert utc(date(2026, 10, 25), time(1, 30)) == "25 00:30"
