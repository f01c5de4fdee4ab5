"""Words: what is typed is fit to keep, and days and times are said one way."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.foundation.errors import Refused
from campaign.foundation.words import clean_text, human_day, human_time, human_when, plural

LONDON = ZoneInfo("Europe/London")


def test_controls_and_turning_characters_are_taken_out() -> None:
    assert clean_text("Hove\x07 \u202egpj.exe\u202c\u2066\u200e", most=50) == "Hove gpj.exe"
    assert clean_text("\ufeffHo\u200bve\x9b", most=50) == "Hove"


def test_joiners_stay_because_names_and_emoji_need_them() -> None:
    assert clean_text("می\u200cخواهم 👩\u200d🚒", most=50) == "می\u200cخواهم 👩\u200d🚒"


def test_text_is_composed_and_trimmed() -> None:
    assert clean_text("  Be\u0301a \n", most=3) == "Béa"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff"])
def test_nul_and_lone_surrogates_are_refused_at_their_field(text: str) -> None:
    with pytest.raises(Refused, match="damaged") as caught:
        clean_text(text, most=50, field="title")
    assert caught.value.field == "title"


def test_limits_are_in_characters_to_the_very_one() -> None:
    assert clean_text("é" * 120, most=120) == "é" * 120
    with pytest.raises(Refused, match="at most 120 characters; this has 121"):
        clean_text("é" * 121, most=120)
    assert clean_text("abc", most=120, least=3) == "abc"
    with pytest.raises(Refused, match="at least 3 characters"):
        clean_text(" ab ", most=120, least=3)


@pytest.mark.parametrize("text", ["", "  ", "\u200d\u200d\u200d", "\u3000", "\u0301\u0301\u0301"])
def test_a_text_that_shows_nothing_is_empty(text: str) -> None:
    assert clean_text(text, most=9) == ""
    with pytest.raises(Refused, match="Fill this in"):
        clean_text(text, most=9, least=1)


def test_line_breaks_stay_only_where_lines_are_wanted() -> None:
    text = "One\r\ntwo\rthree\u2028four\tfive\n"
    assert clean_text(text, most=50) == "One two three four five"
    assert clean_text(text, most=50, lines=True) == "One\ntwo\nthree\nfour\tfive"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text, most=500)
    assert clean_text(once, most=500) == once
    assert unicodedata.is_normalized("NFC", once)


def test_things_are_counted_in_words() -> None:
    assert plural(1, "caller") == "1 caller"
    assert plural(0, "caller") == "0 callers"
    assert plural(1204, "caller") == "1,204 callers"
    assert plural(2, "person", "people") == "2 people"


def test_a_day_is_said_with_its_year_only_when_that_differs() -> None:
    assert human_day(date(2026, 11, 26)) == "Thu 26 Nov"
    assert human_day(date(2026, 11, 26), today=date(2026, 1, 1)) == "Thu 26 Nov"
    assert human_day(date(2027, 1, 12), today=date(2026, 11, 26)) == "Tue 12 Jan 2027"


def test_when_is_said_in_the_zone_of_the_place() -> None:
    start = datetime(2026, 11, 26, 19, tzinfo=UTC)
    assert human_when(start, start + timedelta(hours=2), LONDON) == "Thu 26 Nov, 19:00–21:00"
    assert human_when(start, None, LONDON) == "Thu 26 Nov, 19:00"
    summer = datetime(2027, 6, 3, 18, tzinfo=timezone(timedelta(hours=-3)))
    assert human_when(summer, None, LONDON) == "Thu 3 Jun, 22:00"
    assert human_time(summer, LONDON) == "22:00"


def test_a_night_names_both_days_and_the_clock_change_is_told_as_clocks_show_it() -> None:
    start = datetime(2026, 10, 24, 21, tzinfo=UTC)
    end = datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert human_when(start, end, LONDON) == "Sat 24 Oct, 22:00 – Sun 25 Oct, 06:00"
