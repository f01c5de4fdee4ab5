"""The demo's meetups that are over: what a newcomer reads of them, and where it is found."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaign.app import open_house
from campaign.commands.demo import build
from campaign.commands.demo.closed import DAYS_AGO, REPORTS
from campaign.commands.demo.size import Size
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.queries.planned import promise_at
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.home.rules import DEMO_PEOPLE, MEETUP_HELD, MEETUP_LAST
from campaign.meetups.models import Batch, Meetup, Participant, Recap
from campaign.meetups.operations import following
from campaign.meetups.queries.following import hosts_of
from campaign.meetups.rules.following import Stand
from campaign.people.models import Person, PhoneNumber
from tests.proof_reader import ProofReadingClient

EVENING = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
TINY = Size("tiny", groups=12, events=24, crowd=700, members=(25, 90), calls=10)


@pytest.fixture
def demo_database(settings: Settings, database: Database, places_dir: Path) -> Database:
    """A tiny demo of a Thursday afternoon."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    house = open_house(settings, database)
    with clock.at(EVENING):
        build(house, seed=2026, size=TINY)
    return database


def meeting(database: Database, public_id: str) -> Event:
    with database.reading() as db:
        found = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        db.expunge_all()
    return found


def test_the_evening_of_last_week_stands_with_its_sums_its_ideas_and_what_was_kept(
    client: ProofReadingClient, demo_database: Database
) -> None:
    event = meeting(demo_database, MEETUP_HELD)
    assert (EVENING.date() - event.starts_at.date()).days == DAYS_AGO > 7
    with clock.at(EVENING):
        page = client.get(f"/events/{MEETUP_HELD}/recap").text
        with demo_database.reading() as db:
            promise = promise_at(db, event.id, now=clock.now())
            recap = db.scalars(
                select(Recap)
                .join(Batch, Batch.id == Recap.batch_id)
                .join(Meetup, Meetup.id == Batch.meetup_id)
                .where(Meetup.event_id == event.id)
            ).one()
            db.expunge_all()
    assert (promise.held, promise.not_held, promise.unknown, promise.to_come) == (5, 1, 1, 1)
    assert promise.people == sum(numbers["people"] for numbers, _ in REPORTS)
    assert recap.closed_at < event.ends_at < EVENING
    assert (recap.people, recap.hosts, recap.cohosted) == (26, 8, 8)
    assert recap.first_timers == 8
    assert recap.committed > 20
    assert recap.seats > 30
    assert "5 of 8 planned events took place so far" in page
    assert "Ring every tenant of one street" in page
    assert "Gales all day" not in page  # that stands in the event's own report
    assert "The green door" not in page


def test_every_host_of_last_week_said_the_day_after_that_it_is_on(
    demo_database: Database,
) -> None:
    event = meeting(demo_database, MEETUP_HELD)
    with demo_database.reading() as db:
        held = hosts_of(db, event.id)
        assert [one.stand for one in held] == [Stand.CONFIRMED] * 8
        said = [one.asked.answered_at for one in held if one.asked]
    assert all(at and timedelta() < at - event.ends_at < timedelta(days=1) for at in said)
    assert len(said) == 8


def test_of_last_night_s_hosts_one_is_sure_one_wants_help_and_one_is_silent(
    client: ProofReadingClient, demo_database: Database
) -> None:
    event = meeting(demo_database, MEETUP_LAST)
    assert event.starts_at.date() == EVENING.date() - timedelta(days=1)
    with demo_database.reading() as db:
        stands = {one.stand for one in hosts_of(db, event.id)}
    assert stands == {Stand.CONFIRMED, Stand.HELP, Stand.NOT_ASKED}
    with clock.at(EVENING):
        client.post_form("/sign-in-as", {"email": "regional@demo.example", "next": "/me"})
        page = client.get(f"/events/{MEETUP_LAST}/hosts").text
        assert "1 of 3 has said that it is on." in page
        assert client.get(f"/events/{MEETUP_LAST}/recap").status_code == 200


def test_the_pages_are_linked_from_the_group_the_meetup_and_somebody_s_card(
    client: ProofReadingClient, demo_database: Database
) -> None:
    recap = f"/events/{MEETUP_HELD}/recap"
    with clock.at(EVENING):
        assert f'href="{recap}"' in client.get("/groups/brighton").text
        assert f'href="/events/{MEETUP_LAST}/recap"' in client.get("/groups/hove").text
        assert f'href="{recap}"' in client.get(f"/events/{MEETUP_HELD}").text
        assert f'value="{recap}"' in client.get("/").text
    assert [one.key for one in DEMO_PEOPLE for thing in one.tries if thing.path == recap] == [
        "host"
    ]


def test_it_invents_nobody_and_keeps_no_number_that_anybody_could_ring(
    demo_database: Database,
) -> None:
    with demo_database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 712
        assert db.scalar(select(func.count()).where(Participant.person_id.is_(None))) == 0
        phones = set(db.scalars(select(Participant.phone)))
        numbers = select(func.count()).where(PhoneNumber.fictitious.is_(False))
        assert db.scalar(numbers) == 0
    assert all(phone.startswith("+4477009004") for phone in phones)


def test_the_worker_tells_the_organisers_what_became_of_it_and_asks_the_silent(
    demo_database: Database, settings: Settings
) -> None:
    mail = Mail(LetterWriter(settings), settings.base_url)
    with clock.at(EVENING):
        sent = following.follow_up(demo_database, mail=mail, now=clock.now())
        again = following.follow_up(demo_database, mail=mail, now=clock.now())
    assert sent >= 2
    assert again == 0
