"""What callers did together: the goal first, and nobody is named who did not ask for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import (
    Call,
    CallerProfile,
    CallReview,
    Phonebank,
    ShownCaller,
)
from campaign.phonebanks.operations import thanks as wishes
from campaign.phonebanks.queries.thanks import thanked
from tests.cast import Cast
from tests.figures.making import a_call
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

TOGETHER = "/phonebanks/demo-calls/together"


def test_only_conversations_count_that_were_rung_and_stand(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        wishes.choose(db, person_id=caller.id, shows_name=True, sees_list=True, now=NOON)
        people_ = fill(db, phonebank, range(8))
        good = a_call(db, people_[0], caller, "talked")
        a_call(db, people_[1], caller, "talked", attempted_at=None, dialled_at=NOON)
        a_call(db, people_[2], caller, "talked", attempted_at=None)
        a_call(db, people_[3], caller, "no_answer")
        a_call(db, people_[4], caller, "dnc")
        a_call(db, people_[5], caller, "talked", status="released")
        bad = a_call(db, people_[6], caller, "talked")
        other = a_call(db, people_[7], caller, "talked")
        for call, verdict in ((bad, "serious"), (other, "minor")):
            db.add(
                CallReview(
                    call_id=call.id,
                    phonebank_id=phonebank.id,
                    caller_id=caller.id,
                    chosen_at=NOON,
                    verdict=verdict,
                )
            )
        db.flush()
        assert [one.talks for one in thanked(db, phonebank.id)] == [3]
        good.status = "reversed"
        db.flush()
        assert [one.talks for one in thanked(db, phonebank.id)] == [2]


def test_nobody_is_named_without_their_own_tick_and_no_one_who_was_stopped(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        callers = [make_person(db, name) for name in ("Ada Low", "Ben Hall", "Cy Roe", "Di Fox")]
        for place, caller in enumerate(callers):
            for contact in fill(db, phonebank, range(place * 10, place * 10 + place + 1)):
                a_call(db, contact, caller, "talked")
        for caller in callers[1:]:
            wishes.choose(db, person_id=caller.id, shows_name=True, sees_list=True, now=NOON)
        db.add(CallerProfile(person_id=callers[3].id, trust="suspended"))
        db.flush()
        assert [(one.name, one.talks) for one in thanked(db, phonebank.id)] == [
            ("Cy Roe", 3),
            ("Ben Hall", 2),
        ]
        wishes.choose(db, person_id=callers[2].id, shows_name=False, sees_list=True, now=NOON)
        assert [one.name for one in thanked(db, phonebank.id)] == ["Ben Hall"]


def test_a_caller_sees_the_goal_first_says_their_name_and_may_see_no_list(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        for contact in fill(db, phonebank, range(1000, 1002)):
            a_call(db, contact, cast.caller, "talked", at=NOON - timedelta(hours=1))
    client.sign_in(cast.caller)
    assert TOGETHER in client.get("/phonebanks/demo-calls").text
    page = client.get(TOGETHER)
    assert "0 of 10 people are done" in page.text
    assert "Who talked with many" not in page.text
    page = client.post_form(TOGETHER, {"shows_name": "1"}, follow_redirects=True)
    text = page.text
    assert text.index("people are done") < text.index("Who talked with many") < text.index("(you)")
    page = client.post_form(TOGETHER, {"shows_name": "1", "hides_list": "1"}, follow_redirects=True)
    assert "Who talked with many</h2>" not in page.text
    assert "people are done" in page.text
    page = client.post_form(TOGETHER, {}, follow_redirects=True)
    assert "(you)" not in page.text


def test_who_has_not_called_finds_no_such_page(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    for who in (cast.stranger, cast.supporter):
        client.sign_in(who)
        assert client.get(TOGETHER).status_code == 404
        assert client.post_form(TOGETHER, {"shows_name": "1"}).status_code == 404
    client.sign_in(cast.organiser)
    assert client.get(TOGETHER).status_code == 200
    assert client.get("/phonebanks/demo-practice/together").status_code == 404
    with database.reading() as db:
        assert db.scalars(select(ShownCaller)).all() == []


def test_an_erased_caller_is_named_nowhere_and_the_access_file_tells_of_the_wish(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        wishes.choose(db, person_id=caller.id, shows_name=True, sees_list=False, now=NOON)
        a_call(db, fill(db, phonebank, range(1))[0], caller, "talked")
        person = db.get_one(Person, caller.id)
        told = people.export(db, person=person)
        assert told["On lists of callers"][0]["named"] is True
        people.erase(db, person=person)
        assert thanked(db, phonebank.id) == []
        assert db.scalars(select(ShownCaller)).all() == []
        assert db.scalars(select(Call)).all()
