"""Places are exact, the line keeps its order, and nobody is counted twice."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import Attendance, EventCancelled, EventOver, NoRoom
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound, Refused
from tests.cast import Cast
from tests.events.makers import HOME, announced, signed_up, soon


def test_a_place_is_given_while_there_are_any(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=2)
        assert signed_up(db, event, "Ada Warren").rsvp.status == "accepted"
        assert signed_up(db, event, "Bea Long").rsvp.status == "accepted"
        third = signed_up(db, event, "Cy Moss")
        assert (third.rsvp.status, third.before) == ("waiting", 0)
        assert signed_up(db, event, "Di Noon").before == 1
        assert event.taken == 2


def test_the_same_person_has_one_seat(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        first = signed_up(db, event, "Ada Warren")
        again = signed_up(db, event, "Ada Warren", email="ADA@people.example", guests=3)
        assert again.rsvp.id == first.rsvp.id
        assert (event.taken, again.rsvp.guests) == (1, 0)


def test_the_same_client_uuid_gets_the_same_answer(database: Database, cast: Cast) -> None:
    uuid = "8c1f5d3e-9d0e-4d4c-9a53-0d6d0c6c1a11"
    with database.unit_of_work() as db:
        event = announced(db, cast)
        other = announced(db, cast)
        first = signed_up(db, event, "Ada Warren", client_uuid=uuid)
        again = signed_up(db, event, "Bea Long", client_uuid=uuid)
        assert again.rsvp.id == first.rsvp.id
        assert signed_up(db, other, "Ada Warren", client_uuid=uuid).rsvp.id != first.rsvp.id


def test_guests_take_places_and_a_party_is_not_split(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=4)
        signed_up(db, event, "Ada Warren", guests=1)
        assert signed_up(db, event, "Bea Long", guests=2).rsvp.status == "waiting"
        # Nobody overtakes a party that waits.
        assert signed_up(db, event, "Cy Moss").rsvp.status == "waiting"
        assert event.taken == 2
        with pytest.raises(Refused, match="at most 9"):
            signed_up(db, event, "Di Noon", guests=10)


def test_a_place_given_back_goes_to_the_first_in_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        ada = signed_up(db, event, "Ada Warren").rsvp
        bea = signed_up(db, event, "Bea Long").rsvp
        cy = signed_up(db, event, "Cy Moss").rsvp
        operations.cancel_rsvp(db, rsvp=ada)
        operations.cancel_rsvp(db, rsvp=ada)
        assert (ada.status, bea.status, cy.status) == ("cancelled", "accepted", "waiting")
        assert event.taken == 1
        assert not queries.is_on_roster(db, event_id=event.id, person_id=ada.person_id)
        assert queries.is_on_roster(db, event_id=event.id, person_id=bea.person_id)


def test_nobody_moves_up_after_the_start(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=soon(1))
        ada = signed_up(db, event, "Ada Warren").rsvp
        bea = signed_up(db, event, "Bea Long").rsvp
        with clock.at(event.starts_at + timedelta(minutes=5)):
            operations.cancel_rsvp(db, rsvp=ada)
        assert bea.status == "waiting"


def test_more_places_let_in_who_waits(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Ada Warren")
        bea = signed_up(db, event, "Bea Long").rsvp
        kept = {"title": event.title, "about": "", "actor_id": cast.organiser.id}
        times = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        operations.edit(db, event=event, capacity=2, **kept, **times)
        assert bea.status == "accepted"
        with pytest.raises(NoRoom, match="2 places are taken"):
            operations.edit(db, event=event, capacity=1, **kept, **times)


def test_shifts_have_places_of_their_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=None)
        middle = event.starts_at + timedelta(hours=1)
        first = operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=middle, capacity=1
        )
        second = operations.add_shift(
            db, event=event, starts_at=middle, ends_at=event.ends_at, capacity=1
        )
        assert signed_up(db, event, "Ada Warren", shift=first.public_id).rsvp.status == "accepted"
        assert signed_up(db, event, "Bea Long", shift=first.public_id).rsvp.status == "waiting"
        assert signed_up(db, event, "Cy Moss", shift=second.public_id).rsvp.status == "accepted"
        with pytest.raises(Refused, match="one of the shifts"):
            signed_up(db, event, "Di Noon", shift="nosuch")


def test_what_is_over_or_cancelled_takes_nobody(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        with clock.at(event.ends_at + timedelta(minutes=1)), pytest.raises(EventOver):
            signed_up(db, event, "Ada Warren")
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
        with pytest.raises(EventCancelled):
            signed_up(db, event, "Ada Warren")


def test_at_a_home_the_host_says_yes_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, capacity=2)
        ada = signed_up(db, event, "Ada Warren").rsvp
        bea = signed_up(db, event, "Bea Long").rsvp
        assert (ada.status, bea.status, event.taken) == ("waiting", "waiting", 0)
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=True)
        operations.answer_request(db, event=event, rsvp_id=bea.public_id, yes=False)
        assert (ada.status, bea.status, event.taken) == ("accepted", "declined", 1)
        assert signed_up(db, event, "Cy Moss", approved=True).rsvp.status == "accepted"


def test_who_came_is_noted_and_walk_ins_are_added(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=2)
        other = announced(db, cast)
        ada = signed_up(db, event, "Ada Warren").rsvp
        actor = cast.organiser.id
        came = Attendance.CAME
        operations.mark_attendance(
            db, event=event, rsvp_id=ada.public_id, attendance=came, actor_id=actor
        )
        walked = operations.add_walk_in(db, event=event, name="Zed Walk", actor_id=actor)
        assert (ada.attendance, walked.attendance, event.taken) == ("came", "came", 2)
        again = operations.add_walk_in(
            db, event=other, name="Ada Warren", email="ada@people.example", actor_id=actor
        )
        assert again.person_id == ada.person_id
        with pytest.raises(NoRoom):
            operations.add_walk_in(db, event=event, name="Yan Late", actor_id=actor)
        with pytest.raises(NotFound):
            operations.mark_attendance(
                db, event=other, rsvp_id=ada.public_id, attendance=came, actor_id=actor
            )


def test_the_letter_of_a_sign_up_opens_it(database: Database, cast: Cast, mail: object) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        rsvp = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        key = mail.keys[-1]  # type: ignore[attr-defined]
        found = queries.rsvp_by_key(db, key)
        assert found is not None
        assert found.id == rsvp.id
        assert queries.rsvp_by_key(db, key + "x") is None


@pytest.mark.storm
def test_200_at_once_for_50_places_leave_50_in_and_150_in_order(
    database: Database, cast: Cast, tmp_path: Path
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=50)
    failed: list[BaseException] = []

    def try_some(numbers: range) -> None:
        for number in numbers:
            try:
                with database.unit_of_work() as db:
                    held = db.get_one(Event, event.id)
                    signed_up(db, held, f"P{number} Storm", email=f"p{number}@people.example")
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=try_some, args=(range(i, 200, 20),)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as db:
        rows = db.scalars(
            select(Rsvp).where(Rsvp.event_id == event.id).order_by(Rsvp.place_in_line)
        ).all()
        assert [row.place_in_line for row in rows] == list(range(1, 201))
        assert [row.status for row in rows] == ["accepted"] * 50 + ["waiting"] * 150
        assert db.get_one(Event, event.id).taken == 50
