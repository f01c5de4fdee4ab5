"""The demo campaign: what it holds, and that it leaves real people alone."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from campaign.app import open_house
from campaign.commands.demo import build, demo
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.phone import is_fictitious
from campaign.foundation.settings import Settings
from campaign.home.rules import DEMO_PEOPLE
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from tests.proof_reader import ProofReadingClient

EVENING = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


@pytest.fixture
def demo_database(settings: Settings, database: Database, places_dir: Path) -> Database:
    """A database with the demo in it, as on a Thursday afternoon."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    house = open_house(settings, database)
    with clock.at(EVENING):
        build(house, seed=2026)
    return database


def test_the_demo_holds_what_a_newcomer_needs(demo_database: Database) -> None:
    with demo_database.reading() as db:
        placed = select(func.count()).where(Event.state == "listed", Event.shown_lat.is_not(None))
        assert db.scalar(placed) >= 400
        assert db.scalar(select(func.count()).select_from(Event)) >= 600
        meetup = db.scalars(select(Event).where(Event.kind == "meetup")).one()
        assert meetup.starts_at == datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
        seated = select(func.count()).where(Rsvp.event_id == meetup.id)
        assert db.scalar(seated) == meetup.taken == 220
        running = select(Event).where(Event.starts_at < EVENING, Event.ends_at > EVENING)
        assert db.scalars(running).one().roster_path == "/phonebanks/demo-calls/call"
        banks = dict(db.execute(select(Phonebank.public_id, Phonebank.status)).all())
        assert banks == {"demo-calls": "open", "demo-practice": "open"}
        to_ring = select(func.count()).join(Contact.phonebank)
        assert db.scalar(to_ring.where(Phonebank.public_id == "demo-calls")) == 2000
        assert db.scalar(select(func.count()).where(Person.is_demo)) == 12


def test_every_number_of_the_demo_is_one_that_nobody_has(demo_database: Database) -> None:
    with demo_database.reading() as db:
        numbers = db.execute(select(PhoneNumber.e164, PhoneNumber.fictitious)).all()
    assert len(numbers) == 2200
    assert all(fictitious and is_fictitious(e164) for e164, fictitious in numbers)


def test_the_count_of_taken_places_is_the_count_of_sign_ups(demo_database: Database) -> None:
    with demo_database.reading() as db:
        counted = (
            select(Event.taken, func.count(Rsvp.id))
            .outerjoin(Rsvp, Rsvp.event_id == Event.id)
            .group_by(Event.id, Event.taken)
        )
        assert [row for row in db.execute(counted) if row[0] != row[1]] == []


def test_the_same_seed_gives_the_same_events(
    settings: Settings, tmp_path: Path, sqlite_template: Path, places_dir: Path
) -> None:
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    told = []
    for seed in (7, 7, 8):
        path = tmp_path / f"{len(told)}.db"
        shutil.copy(sqlite_template, path)
        database = Database(f"sqlite:///{path}")
        house = open_house(settings, database)
        with clock.at(EVENING):
            build(house, seed=seed)
        with database.reading() as db:
            rows = select(Event.public_id, Event.title, Event.starts_at, Event.shown_place)
            told.append(db.execute(rows.order_by(Event.id)).all())
        database.dispose()
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_the_demo_touches_no_database_with_people_in_it(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as db:
        db.add(Person(name="Somebody Real", email="real@people.example", made_at=clock.now()))
    house = open_house(settings, database)
    monkeypatch.setattr("campaign.commands.opening.house", lambda: house)
    for arguments in ([], ["--if-empty"]):
        result = CliRunner().invoke(demo, arguments)
        assert "already holds 1 people" in str(result.exception)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1


def test_production_has_no_demo(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(settings, database)
    production = replace(house, settings=replace(settings, environment="production"))
    monkeypatch.setattr("campaign.commands.opening.house", lambda: production)
    assert "Production has no demo" in str(CliRunner().invoke(demo).exception)


SHUT = {("stranger", "/phonebanks/demo-calls/lead"), ("admin", "/phonebanks/demo-calls/import")}
"""The tries that say that a page is shut."""


def test_each_try_signs_its_person_in_and_leads_where_it_says(
    client: ProofReadingClient, demo_database: Database
) -> None:
    with clock.at(EVENING):
        for one in DEMO_PEOPLE:
            for thing in one.tries:
                told = {"email": one.email, "next": thing.path}
                answer = client.post_form("/sign-in-as", told)
                assert answer.headers["Location"] == thing.path
                shut = (one.key, thing.path) in SHUT
                assert client.get(thing.path).status_code == (404 if shut else 200), thing
            assert f"You are {one.name}" in client.get("/me").text


def test_signing_in_as_somebody_leads_to_no_other_site(
    client: ProofReadingClient, demo_database: Database
) -> None:
    for next_path in ("https://elsewhere.example/", "//elsewhere.example", ""):
        told = {"email": DEMO_PEOPLE[0].email, "next": next_path}
        assert client.post_form("/sign-in-as", told).headers["Location"] == "/me"
