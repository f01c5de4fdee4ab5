"""What is decided about events without a database."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from campaign.events.rules.finding import (
    Box,
    honest_zoom,
    parse_box,
    read_after,
    snapped,
    words_of,
    write_after,
)
from campaign.events.rules.giveaways import gives_home_away
from campaign.events.rules.kinds import KINDS, Kind, proposed_title
from campaign.events.rules.needs import need_of
from campaign.events.rules.times import Typed, instants, window
from campaign.events.rules.venues import PlaceChoice, PlaceKind, checked_link
from campaign.foundation.errors import Refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def on(day: date, start: time, **given: object) -> tuple[datetime, datetime]:
    return instants(Typed(day, start, 120, **given), now=NOW)  # type: ignore[arg-type]


def test_a_weekly_evening_keeps_its_wall_clock_across_the_change() -> None:
    winter, _ = on(date(2026, 3, 26), time(19))
    summer, _ = on(date(2026, 4, 2), time(19))
    assert (winter.hour, summer.hour) == (19, 18)


def test_the_missing_hour_is_refused_with_a_suggestion() -> None:
    with pytest.raises(Refused, match=r"01:30 does not happen. Choose 02:30") as refusal:
        on(date(2026, 3, 29), time(1, 30))
    assert refusal.value.field == "start"


def test_the_doubled_hour_is_asked_for() -> None:
    with pytest.raises(Refused, match="comes twice") as refusal:
        on(date(2026, 10, 25), time(1, 30))
    assert refusal.value.field == "twice"
    first, _ = on(date(2026, 10, 25), time(1, 30), twice="first")
    second, _ = on(date(2026, 10, 25), time(1, 30), twice="second")
    assert second - first == timedelta(hours=1)


def test_an_evening_may_run_past_midnight() -> None:
    starts_at, ends_at = on(date(2026, 3, 20), time(21), end=time(0, 30))
    assert ends_at - starts_at == timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("day", "given", "sentence"),
    [
        (date(2026, 2, 1), {}, "past"),
        (date(2028, 4, 1), {}, "two years"),
        (date(2026, 3, 20), {"end": time(18)}, "before it starts"),
        (date(2026, 3, 20), {"end": time(20), "end_day": date(2026, 3, 24)}, "72 hours"),
        (date(2026, 3, 20), {"end": time(20), "end_day": date(2026, 3, 19)}, "before it starts"),
    ],
)
def test_times_that_cannot_be_are_refused(
    day: date, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        on(day, time(19), **given)


def test_the_weekend_is_saturday_and_sunday() -> None:
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    begin, until = window("weekend", first=None, last=None, now=friday)
    assert (begin, until) == (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert window("weekend", first=None, last=None, now=sunday)[0] == sunday


@pytest.mark.parametrize(
    "text",
    ["Come to 12 Elm Grove", "BN2 3DA", "bn23da it is", "Flat 4, ring twice", "at 7a High Street"],
)
def test_a_text_that_gives_the_home_away_is_found(text: str) -> None:
    assert gives_home_away(text)


@pytest.mark.parametrize(
    "text", ["Calls from the Lewes front room", "12 callers wanted", "Bring 2 friends at 19:00"]
)
def test_a_harmless_text_is_let_through(text: str) -> None:
    assert not gives_home_away(text)


def test_a_home_shows_its_town_and_the_middle_of_its_square() -> None:
    one = PlaceChoice(PlaceKind.HOME, "12 Elm Grove", "BN2 3DA", 50.83051, -0.12311, "Brighton")
    two = PlaceChoice(PlaceKind.HOME, "3 Elm Grove", "BN2 3DB", 50.8306, -0.1232, "Brighton")
    assert one.shown_point == two.shown_point != (50.83051, -0.12311)
    assert "Elm" not in one.shown_place
    assert "BN2" not in one.shown_place


@pytest.mark.parametrize(
    ("capacity", "needed", "taken", "words"),
    [
        (12, 12, 9, "Needs 3 more callers"),
        (12, 12, 11, "Needs 1 more caller"),
        (12, None, 10, "2 places left"),
        (12, 12, 12, "Full: join the waiting list"),
        (None, None, 4, "Room for you"),
    ],
)
def test_the_need_is_said_in_words(
    capacity: int | None, needed: int | None, taken: int, words: str
) -> None:
    event = SimpleNamespace(kind="phonebank", capacity=capacity, needed=needed, taken=taken)
    assert need_of(event).words == words


def test_every_kind_has_its_words() -> None:
    assert set(KINDS) == set(Kind)
    assert proposed_title("phonebank", where="in Lewes") == "Phonebank in Lewes"


@pytest.mark.parametrize("text", ["http://a.example", "https://1.2.3.4/x", "https://a@b.example"])
def test_only_plain_https_links_are_taken(text: str) -> None:
    with pytest.raises(Refused):
        checked_link(text)


def test_a_box_is_four_finite_numbers_in_order() -> None:
    assert parse_box("-0.2,50.8,-0.1,50.9").west == -0.2
    for text in (None, "", "1,2,3", "1,2,3,inf", "2,1,1,2", "1,3,2,2", "1,-91,2,2", "١,1,2,2"):
        with pytest.raises(Refused):
            parse_box(text)


def test_where_a_list_goes_on_survives_the_address() -> None:
    key = (0.0, 12.25, 2461001.2708333335, 17.0)
    assert read_after(write_after(key)) == key
    assert read_after("W" * 300) is None
    assert read_after("eyJhIjoxfQ") is None


def test_a_box_goes_outwards_to_the_grid_and_stays_there() -> None:
    for zoom in range(19):
        box = Box(-0.20001, 50.79999, -0.1, 50.9)
        once = snapped(box, zoom)
        assert once.west <= box.west + 1e-5
        assert once.south <= box.south + 1e-5
        assert once.east >= box.east - 1e-5
        assert once.north >= box.north - 1e-5
        assert snapped(once, zoom) == once
        near = Box(box.west + 1e-4 / 2**zoom, box.south, box.east, box.north)
        assert zoom > 12 or snapped(near, zoom) == once


def test_no_zoom_is_finer_than_a_screen_can_show() -> None:
    assert honest_zoom(18, Box(-180, -90, 180, 90)) <= 4
    assert honest_zoom(12, Box(-0.2, 50.8, -0.1, 50.9)) == 12
    assert words_of("  Café CAFÉ pier ") == ("cafe", "pier")
