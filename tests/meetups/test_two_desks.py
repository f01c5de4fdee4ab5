"""Two desks press at the same moment: the evening moves once, and the log says who did it."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.meetups.models import Batch, Participant, SentOut
from campaign.meetups.operations import running, sending_out
from campaign.meetups.queries import rooms
from campaign.meetups.rules.phases import sign_of
from tests.cast import Cast
from tests.meetups.making import a_meetup, a_participant, move_to

DESKS = 4


def pressed(database: Database, press: Callable[[Session], object]) -> tuple[int, int]:
    """How many desks were heard, and how many were told that another was first."""
    ready, heard = threading.Barrier(DESKS), list[str]()

    def desk() -> None:
        ready.wait()
        try:
            with database.unit_of_work() as db:
                press(db)
            heard.append("done")
        except Conflict:
            heard.append("late")

    threads = [threading.Thread(target=desk) for _ in range(DESKS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return heard.count("done"), heard.count("late")


@pytest.mark.storm
@pytest.mark.parametrize("button", ["on", "back", "two minutes", "pause"])
def test_of_desks_that_press_the_same_button_at_once_one_is_heard(
    database: Database, cast: Cast, button: str
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        a_participant(db, batch)
        move_to(db, batch, "ask", cast.organiser.id)
        batch_id, sign, ends_at = batch.id, sign_of(running.clock_of(batch)), batch.ends_at
    given = {"now": clock.now(), "actor_id": cast.organiser.id}

    def press(db: Session) -> object:
        at = db.get_one(Batch, batch_id)
        if button == "two minutes":
            return running.extend(db, batch=at, seen=sign, **given)
        if button == "pause":
            return running.pause(db, batch=at, seen=sign, **given)
        to = "local" if button == "on" else "plenary"
        return running.move_on(
            db, batch=at, seen="ask", to=to, naming=lambda table: table.branch or "", **given
        )

    assert pressed(database, press) == (1, DESKS - 1)
    with database.reading() as db:
        at = db.get_one(Batch, batch_id)
        if button == "two minutes":
            assert (at.ends_at - ends_at).total_seconds() == 120
        elif button == "pause":
            assert (at.ends_at, at.paused_left is not None) == (None, True)
        else:
            assert at.phase == ("local" if button == "on" else "plenary")
        what = {"two minutes": "meetup extended", "pause": "meetup paused"}
        told = select(AuditRow.action).where(AuditRow.subject == f"batch:{batch_id}")
        log = list(db.scalars(told.order_by(AuditRow.id)))
    # Two steps led to the ask; each button that was heard left one line, and nobody else's.
    assert log.count(what.get(button, "meetup moved on")) == (1 if button in what else 3)


@pytest.mark.storm
def test_of_desks_that_send_somebody_out_at_once_one_is_heard_and_it_is_one_case(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        tom = a_participant(db, batch, "Tom").participant.id
        batch_id = batch.id
    given = {"reason": "behaviour", "words": "", "now": clock.now(), "actor_id": cast.organiser.id}

    def press(db: Session) -> object:
        at, person = db.get_one(Batch, batch_id), db.get_one(Participant, tom)
        return sending_out.send_out(db, batch=at, person=person, **given)

    assert pressed(database, press) == (1, DESKS - 1)
    with database.unit_of_work() as db:
        held = db.scalars(select(SentOut)).one()
        at = db.get_one(Batch, batch_id)
        sending_out.let_in(db, batch=at, held=held, now=clock.now(), actor_id=cast.organiser.id)
        a_participant(db, at, "Tom")
