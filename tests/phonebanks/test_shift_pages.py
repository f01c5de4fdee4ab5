"""A shift for who comes to it: before, at its door, and after; its letters; the next one."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations.day import write_day_letters
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.people.models import Person
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import CallingSession, HelpRequest, NoThanks, Phonebank
from campaign.phonebanks.operations import promising, setup
from campaign.phonebanks.operations.shift_letters import write_shift_letters
from campaign.phonebanks.operations.shifts import want_thanks
from campaign.phonebanks.rules.overbooking import Shown, more_places
from campaign.phonebanks.rules.shift import Numbers
from campaign.phonebanks.rules.zones import where_we_ring
from tests.cast import Cast, a_person, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, report
from tests.proof_reader import ProofReadingClient

BANK = "/phonebanks/demo-calls"
STARTS = NOON + timedelta(hours=1)
ENDS = STARTS + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _noon(app: Flask) -> Any:
    with clock.at(NOON):
        yield


CARD = {"key": "why", "kind": "objection", "title": "Why?", "say": "Only if they ask."}
STEPS: list[dict[str, Any]] = [
    {"key": "opening", "say": "{movement} here. Could you come?", "options": []},
    {"key": "closing", "say": "Bye.", "options": []},
    CARD,
]


@pytest.fixture
def mail(settings: Settings) -> Mail:
    return Mail(LetterWriter(settings), settings.base_url)


def a_session(db: Any, cast: Cast, bank: Phonebank, starts_at: datetime, **given: Any) -> Event:
    values = {"capacity": 5, "ends_at": starts_at + timedelta(hours=2)} | given
    event = an_event(db, cast.group, cast.host, starts_at=starts_at, **values)
    db.add(CallingSession(event_id=event.id, phonebank_id=bank.id))
    db.flush()
    return event


@pytest.fixture
def tonight(database: Database, cast: Cast, made: Made) -> str:
    """A session in an hour with the cast's stranger on its roster; the event's public id."""
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        event = a_session(db, cast, bank, STARTS, taken=1)
        an_rsvp(db, event, cast.stranger, made_at=NOON - timedelta(days=9))
        setup.pass_practice(db, person_id=cast.stranger.id, now=NOON)
        setup.agree(db, person_id=cast.stranger.id, now=NOON)
        return event.public_id


def letters(database: Database, kind: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.startswith(kind))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def test_before_a_shift_its_page_says_when_the_screen_opens_and_from_then_on_lets_one_in(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    path = f"{BANK}/shifts/{tonight}"
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        setup.write_script(db, phonebank=bank, steps=STEPS, actor_id=cast.organiser.id, now=NOON)
    client.sign_in(cast.stranger)
    page = client.get(path).text
    assert "until the calling screen opens here, at 12:45" in page
    assert "Could you come?" in page, "what one will say"
    assert "Only if they ask" not in page, "cards stand beside the steps, and are none"
    early = client.post_form(f"{path}/here")
    assert early.status_code == 422
    with clock.at(STARTS - timedelta(minutes=14)):
        client.sign_in(cast.stranger)
        assert "I am here: open the calling screen" in client.get(path).text
        answer = client.post_form(f"{path}/here")
        assert answer.headers["Location"].endswith(f"{BANK}/call")
        assert client.get(f"{BANK}/call").status_code == 200
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        assert "Stef Stranger" in board.split("Still to come")[0]
    with database.reading() as db:
        assert db.scalars(select(Rsvp.attendance).where(Rsvp.person_id == cast.stranger.id)).one()
    with clock.at(ENDS + timedelta(minutes=29)):
        client.sign_in(cast.stranger)
        assert client.get(f"{BANK}/call").status_code == 200
    with clock.at(ENDS + timedelta(minutes=31)):
        client.sign_in(cast.stranger)
        assert client.get(f"{BANK}/call").status_code == 403


def test_a_lead_ticks_somebody_with_one_tap(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    with clock.at(STARTS):
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        path = re.findall(rf"{BANK}/shifts/{tonight}/arrived/\w+", board)[0]
        client.post_form(path)
        assert "Still to come" not in client.get(f"{BANK}/lead").text
        client.sign_in(cast.caller)
        assert client.post_form(path).status_code == 403
    with database.reading() as db:
        rsvp = db.scalars(select(Rsvp).where(Rsvp.person_id == cast.stranger.id)).one()
        assert rsvp.attendance == "came"


def test_who_has_no_place_knocks_and_is_let_in_with_one_tap_and_no_field(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    path = f"{BANK}/shifts/{tonight}"
    client.sign_in(cast.supporter)
    assert client.get(path).status_code == 404, "not before it runs"
    with clock.at(STARTS + timedelta(minutes=5)):
        client.sign_in(cast.supporter)
        assert "You have no place yet" in client.get(path).text
        client.post_form(f"{path}/knock")
        client.post_form(f"{path}/knock")
        assert "A lead can see you" in client.get(path).text
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        assert "<b>Sam Supporter</b> is at the door" in board
        let_in = re.findall(rf"{BANK}/helps/\w+", board)[0]
        assert client.post_form(let_in).status_code == 303
        assert "is at the door" not in client.get(f"{BANK}/lead").text
        client.sign_in(cast.supporter)
        assert client.get(path).status_code == 200
        assert "Practise first" in client.get(f"{BANK}/call").text
        client.sign_in(cast.administrator)
        assert client.get(path).status_code == 404, "they do not call"
    with database.reading() as db:
        rsvp = db.scalars(
            select(Rsvp).where(Rsvp.person_id == cast.supporter.id, Rsvp.source == "door")
        ).one()
        assert (rsvp.status, rsvp.attendance) == ("accepted", "came")
        assert len(db.scalars(select(HelpRequest)).all()) == 1


def test_where_every_place_is_taken_the_lead_hears_how_to_mend_it(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(Event).where(Event.public_id == tonight).values(capacity=1))
    with clock.at(STARTS):
        client.sign_in(cast.supporter)
        client.post_form(f"{BANK}/shifts/{tonight}/knock")
        client.sign_in(cast.organiser)
        let_in = re.findall(rf"{BANK}/helps/\w+", client.get(f"{BANK}/lead").text)[0]
        full = client.post_form(let_in)
    assert full.status_code == 409
    assert "Raise the number of places first" in full.text


def test_another_phonebank_has_no_such_shift(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    client.sign_in(cast.stranger)
    assert client.get(f"/phonebanks/demo-practice/shifts/{tonight}").status_code == 404
    client.sign_in(cast.organiser)
    arrived = f"/phonebanks/demo-practice/shifts/{tonight}/arrived/norsvp000000"
    assert client.post_form(arrived).status_code == 404


def test_callers_are_asked_two_days_before_and_reminded_two_hours_before(
    database: Database, cast: Cast, made: Made, tonight: str, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == tonight)).one()
        events.attach_roster(db, event=event, path=f"{BANK}/call", label="Open")
    with clock.at(STARTS - timedelta(hours=49)):
        assert events.send_reminders(database, mail=mail, now=clock.now()) == 0
    with clock.at(STARTS - timedelta(hours=47)):
        assert events.send_reminders(database, mail=mail, now=clock.now()) == 1
        assert events.send_reminders(database, mail=mail, now=clock.now()) == 0
    asked = letters(database, "rsvp-reminder")[0]
    assert "Tue 24 Nov" in asked.subject
    assert "/coming" in asked.text
    assert "/not-coming" in asked.text
    with clock.at(NOON - timedelta(hours=3)):  # nine in the morning of the day
        assert write_day_letters(database, mail=mail, now=clock.now()) == 0, "no third letter"
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 0
    with clock.at(STARTS - timedelta(minutes=119)):
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 1
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 0
    soon = letters(database, "call-soon")[0]
    assert f"{BANK}/shifts/{tonight}" in soon.text
    assert "opens at 12:45" in soon.text
    assert "/not-coming" in soon.text


def a_shift_that_was_worked(database: Database, cast: Cast, tonight: str) -> None:
    """The stranger made three calls and talked once, the caller made one; both had a place."""
    with database.unit_of_work() as db:
        session = db.scalars(
            select(CallingSession).join(Event).where(Event.public_id == tonight)
        ).one()
        bank = db.get_one(Phonebank, session.phonebank_id)
        an_rsvp(db, db.get_one(Event, session.event_id), cast.caller, attendance="came")
        for who, outcome in (
            (cast.stranger, "talked"),
            (cast.stranger, "no_answer"),
            (cast.stranger, "no_answer"),
            (cast.caller, "no_answer"),
        ):
            person = db.get_one(Person, who.id)
            call = claim(db, bank, person, now=STARTS).call
            call.session_id = session.id
            report(db, call=call, phonebank=bank, outcome=outcome, now=STARTS)


def test_after_a_shift_everybody_who_rang_is_thanked_once_with_the_next_shift(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    made: Made,
    tonight: str,
    mail: Mail,
) -> None:
    a_shift_that_was_worked(database, cast, tonight)
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        full = a_session(db, cast, bank, STARTS + timedelta(days=1), capacity=1, taken=1)
        following = a_session(db, cast, bank, STARTS + timedelta(days=2), title="Second evening")
        next_id, full_id = following.public_id, full.public_id
    with clock.at(ENDS + timedelta(minutes=29)):
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 0
    with clock.at(ENDS + timedelta(minutes=31)):
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 2
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 0
        assert write_day_letters(database, mail=mail, now=clock.now()) == 0
    first = next(one for one in letters(database, "call-thanks") if "stef" in one.to)
    assert "You rang 3 people. 1 talked with you." in first.text
    assert "Together, 2 of you made 4 calls, and 1 person talked with us." in first.text
    assert "Second evening" in first.text
    assert full_id not in first.text, "there is no room"
    with database.reading() as db:
        attended = select(Rsvp.attendance).where(Rsvp.person_id == cast.stranger.id)
        assert db.scalars(attended).one() == "came", "whoever rang was there"

    again = re.findall(r"/again/\S+", first.text)[0]
    with clock.at(ENDS + timedelta(hours=1)):
        page = client.get(again).text
        assert f'value="{next_id}" checked' in page
        with database.reading() as db:
            mine = select(Rsvp).where(Rsvp.person_id == cast.stranger.id)
            assert len(db.scalars(mine).all()) == 1, "looking signs nobody up"
        path = again.partition("?")[0]
        signed = client.post_form(path, {"shift": next_id}, follow_redirects=True)
        assert "You are down for Thu 26 Nov" in signed.text
        wrong = client.post_form(path, {"shift": cast.event.public_id})
        assert wrong.status_code == 422, "another event is none of its shifts"
    with database.reading() as db:
        rsvp = db.scalars(select(Rsvp).join(Event).where(Event.public_id == next_id)).one()
        assert (rsvp.person_id, rsvp.status) == (cast.stranger.id, "accepted")


def test_who_asked_for_no_letters_is_not_thanked(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    made: Made,
    tonight: str,
    mail: Mail,
) -> None:
    a_shift_that_was_worked(database, cast, tonight)
    with database.unit_of_work() as db:
        want_thanks(db, person_id=cast.stranger.id, wanted=False, now=NOON)
        promising.want_letters(db, person_id=cast.caller.id, wanted=False, now=NOON)
    with clock.at(ENDS + timedelta(minutes=31)):
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 0
    with database.unit_of_work() as db:
        want_thanks(db, person_id=cast.stranger.id, wanted=True, now=NOON)
    with clock.at(ENDS + timedelta(minutes=31)):
        assert write_shift_letters(database, mail=mail, now=clock.now()) == 1
        text = letters(database, "call-thanks")[0].text
        path = re.findall(r"/again/[^\s?#]+", text)[0]
        client.post_form(path, {"no_more": "1"})
    with database.reading() as db:
        assert db.scalars(select(NoThanks.person_id)).all() == [cast.stranger.id]


def test_the_page_of_a_shift_that_is_over_says_what_it_came_to(
    client: ProofReadingClient, database: Database, cast: Cast, made: Made, tonight: str
) -> None:
    a_shift_that_was_worked(database, cast, tonight)
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        next_id = a_session(db, cast, bank, STARTS + timedelta(days=2)).public_id
    with clock.at(ENDS + timedelta(hours=1)):
        client.sign_in(cast.stranger)
        path = f"{BANK}/shifts/{tonight}"
        page = client.get(path).text
        assert "Thank you, Stef" in page
        assert "You rang 3 people. 1 talked with you." in page
        assert client.post_form(f"{path}/again", {"shift": next_id}).status_code == 303
        assert f"{BANK}/shifts/{next_id}" in client.get(BANK).text, "your shift, on its page"


def test_a_lead_says_in_which_languages_a_session_rings(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    client.sign_in(cast.organiser)
    path = f"{BANK}/shifts/{tonight}/languages"
    assert client.post_form(path, {"languages": "English, Polish"}).status_code == 303
    assert client.post_form(path, {"languages": "x" * 121}).status_code == 422
    assert "Rings in English, Polish" in client.get(BANK).text
    client.sign_in(cast.stranger)
    assert "Rings in English, Polish" in client.get(f"{BANK}/shifts/{tonight}").text
    assert client.post_form(path, {"languages": ""}).status_code == 404


def test_more_places_than_seats_are_a_leads_choice_by_what_is_known(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    client.sign_in(cast.organiser)
    assert "stayed away" not in client.get(f"{BANK}/sessions").text
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        over = a_session(db, cast, bank, NOON - timedelta(days=7))
        for n in range(20):
            came = "came" if n < 16 else "did_not_come"
            an_rsvp(db, over, a_person(db, f"Past Caller{n}"), attendance=came)
    page = client.get(f"{BANK}/sessions").text
    assert "Of the last 20 with a place at your sessions 16 came: 20 % stayed away." in page
    assert "Make it 6 places" in page
    client.post_form(f"{BANK}/shifts/{tonight}/places")
    with database.reading() as db:
        assert db.scalars(select(Event.capacity).where(Event.public_id == tonight)).one() == 6
    client.sign_in(cast.caller)
    assert client.post_form(f"{BANK}/shifts/{tonight}/places").status_code == 403


@pytest.mark.parametrize(
    ("capacity", "had", "came", "more"),
    [
        (12, 40, 32, 2),  # a fifth stays away: 15 would be right, a fifth more is the most
        (20, 40, 36, 2),
        (12, 19, 10, 0),  # too little is known
        (12, 40, 40, 0),
        (12, 40, 0, 0),
        (None, 40, 30, 0),
    ],
)
def test_how_many_more_by_the_past(capacity: int | None, had: int, came: int, more: int) -> None:
    assert more_places(capacity, Shown(had, came)) == more


def test_a_shift_is_said_in_the_hours_of_those_who_are_rung() -> None:
    class Evening:
        starts_at = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
        ends_at = datetime(2026, 11, 26, 20, 30, tzinfo=UTC)
        zone = "Europe/London"

    zones = ["Europe/London", "America/New_York"]
    assert where_we_ring(Evening(), zones) == ["Thu 26 Nov, 13:30–15:30 in New York"]


def test_numbers_are_said_as_people_say_them() -> None:
    assert Numbers(1, 0, 1).own_words == "You rang 1 person. Every try counts."
    assert Numbers(23, 7).own_words == "You rang 23 people. 7 talked with you."
    assert Numbers(5, 2, 1).team_words == "You made all 5 calls of this shift."


def test_who_is_on_the_board_and_has_not_rung_yet_has_a_page_and_can_be_taken_off(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    with clock.at(STARTS):
        client.sign_in(cast.stranger)
        assert client.post_form(f"{BANK}/shifts/{tonight}/here").status_code == 303
        client.sign_in(cast.organiser)
        page = f"{BANK}/callers/{cast.stranger.public_id}"
        assert page in client.get(f"{BANK}/lead").text
        assert client.get(page).status_code == 200
        assert client.post_form(f"{page}/remove").status_code == 303
        assert client.get(f"{BANK}/callers/{cast.supporter.public_id}").status_code == 404
