"""A host whose guests need their yes hears so the same night, and of who asks the day after."""

from datetime import timedelta

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.hosting import leave_hosting
from campaign.events.operations.telling import facts_for_letter
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.operations.committing import take
from campaign.meetups.queries import rooms, tables
from tests.cast import Cast
from tests.meetups.after import an_evening, at, letters, london
from tests.meetups.making import HOME, accepted, another, card_of, move_to, seated

CLOSES = london("2026-12-04 20:58")
NEXT_DAY = london("2026-12-05 10:01")


def test_the_host_of_a_home_is_told_to_answer_and_how_many_ask(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with clock.at(CLOSES - timedelta(minutes=20)), database.unit_of_work() as db:
        _, batch, (bea, cem, dora) = seated(db, cast, "Bea", "Cem", "Dora")
        accepted(db, batch, bea, choice=HOME, mail=mail)
        for one in (cem, dora):
            take(db, batch=batch, view=card_of(db, bea), person=one, now=clock.now(), mail=mail)
        batch_id = batch.id
    with clock.at(CLOSES), database.unit_of_work() as db:
        move_to(db, db.get_one(Batch, batch_id), "over", cast.organiser.id)
        assert len(rooms.present(db, batch_id)) == 3
        assert tables.cards_of_batch(db, batch_id)[0].card.event is not None
    (hosting,) = letters(database, "hosting")
    for part in (hosting.text, hosting.html):
        assert "Whenever somebody asks to come" in part
        assert "who has your yes gets the address from us" in part
        assert "the place is still yours" not in part
        assert "7 Rose Walk" not in part
    steps = [line[:2] for line in hosting.text.splitlines() if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4.", "5.", "6.", "7."]
    at(database, mail, NEXT_DAY)
    (asked,) = letters(database, "host-on")
    for part in (asked.text, asked.html):
        assert "2 people ask to come" in " ".join(part.replace("</b>", "").split())
        assert "Cem" not in part, "names stand behind signing in"


def test_a_host_of_a_hall_hears_of_no_question(database: Database, cast: Cast, mail: Mail) -> None:
    an_evening(database, cast, mail, CLOSES)
    (hosting,) = letters(database, "hosting")
    assert "asks to come" not in hosting.text
    assert "the place is still yours" in hosting.text
    steps = [line[:2] for line in hosting.text.splitlines() if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4.", "5.", "6."]
    at(database, mail, NEXT_DAY)
    (asked,) = letters(database, "host-on")
    assert "ask" not in asked.text.partition("Look who comes")[0].partition("Is it on?")[2]


def test_the_evening_before_a_host_reads_who_waits_for_their_own_yes(
    database: Database, cast: Cast, mail: Mail
) -> None:
    names = {"coming": [], "unanswered": ["Bea"], "waiting": ["Cem", "Dora"]}
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        home = facts_for_letter(accepted(db, batch, bea, choice=HOME), now=clock.now())
        view = another(db, batch, tom)
        hall = facts_for_letter(accepted(db, batch, tom, view=view), now=clock.now())
    for event, here, not_here in (
        (home, "Waiting for your yes (2)", "Waiting (2)"),
        (hall, "Waiting (2)", "your yes"),
    ):
        letter = messages.who_comes(
            mail,
            to="bea@people.example",
            event=event,
            day="Tomorrow",
            names=names,
            need="Needs 2 more people",
            key="k" * 43,
        )
        for part in (letter.text, letter.html):
            assert here in part
            assert not_here not in part


def test_where_the_host_has_gone_nobody_is_asked_to_ring_one(
    database: Database, cast: Cast, mail: Mail
) -> None:
    event = an_evening(database, cast, mail, CLOSES)
    with clock.at(CLOSES + timedelta(hours=1)), database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        leave_hosting(db, event=held, actor_id=None, mail=mail, host_id=held.host_id)
    at(database, mail, london("2026-12-05 18:01"))
    told = letters(database, "call-list")
    assert told
    assert told[0].subject == "One event without a host after Sussex campaign meetup"
    for part in (told[0].text, told[0].html):
        assert "This event has no host any more" in part
        assert "a host who was rung" not in part
