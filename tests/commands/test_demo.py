"""The demo campaign: what it holds, and that it leaves real people alone."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Select, and_, func, select

from campaign.app import open_house
from campaign.commands.demo import build, demo
from campaign.commands.demo.size import NATIONAL, Size
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import HOLDING
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.phone import is_fictitious
from campaign.foundation.phone.drama import is_unassigned
from campaign.foundation.settings import Settings
from campaign.foundation.web import House
from campaign.groups.models import Group, Membership
from campaign.home.queries import front
from campaign.home.rules import DEMO_PEOPLE, MEETUP_CODE
from campaign.meetups.models import Meetup
from campaign.people.models import Person, PhoneNumber, Suppression
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


def tonight() -> Select[Event]:
    """The meetup whose room is open."""
    room = select(Meetup.event_id).where(Meetup.code == MEETUP_CODE)
    return select(Event).where(Event.id == room.scalar_subquery())


def test_the_demo_holds_what_a_newcomer_needs(demo_database: Database) -> None:
    with demo_database.reading() as db:
        placed = select(func.count()).where(Event.state == "listed", Event.shown_lat.is_not(None))
        assert db.scalar(placed) >= 400
        assert db.scalar(select(func.count()).select_from(Event)) >= 600
        meetup = db.scalars(tonight()).one()
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
            .outerjoin(Rsvp, and_(Rsvp.event_id == Event.id, Rsvp.status.in_(HOLDING)))
            .group_by(Event.id, Event.taken)
        )
        assert [row for row in db.execute(counted) if row[0] != row[1]] == []


def test_the_front_page_finds_what_rings_now_among_many_phonebanks(
    demo_database: Database,
) -> None:
    with demo_database.unit_of_work() as db:
        group_id = db.scalars(select(Group.id).order_by(Group.id)).first()
        for number in range(20):
            db.add(
                Phonebank(group_id=group_id, title=f"A {number}", status="open", made_at=EVENING)
            )
    with demo_database.reading() as db:
        shown = front(db, now=EVENING).ringing
        assert [(one.url, one.still) for one in shown] == [
            ("/phonebanks/demo-calls", False),
            ("/phonebanks/demo-practice", True),
        ]
        assert shown[0].line.startswith("6 callers, until ")
        later = front(db, now=EVENING + timedelta(hours=6)).ringing
        assert [one.url for one in later] == ["/phonebanks/demo-practice"]


def test_the_people_of_the_meetup_belong_to_several_groups(demo_database: Database) -> None:
    with demo_database.reading() as db:
        belong = (
            select(Membership.group_id)
            .join(Rsvp, Rsvp.person_id == Membership.person_id)
            .join(Event, Event.id == Rsvp.event_id)
            .where(Event.id == tonight().with_only_columns(Event.id).scalar_subquery())
        )
        assert len(set(db.scalars(belong))) >= 8


@pytest.mark.parametrize(("hour", "day"), [(8, 26), (17, 26), (18, 27), (23, 27)])
def test_the_meetup_is_tonight_and_after_six_tomorrow_night(
    settings: Settings, sqlite_template: Path, places_dir: Path, hour: int, day: int
) -> None:
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    shutil.copy(sqlite_template, settings.data_dir / "evening.db")
    database = Database(f"sqlite:///{settings.data_dir}/evening.db")
    house = open_house(settings, database)
    with clock.at(datetime(2026, 11, 26, hour, 0, tzinfo=UTC)):
        build(house, seed=2026, size=TINY)
    with database.reading() as db:
        meetup = db.scalars(tonight()).one()
        assert meetup.starts_at == datetime(2026, 11, day, 19, 0, tzinfo=UTC)
    database.dispose()


TINY = Size("tiny", groups=12, events=24, crowd=700, members=(25, 90), calls=10)
# More people than the ranges for drama have numbers, and more groups than towns by hand.
MANY = Size(
    "many", groups=15, events=31, crowd=900, members=(20, 30), calls=15_990, lists=2, calls_each=10
)


def test_a_country_takes_its_towns_from_the_map_and_its_numbers_from_the_block_nobody_has(
    settings: Settings, database: Database, places_dir: Path
) -> None:
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    steps: list[int] = []
    house = open_house(settings, database)
    with clock.at(EVENING):
        told = build(house, seed=1, size=MANY, tell=steps.append)
    assert told.startswith("The demo is ready: 15 groups, 55 events, 16,010 made-up people")
    assert sum(steps) == MANY.steps
    with database.reading() as db:
        assert db.scalar(select(func.count(func.distinct(Group.place)))) == 15
        assert db.scalar(select(func.count()).select_from(Person)) == 912
        lists = dict(
            db.execute(
                select(Phonebank.public_id, func.count())
                .join(Contact, Contact.phonebank_id == Phonebank.id)
                .group_by(Phonebank.public_id)
            ).all()
        )
        assert sorted(lists.values()) == [10, 10, 200, 15_990]
        assert lists["demo-calls"] == 15_990
        practice = select(Contact.number_id).join(Contact.phonebank).where(Phonebank.is_practice)
        numbers = db.execute(
            select(PhoneNumber.e164, PhoneNumber.fictitious).where(PhoneNumber.id.not_in(practice))
        ).all()
    assert len(numbers) == 16_010
    assert all(fictitious and is_unassigned(e164[3:]) for e164, fictitious in numbers)


def test_the_national_demo_is_as_big_as_a_country() -> None:
    assert (NATIONAL.groups, NATIONAL.events) == (300, 28_000)
    assert (NATIONAL.crowd, NATIONAL.contacts) == (100_000, 300_000)


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
            # Addresses of what is announced as people announce it are dealt anew each time.
            rows = select(Event.title, Event.starts_at, Event.shown_place, Event.taken)
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


def run(monkeypatch: pytest.MonkeyPatch, house: House, when: datetime, *arguments: str) -> str:
    """What ``campaign demo`` says on a day."""
    monkeypatch.setattr("campaign.commands.opening.house", lambda: house)
    monkeypatch.setattr("campaign.commands.demo.SMALL", TINY)
    monkeypatch.setattr("campaign.commands.demo.holding.SMALL", TINY)
    with clock.at(when):
        result = CliRunner().invoke(demo, arguments)
    return result.output + str(result.exception or "")


def rebuilt(said: str) -> bool:
    return "is taken away and made anew" in said and "The demo is ready" in said


@pytest.fixture
def house(settings: Settings, database: Database, places_dir: Path) -> House:
    """An installation with a tiny demo of a Thursday."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    house = open_house(settings, database)
    with clock.at(EVENING):
        build(house, seed=2026, size=TINY)
    return house


def test_a_second_run_says_what_is_there_and_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(monkeypatch, house, EVENING)
    assert "already holds the tiny demo of Thu 26 Nov, 712 people" in said
    assert not rebuilt(run(monkeypatch, house, EVENING, "--if-empty"))


def test_a_demo_of_another_day_is_made_anew_for_today(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = EVENING + timedelta(days=3)
    assert not rebuilt(run(monkeypatch, house, later))
    said = run(monkeypatch, house, later, "--if-empty")
    assert rebuilt(said)
    assert "The demo of Thu 26 Nov is taken away and made anew for today." in said
    with house.database.reading() as db:
        meetup = db.scalars(tonight()).one()
        assert meetup.starts_at == datetime(2026, 11, 29, 19, 0, tzinfo=UTC)
    assert not rebuilt(run(monkeypatch, house, later, "--if-empty"))
    assert rebuilt(run(monkeypatch, house, later, "--anew"))


REAL = {
    "a person of another address": lambda: Person(
        name="Somebody Real", email="real@movement.test", made_at=EVENING
    ),
    "a person without an address": lambda: Person(name="Somebody Real", made_at=EVENING),
    "a number that can ring": lambda: PhoneNumber(e164="+441273000000", hmac="x" * 64),
    "a wish not to be called": lambda: Suppression(
        hmac="y" * 64, reason="asked", source="form", made_at=EVENING
    ),
}


@pytest.mark.parametrize("what", sorted(REAL))
def test_a_stale_demo_with_anybody_real_in_it_stays(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with house.database.unit_of_work() as db:
        db.add(REAL[what]())
    later = EVENING + timedelta(days=3)
    for arguments in (["--anew"], ["--if-empty"], ["--if-empty", "--anew"], []):
        assert not rebuilt(run(monkeypatch, house, later, *arguments))
    said = run(monkeypatch, house, later, "--if-empty")
    assert "all stays as it is. The demo is of Thu 26 Nov, its days are over." in said
    with house.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) >= 712


def test_somebody_who_comes_while_the_demo_is_made_ready_stays(
    settings: Settings, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.add(Person(name="Somebody Real", email="real@movement.test", made_at=EVENING))
    with pytest.raises(Refused, match="Somebody was here first"):
        build(open_house(settings, database), seed=1, size=TINY)


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
