"""The letters of a shift: asked before, reminded on the day, thanked after with the next one."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations.day import write_day_letters
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import NoThanks, Phonebank
from campaign.phonebanks.operations import promising
from campaign.phonebanks.operations.shift_letters import write_shift_letters
from campaign.phonebanks.operations.shifts import want_thanks
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.shifting import (
    BANK,
    ENDS,
    STARTS,
    a_session,
    a_shift_that_was_worked,
    letters,
)
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")


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
