"""A host who cannot: the co-host is asked, then who comes; who hosts has said so themselves."""

from datetime import timedelta

from sqlalchemy import select

from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.models import Event, EventNotice, EventTeam
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.rules.following import days_after
from campaign.people.models import Person
from tests.cast import Cast
from tests.meetups.after import an_evening, at, key_of, letters
from tests.proof_reader import ProofReadingClient


def cannot(client: ProofReadingClient, database: Database, cast: Cast, mail: Mail) -> Event:
    """Bea was asked, and says that she cannot."""
    closed = clock.now() - timedelta(hours=15)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).ask)
    address = f"/hosting/{key_of(letters(database, 'host-on')[0])}/on"
    assert client.post_form(address, {"answer": "no"}).status_code == 303
    return event


def look_after(database: Database, mail: Mail, hours: float = 0) -> None:
    with clock.at(clock.now() + timedelta(hours=hours)):
        events.look_after_hostless(database, mail=mail, now=clock.now())


def test_a_co_host_is_asked_and_hosts_with_their_own_tap_alone_and_then_the_roster_hears(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        assert held.hostless_at is not None
        assert db.scalars(select(EventNotice)).all() == []
    told = letters(database, "hostless")
    assert cast.organiser.email in {one.to for one in told}
    assert "We ask the co-host" in told[0].text
    for hours in (0, 0.1):
        look_after(database, mail, hours)
    (asked,) = letters(database, "ask-cohost")
    assert asked.to == "cem@people.example"
    assert letters(database, "offer") == []  # who comes is asked after the co-host
    address = f"/hosting/{key_of(asked)}/take-over"
    assert "I’ll host it" in client.get(address).text
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at is not None
    assert client.post_form(address, {}).status_code == 303
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        assert held.hostless_at is None
        assert db.get_one(Person, held.host_id).email == "cem@people.example"
        assert db.scalars(select(EventNotice.note)).all() == ["Cem hosts it now."]
    events.tell_everybody(database, mail=mail)
    heard = [one for one in letters(database, "event-changed") if "Cem hosts it now" in one.text]
    assert "dora@people.example" in {one.to for one in heard}


def test_a_co_host_who_cannot_either_leaves_nobody_and_the_organisers_hear_it(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    look_after(database, mail)
    before = len(letters(database, "hostless"))
    address = f"/hosting/{key_of(letters(database, 'ask-cohost')[0])}/take-over"
    for _ in range(2):
        assert client.post_form(address, {"answer": "no"}).status_code == 303
    told = letters(database, "hostless")
    assert len(told) == before * 2
    assert "there is no co-host" in told[-1].text
    with database.reading() as db:
        assert db.scalars(select(EventTeam).where(EventTeam.event_id == event.id)).all() == []
        assert db.scalars(select(EventNotice)).all() == []
    look_after(database, mail, 0.1)
    assert {one.to for one in letters(database, "offer")} >= {"dora@people.example"}


def test_a_co_host_who_says_nothing_is_asked_alone_for_twelve_hours(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    with database.unit_of_work() as db:  # far ahead: nearer, everybody is asked at once
        held = db.get_one(Event, event.id)
        held.starts_at += timedelta(days=9)
        held.ends_at += timedelta(days=9)
    look_after(database, mail, 11)
    assert letters(database, "offer") == []
    look_after(database, mail, 12.1)
    assert {one.to for one in letters(database, "offer")} == {"dora@people.example"}
