"""A rehearsal with made-up people, over real connections: what it plans stands on the map."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from campaign.commands.rehearse import rehearse
from campaign.commands.rehearse.evening import Evening
from campaign.commands.rehearse.guests import summed_up
from campaign.commands.rehearse.pages import Page
from campaign.commands.rehearse.phones import Phone
from campaign.events.models import Event, Rsvp
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.people.operations import write_link
from tests.cast import Cast
from tests.journeys.conftest import Site, serve

PEOPLE = 60
KEYS = [
    *("people", "strategy_tables", "local_tables", "published", "committed_share", "orphans"),
    "card_to_public_s",
]


@pytest.fixture
def served(settings: Settings, database: Database, cast: Cast, places_dir: Path) -> Iterator[Site]:
    """The site with the cast in it, on a free port."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    yield from serve(settings, database)


@pytest.mark.storm
@pytest.mark.parametrize("desk", [False, True])
def test_sixty_people_plan_their_events_and_nobody_s_yes_is_lost(
    served: Site, database: Database, cast: Cast, settings: Settings, desk: bool
) -> None:
    with database.unit_of_work() as db:
        key = write_link(db, email=cast.organiser.email or "")
        before = db.scalar(select(func.count(Event.id))) or 0
    told: list[str] = []
    evening = Evening(
        base_url=served.address,
        data_dir=settings.data_dir,
        preset="meetup",
        seed=7,
        speed=None,
        desk=desk,
        say=told.append,
    )
    found = evening.run(PEOPLE, f"/sign-in/{key}")
    evening.look_back()
    figures = json.loads(summed_up(PEOPLE, found))
    assert list(figures) == KEYS
    assert re.fullmatch(r"What was planned.*/events/\w+/recap", told[-1])
    recap = Phone(evening.line).get(told[-1].partition(served.address)[2])
    assert recap.text.count('class="need') == figures["published"]
    assert "rehearsal.example" not in recap.text
    assert "Rehearsal Row" not in recap.text
    assert figures["people"] == PEOPLE
    assert figures["strategy_tables"] == 8
    assert figures["local_tables"] >= 6
    assert figures["published"] == figures["local_tables"]
    assert figures["committed_share"] >= 0.7
    assert figures["orphans"] == 0
    assert figures["card_to_public_s"] is not None
    with database.reading() as db:
        made = list(db.scalars(select(Event).order_by(Event.id)))[before:]
        planned = [event for event in made if event.kind != "meetup"]
        assert len(planned) == figures["published"]
        assert {event.state for event in planned} == {"listed"}
        assert all(event.host_id for event in planned)
        rosters = dict(
            db.execute(select(Rsvp.event_id, func.count(Rsvp.id)).group_by(Rsvp.event_id)).all()
        )
        assert all(rosters[event.id] >= 3 for event in planned)
        pages = [f"/events/{event.public_id}" for event in planned]
    stranger = Phone(evening.line)
    assert not [page for page in pages if "Rehearsal Row" in stranger.get(page).text]


def test_a_page_is_read_as_a_browser_would_send_it() -> None:
    page = Page(200, "/m/ABCDEF", """
        <form method="get" action="/find"><input name="q" value="no"></form>
        <form method="post" action="/m/ABCDEF/join">
        <input type="hidden" name="csrf_token" value="t">
        <input name="name" value="A &amp; B"><input type="checkbox" name="hold" value="y">
        <input type="radio" name="day" value="1"><input type="radio" name="day" value="2" checked>
        <input name="gone" disabled value="x"><select name="who"><option value="a"><option value="b"
        selected></select><button name="answer" value="yes">Yes</button></form>
    """)  # fmt: skip
    form = page.form("/join")
    assert form.values == {"csrf_token": "t", "name": "A & B", "day": "2", "who": "b"}
    assert form.choices == {"hold": ["y"], "day": ["1", "2"], "who": ["a", "b"]}
    assert form.buttons == [("answer", "yes")]
    assert not page.has("/find")


def test_it_refuses_where_nobody_answers_to_the_organiser_s_address(
    database: Database, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    from campaign.commands import opening
    from campaign.foundation.errors import NotFound

    class House:
        pass

    house = House()
    house.settings, house.database = settings, database  # type: ignore[attr-defined]
    monkeypatch.setattr(opening, "house", lambda: house)
    result = CliRunner().invoke(
        rehearse, ["--people", "10", "--organiser", "nobody@people.example"]
    )
    assert isinstance(result.exception, NotFound)
    assert "Nobody has the address" in str(result.exception)
