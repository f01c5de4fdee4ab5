"""When the host goes: who steps in, who is asked, and that of two who say yes one is the host."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, EventTeam, EventTold, Rsvp
from campaign.events.operations.teaming import join_team
from campaign.events.rules.team import AlreadyHosted, TeamRole
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import DomainError
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from tests.cast import Cast, a_person
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def evening() -> datetime:
    """When the event begins: three days from now."""
    return soon(72)


def the_event(database: Database, cast: Cast, starts_at: datetime, **given: object) -> Event:
    """An event of the host's; Ada and Bea come to it."""
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host, listed=True, starts_at=starts_at, **given)
        for name in ("Ada Warren", "Bea Long"):
            signed_up(db, event, name, approved=True)
    return event


def go(database: Database, event: Event, mail: RecordingMail, host_id: int) -> Event:
    with database.unit_of_work() as db:
        return operations.leave_hosting(
            db,
            event=db.get_one(Event, event.id),
            actor_id=host_id,
            mail=mail,  # type: ignore[arg-type]
            host_id=host_id,
        )


def look_after(database: Database, mail: RecordingMail) -> int:
    return operations.look_after_hostless(database, mail=mail, now=clock.now())  # type: ignore[arg-type]


def offered(database: Database) -> list[str]:
    with database.reading() as db:
        query = select(OutboxLetter.to).where(OutboxLetter.key.like("offer:%"))
        return sorted(to.partition("@")[0] for to in db.scalars(query))


def offer_keys(mail: RecordingMail) -> dict[str, str]:
    """The key of each offer, by who got it."""
    found = {}
    for letter in mail.letters:
        for key in re.findall(r"/hosting/(\S+)/take-over", letter.text):
            found[letter.to.partition("@")[0]] = key
    return found


def test_the_co_host_of_longest_standing_steps_in_and_gets_a_letter(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        for hours, name in ((3, "Young Hill"), (9, "Old Hand")):
            with clock.at(clock.now() - timedelta(hours=hours)):
                join_team(db, event=event, person=a_person(db, name), role=TeamRole.CO_HOST)
        join_team(db, event=event, person=a_person(db, "First Steward"), role=TeamRole.STEWARD)
    left = go(database, event, mail, cast.host.id)
    assert left.hostless_at is None
    with database.reading() as db:
        host = db.get_one(Person, db.get_one(Event, event.id).host_id)
        assert host.name == "Old Hand"
        assert [held.role for held in db.scalars(select(EventTeam).order_by(EventTeam.id))] == [
            "co-host",
            "steward",
        ]
        letters = db.execute(select(OutboxLetter.to, OutboxLetter.text)).all()
        assert [to for to, _ in letters] == [host.email]
    assert "/cannot" in letters[0].text
    assert look_after(database, mail) == 0, "nobody else is asked"


def test_without_one_it_says_so_and_organisers_and_who_comes_are_asked_once(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    go(database, event, mail, cast.host.id)
    assert [letter.to for letter in mail.letters] == [cast.organiser.email]
    assert look_after(database, mail) == 2
    assert look_after(database, mail) == 0
    assert offered(database) == ["ada", "bea"]
    for path in ("/events", f"/events/{event.public_id}", "/events.geojson"):
        text = client.get(path).text
        assert "Needs a host" in text, path
        assert "Hari H." not in text
    with database.unit_of_work() as db:
        signed_up(db, event, "Late Newcomer")
    assert look_after(database, mail) == 0, "who came after the sign is not asked"


def test_opening_the_offer_changes_nothing_and_the_first_yes_is_the_host(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    look_after(database, mail)
    keys = offer_keys(mail)
    for _ in range(2):
        page = client.get(f"/hosting/{keys['ada']}/take-over")
        assert page.text.count('<button class="btn') == 1
        assert page.headers["Cache-Control"] == "no-store"
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at
    assert client.post_form(f"/hosting/{keys['ada']}/take-over").status_code == 303
    late = client.post_form(f"/hosting/{keys['bea']}/take-over")
    assert late.status_code == 409
    assert "Somebody else said yes a moment before you" in late.text
    assert "has a host again" in client.get(f"/hosting/{keys['bea']}/take-over").text
    assert client.post_form(f"/hosting/{keys['ada']}/take-over").status_code == 303, "twice"
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        host = db.get_one(Person, held.host_id)
        assert (host.name, held.hostless_at) == ("Ada Warren", None)
        assert host.email_confirmed_at, "the letter came to that mailbox"
        db.expunge(host)
    client.sign_in(host)
    assert client.get(f"/events/{event.public_id}/roster").status_code == 200
    client.sign_in(cast.host)
    assert client.get(f"/events/{event.public_id}/roster").status_code == 403


@pytest.mark.storm
def test_two_say_yes_at_once_and_one_is_the_host(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    with database.unit_of_work() as db:
        people = list(db.scalars(select(Person).where(Person.name.in_(["Ada Warren", "Bea Long"]))))
    start, told = threading.Barrier(2), []

    def say_yes(person_id: int) -> None:
        start.wait()
        try:
            with database.unit_of_work() as db:
                held, person = db.get_one(Event, event.id), db.get_one(Person, person_id)
                operations.take_over(db, event=held, person=person, mail=None, by_mail=True)
                told.append(("host", person_id))
        except DomainError as refusal:
            told.append((type(refusal).__name__, person_id))

    threads = [threading.Thread(target=say_yes, args=(person.id,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(what for what, _ in told) == [AlreadyHosted.__name__, "host"]
    with database.reading() as db:
        assert db.get_one(Event, event.id).host_id == dict(told)["host"]


@pytest.mark.storm
def test_two_workers_at_once_offer_it_to_each_once(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening, capacity=200)
    with database.unit_of_work() as db:
        for number in range(120):
            signed_up(db, event, f"P{number} Hill", email=f"p{number}@people.example")
    go(database, event, mail, cast.host.id)
    start, sent = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        sent.append(look_after(database, mail))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 122
    assert len(offered(database)) == len(set(offered(database))) == 122


def test_a_worker_that_dies_before_the_end_has_written_nothing_and_the_next_writes_all(
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    with monkeypatch.context() as patch:
        patch.setattr("campaign.events.operations.once.post", _dies)
        with pytest.raises(KeyboardInterrupt):
            look_after(database, mail)
    assert offered(database) == []
    with database.reading() as db:
        assert db.scalars(select(EventTold)).all() == []
    assert look_after(database, mail) == 2


def _dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_day_before_the_organisers_are_asked_to_decide_and_nothing_is_called_off(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    look_after(database, mail)
    with clock.at(evening - timedelta(hours=25)):
        assert look_after(database, mail) == 0
    with clock.at(evening - timedelta(hours=23)):
        assert look_after(database, mail) == 1
        assert look_after(database, mail) == 0
    assert mail.letters[-1].to == cast.organiser.email
    assert "call it off" in mail.letters[-1].text
    with database.reading() as db:
        assert db.get_one(Event, event.id).state == "listed"


def test_one_called_off_or_hosted_again_asks_nobody(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event, off = the_event(database, cast, evening), the_event(database, cast, evening)
    for one in (event, off):
        go(database, one, mail, cast.host.id)
    with database.unit_of_work() as db:
        operations.cancel(db, event=db.get_one(Event, off.id), actor_id=cast.organiser.id)
        held, organiser = db.get_one(Event, event.id), db.get_one(Person, cast.organiser.id)
        operations.take_over(db, event=held, person=organiser, mail=None)
    assert look_after(database, mail) == 0


def test_the_host_who_cannot_come_does_not_host_either(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        signed_up(db, event, "Hari Host", email=cast.host.email, mail=mail)
    key = mail.keys[-1].partition("/")[0]
    assert client.post_form(f"/rsvps/{key}/not-coming").status_code == 303
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at
        status = select(Rsvp.status).where(Rsvp.person_id == cast.host.id)
        assert "cancelled" in db.scalars(status).all()


def test_a_closed_account_hosts_nothing_any_more(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        db.get_one(Person, cast.host.id).disabled_at = clock.now()
    assert look_after(database, mail) >= 2
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at


def test_the_address_of_a_home_goes_with_its_host(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening, place=HOME)
    go(database, event, mail, cast.host.id)
    look_after(database, mail)
    with clock.at(evening - timedelta(hours=20)), database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        assert (held.venue, held.postcode) == ("", None)
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 0  # type: ignore[arg-type]
    assert client.post_form(f"/hosting/{offer_keys(mail)['ada']}/take-over").status_code == 303
    with database.reading() as db:
        ada = db.scalars(select(Person).where(Person.name == "Ada Warren")).one()
        db.expunge(ada)
    client.sign_in(ada)
    with clock.at(evening - timedelta(hours=3)):
        assert "Elm Grove" not in client.get(f"/events/{event.public_id}").text
    assert not any("Elm Grove" in letter.text + letter.html for letter in mail.letters)


def test_who_signed_up_after_the_sign_does_not_get_the_roster(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    with database.unit_of_work() as db:
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email)
    path = f"/events/{event.public_id}/take-over"
    client.sign_in(cast.supporter)
    assert "I’ll host it" not in client.get(f"/events/{event.public_id}").text
    assert client.post_form(path).status_code == 403
    client.sign_in(cast.stranger)
    assert client.post_form(path).status_code == 404
    client.sign_in(cast.organiser)
    assert "I’ll host it" in client.get(f"/events/{event.public_id}").text
    assert client.post_form(path).status_code == 303


def test_the_link_in_the_hosts_letter_is_a_way_out_without_signing_in(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        cora = a_person(db, "Cora Host")
        join_team(db, event=event, person=cora, role=TeamRole.CO_HOST)
    go(database, event, mail, cast.host.id)
    key = re.findall(r"/hosting/(\S+)/cannot", mail.letters[-1].text)[0]
    assert client.get(f"/hosting/{key}/take-over").status_code == 404, "for this one thing"
    assert client.get(f"/hosting/{key}/cannot").status_code == 200
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at is None
    assert client.post_form(f"/hosting/{key}/cannot").status_code == 303
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at
    assert "You do not host this any more" in client.get(f"/hosting/{key}/cannot").text


def test_who_runs_the_group_sees_first_what_needs_a_host(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    go(database, event, mail, cast.host.id)
    client.sign_in(cast.organiser)
    page = client.get("/me").text
    assert "Needs a host" in page
    assert f"/events/{event.public_id}/take-over" in page
    for person in (cast.host, cast.stranger):
        client.sign_in(person)
        assert "Needs a host" not in client.get("/me").text
