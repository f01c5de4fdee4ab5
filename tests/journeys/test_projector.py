"""The room in a real browser: pins that pop, numbers that move, pages that turn, big text."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations.filling import CardPlace, begin_card
from campaign.meetups.operations.opening import lay_out
from campaign.meetups.queries import rooms
from campaign.meetups.queries.tables import cards_of_table
from campaign.meetups.routes import screen as route
from campaign.meetups.rules.phases import Phase
from tests.cast import Cast, call_the_cast
from tests.journeys.conftest import Site, Walker, complaints_of_axe, has_its_scripts, stands_still
from tests.meetups.making import a_meetup, a_participant, accepted, move_to, seated

pytestmark = pytest.mark.journey
WALL = {"width": 1280, "height": 720}
LEWES = PlaceChoice(
    kind=PlaceKind.VENUE, venue="The Needlemakers", postcode="BN7 2BA",
    lat=50.8739, lng=0.0088, town="Lewes",
)  # fmt: skip
IN_LEWES = CardPlace("venue", "The Needlemakers", "BN7 2BA", 50.8739, 0.0088)


def an_evening(db: Session) -> tuple[Cast, Meetup, Batch]:
    cast = call_the_cast(db)
    meetup, batch, _ = seated(db, cast, "Bea", "Cem", "Dora", "Eli", "Fay")
    return cast, meetup, batch


def plan_one(db: Session, batch: Batch, at: int, **given: object) -> None:
    """The person of that number hosts one, on a card of its own."""
    host = rooms.present(db, batch.id)[at]
    blank = [v for v in cards_of_table(db, host.breakout_id or 0) if v.card.event_id is None]
    if not blank:
        begin_card(db, batch=batch, breakout_id=host.breakout_id or 0, now=clock.now())
        blank = [v for v in cards_of_table(db, host.breakout_id or 0) if v.card.event_id is None]
    accepted(db, batch, host, view=blank[-1], start=f"1{at}:00", **given)


def test_pins_that_would_lie_on_one_another_are_one_and_a_new_one_pops(
    site: Site, somebody: Walker
) -> None:
    with site.house.database.unit_of_work() as db:
        cast, meetup, batch = an_evening(db)
        plan_one(db, batch, 0)
        plan_one(db, batch, 1)
        move_to(db, batch, "commit", cast.organiser.id)
        code, batch_id = meetup.code, batch.id
    wall: Page = somebody(viewport=WALL)
    wall.goto(f"/m/{code}/screen")
    expect(wall.locator(".map .pin")).to_have_count(1)
    expect(wall.locator(".map .pin")).to_have_text("2")
    expect(wall.locator(".map .pin.is-on")).to_have_count(0)
    with site.house.database.unit_of_work() as db:
        plan_one(db, db.get_one(Batch, batch_id), 2, place=IN_LEWES, choice=LEWES)
    expect(wall.locator(".map .pin")).to_have_count(2)
    expect(wall.locator(".map .pin.is-on")).to_have_attribute(
        "aria-label", re.compile("Needlemakers")
    )
    expect(wall.locator("[data-moves=published]")).to_have_text("3")
    expect(wall.locator("[data-moves=seats] i.new")).to_have_count(1)
    assert complaints_of_axe(wall) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_white_on_black_where_the_wall_is(
    site: Site, somebody: Walker, scheme: Literal["light", "dark"]
) -> None:
    with site.house.database.unit_of_work() as db:
        cast, meetup, batch = an_evening(db)
        plan_one(db, batch, 0)
        move_to(db, batch, "commit", cast.organiser.id)
        code = meetup.code
    wall: Page = somebody(viewport=WALL)
    wall.emulate_media(color_scheme=scheme)
    wall.goto(f"/m/{code}/screen?contrast=1")
    tiles, pin = wall.locator(".leaflet-tile-pane"), wall.locator(".map .pin path").first
    expect(tiles).to_have_css("filter", re.compile(r"grayscale\(1\) invert\(1\)"))
    expect(pin).to_have_css("fill", "rgb(255, 255, 255)")
    expect(pin).to_have_css("stroke", "rgb(0, 0, 0)")


def test_a_browser_with_its_bars_above_the_wall_cuts_nothing_off(
    site: Site, somebody: Walker
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        names = [f"Number{n}" for n in range(1, 41)]
        meetup, batch, _ = seated(db, cast, *names)
        lay_out(
            db, batch=batch, floor="1-6 By the stage; 7-14 At the windows",
            actor_id=cast.organiser.id,
        )  # fmt: skip
        code = meetup.code
    wall: Page = somebody(viewport={"width": 1920, "height": 880})
    wall.goto(f"/m/{code}/screen")
    stands_still(wall)
    edges = """(all) => all.slice(0, 8).map((one) => one.getBoundingClientRect())
      .map(({ top, bottom }) => [top, bottom])"""
    rows = wall.locator(".find-nos .tno").evaluate_all(edges)
    assert rows
    for upper, lower in pairwise(rows):
        assert upper[1] <= lower[0] + 0.5
    assert wall.evaluate("document.documentElement.scrollHeight") <= 880


@pytest.mark.parametrize(
    "wall_size", [(1024, 768), (1280, 720), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}"
)
def test_every_part_of_the_evening_fits_below_a_word_and_above_the_names_of_the_floor(
    site: Site, somebody: Walker, wall_size: tuple[int, int]
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup, batch, _ = seated(db, cast, *[f"Number{n}" for n in range(1, 115)])
        plan_one(db, batch, 0)
        places = ("By the stage", "At the windows", "Under the gallery", "Next to the bar")
        more = ("In the small hall", "Upstairs on the balcony")
        floor = "; ".join(f"{6 * n + 1}-{6 * n + 6} {p}" for n, p in enumerate(places + more))
        lay_out(db, batch=batch, floor=floor, actor_id=cast.organiser.id)
        batch.word = ("KEEP THE DOORS BY THE STAGE FREE, TAKE YOUR COATS ALONG WITH YOU. " * 3)[
            :140
        ]
        meetup.preset = "meetup"
        code, batch_id = meetup.code, batch.id
    width, height = wall_size
    wall: Page = somebody(viewport={"width": width, "height": height})
    for phase, since in product(Phase, (timedelta(), route.FINDING)):
        with site.house.database.unit_of_work() as db:
            held = db.get_one(Batch, batch_id)
            held.phase, held.phase_since = phase, clock.now() - since
        wall.goto(f"/m/{code}/screen")
        stands_still(wall)
        word = wall.locator(".scr-word").bounding_box()
        assert word is not None
        assert word["height"] > 110, "three lines"
        edges = wall.locator("main *:not(.leaflet-container *, .visually-hidden)").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect()).map((r) => [r.bottom, r.right])"
        )
        low, far = (max(ends) for ends in zip(*edges, strict=True))
        assert (low <= height + 0.5, far <= width + 0.5) == (True, True), (phase, low, far)


def test_the_imprint_lies_on_nothing_that_the_last_screen_says(
    site: Site, somebody: Walker
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast, preset="barnstorm")
        batch = rooms.batch_of(db, meetup)
        a_participant(db, batch, "Bea")
        move_to(db, batch, "close", cast.organiser.id, preset="barnstorm")
        code = meetup.code
    wall: Page = somebody(viewport=WALL)
    wall.goto(f"/m/{code}/screen")
    stands_still(wall)
    imprint, last = (wall.locator(name).bounding_box() for name in (".scr-imprint", ".scr-end"))
    assert imprint is not None
    assert last is not None
    assert imprint["x"] + imprint["width"] <= last["x"]


def test_the_finder_of_a_big_room_turns_every_ten_seconds(
    site: Site, somebody: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "AT_A_TIME", 3)
    with site.house.database.unit_of_work() as db:
        _, meetup, _ = an_evening(db)
        code = meetup.code
    wall: Page = somebody(viewport=WALL)
    wall.clock.install(time=datetime(2026, 11, 26, 19, 0, 1, tzinfo=UTC))
    wall.goto(f"/m/{code}/screen")
    has_its_scripts(wall)
    # From here on it goes when it is told to: nothing turns between two looks.
    wall.clock.pause_at(datetime(2026, 11, 26, 19, 30, 1, tzinfo=UTC))
    first, second = (wall.get_by_role("heading", name=name) for name in ("1 to 3", "4 to 5"))
    for _ in range(2):
        wall.clock.run_for(600)
        expect(first.or_(second)).to_be_visible()
        before = first.is_visible()
        assert second.is_visible() is not before
        wall.clock.run_for(10_000)
        expect(second if before else first).to_be_visible()


def test_a_phone_with_double_text_reads_the_wall_without_scrolling_sideways(
    site: Site, somebody: Walker
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup, batch, _ = seated(db, cast, "Bea", "Cem", "Dora", "Eli", "Fay")
        plan_one(db, batch, 0)
        key = a_participant(db, batch, "Gil").key
        move_to(db, batch, "commit", cast.organiser.id)
        code = meetup.code
    phone = somebody()
    phone.context.add_cookies(
        [{"name": "meetup", "value": key, "domain": "127.0.0.1", "path": f"/m/{code}"}]
    )
    phone.goto(f"/m/{code}")
    button, words = phone.locator(".wall .btn").first, phone.locator(".wall li p").last
    expect(button).to_have_text("I’m in")
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    stands_still(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= phone.evaluate("document.documentElement.clientWidth")
    # The button stands below the words and leaves them the width.
    under, over = button.bounding_box(), words.bounding_box()
    assert under is not None
    assert over is not None
    assert under["y"] >= over["y"] + over["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_code_that_nobody_has_is_said_in_words_one_can_read(
    site: Site, somebody: Walker, scheme: Literal["light", "dark"]
) -> None:
    del site
    phone = somebody()
    phone.emulate_media(color_scheme=scheme)
    phone.goto("/m?code=NOSUCH")
    expect(phone.get_by_role("alert")).to_contain_text("no meetup with this code")
    assert complaints_of_axe(phone) == []
