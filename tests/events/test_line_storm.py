"""The line under real threads, on both databases: nobody gets a place that is not there."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.events import operations
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.rules.allocation import Policy
from campaign.events.rules.signups import HOLDING
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, Refused
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up

pytestmark = pytest.mark.storm


def at_once(*jobs: Callable[[], None]) -> None:
    """Run all of these at the same moment; what one raises is raised here."""
    failed: list[BaseException] = []
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        barrier.wait()
        try:
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def patiently(database: Database, act: Callable[[Session], None]) -> None:
    """Do something in a transaction; who is told that we are busy comes again, as a browser may."""
    for attempt in range(5):
        try:
            with database.unit_of_work() as db:
                act(db)
            return
        except Busy:
            assert attempt < 4


def held(database: Database, event_id: int) -> tuple[int, int, dict[int | None, int]]:
    """What the event says is taken, what its sign-ups hold, and what those of each shift hold."""
    with database.reading() as db:
        size = func.sum(1 + Rsvp.guests)
        seats = dict(
            db.execute(
                select(Rsvp.shift_id, size)
                .where(Rsvp.event_id == event_id, Rsvp.status.in_(HOLDING))
                .group_by(Rsvp.shift_id)
            ).all()
        )
        return db.get_one(Event, event_id).taken, sum(seats.values()), seats


@pytest.mark.parametrize("policy", list(Policy))
def test_200_parties_at_once_for_shifts_and_50_places(
    database: Database, cast: Cast, policy: Policy
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=50)
        half = event.starts_at + timedelta(hours=1)
        first = operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=half, capacity=20
        )
        second = operations.add_shift(
            db, event=event, starts_at=half, ends_at=event.ends_at, capacity=30
        )
        operations.set_policy(db, event=event, policy=policy)
        event_id, names = event.id, [first.public_id, second.public_id]

    def some(numbers: range) -> Callable[[], None]:
        def join() -> None:
            for number in numbers:
                dice = random.Random(number)
                wanted = dice.choice([None, *names])
                given = {
                    "email": f"p{number}@people.example",
                    "guests": dice.choice([0, 0, 0, 1, 2]),
                    "shift": wanted,
                    "also": [name for name in names if wanted and dice.random() < 0.3],
                }
                patiently(database, partial(one_joins, f"P{number} Storm", given))
                if dice.random() < 0.2:
                    patiently(database, partial(one_leaves, f"P{number} Storm"))

        return join

    def one_joins(name: str, given: dict[str, Any], db: Session) -> None:
        signed_up(db, db.get_one(Event, event_id), name, **given)

    def one_leaves(name: str, db: Session) -> None:
        rsvp = db.scalars(select(Rsvp).where(Rsvp.name == name)).one()
        operations.cancel_rsvp(db, rsvp=rsvp)

    at_once(*(some(range(start, 200, 16)) for start in range(16)))
    taken, sitting, by_shift = held(database, event_id)
    assert taken == sitting <= 50
    with database.reading() as db:
        for shift in db.scalars(select(Shift).where(Shift.event_id == event_id)):
            assert shift.taken == by_shift.get(shift.id, 0) <= (shift.capacity or 0)
        rows = db.scalars(select(Rsvp).where(Rsvp.event_id == event_id)).all()
        assert sorted(row.place_in_line for row in rows) == list(range(1, 201))
    # Nobody waits who would fit: the line was moved on by whoever freed a place.
    with database.unit_of_work() as db:
        before = db.get_one(Event, event_id).taken
        event = operations.signing_up.lock(db, event_id)
        assert operations.signing_up.promote(db, event=event) == []
        assert event.taken == before


def test_offers_run_out_while_two_workers_sweep_and_people_say_yes_sign_up_and_walk_in(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        starts_at = (clock.now() + timedelta(days=10)).replace(second=0, microsecond=0)
        event = announced(db, cast, capacity=10, starts_at=starts_at)
        event_id, public_id = event.id, event.public_id
        for number in range(60):
            signed_up(db, event, f"P{number} Line", email=f"p{number}@people.example")
        with clock.at(starts_at - timedelta(hours=20)):
            seated = db.scalars(
                select(Rsvp).where(Rsvp.name.in_([f"P{n} Line" for n in range(10)]))
            )
            for rsvp in seated.all():
                operations.cancel_rsvp(db, rsvp=rsvp, mail=mail)  # type: ignore[arg-type]
    with clock.at(starts_at - timedelta(hours=17, minutes=59)):

        def sweep() -> None:
            for _ in range(5):
                operations.sweep_offers(database, mail=mail, now=clock.now())  # type: ignore[arg-type]

        def say_yes() -> None:
            for number in range(10, 20):
                with database.unit_of_work() as db:
                    rsvp = db.scalars(select(Rsvp).where(Rsvp.name == f"P{number} Line")).one()
                    with pytest.raises(Refused):
                        operations.accept_offer(db, rsvp=rsvp, mail=mail)  # type: ignore[arg-type]
                    db.rollback()

        def join_anew() -> None:
            for number in range(10):
                with database.unit_of_work() as db:
                    signed_up(
                        db,
                        db.get_one(Event, event_id),
                        f"N{number} New",
                        email=f"n{threading.get_ident()}-{number}@people.example",
                        mail=mail,
                    )

        def walk_in() -> None:
            for number in range(10):
                with database.unit_of_work() as db, pytest.raises(Refused):
                    held_event = db.get_one(Event, event_id)
                    operations.add_walk_in(
                        db, event=held_event, name=f"W{number} In", actor_id=cast.organiser.id
                    )
                    db.rollback()

        at_once(sweep, sweep, say_yes, join_anew, join_anew, walk_in)
        sweep()
    taken, sitting, _ = held(database, event_id)
    assert taken == sitting == 10
    with database.reading() as db:
        rows = db.scalars(select(Rsvp).where(Rsvp.event_id == event_id)).all()
        by_status = {
            status: sorted(row.name for row in rows if row.status == status)
            for status in ("offered", "accepted")
        }
        # The next ten, in their order, and nobody who came later or stood at the door.
        assert by_status["offered"] == sorted(f"P{number} Line" for number in range(20, 30))
        assert by_status["accepted"] == []
        letters = Counter(db.scalars(select(OutboxLetter.key)))
        offers = [key for key in letters if key.startswith("rsvp-offer:")]
        over = [key for key in letters if key.startswith("rsvp-offer-over:")]
        assert (len(offers), len(over)) == (20, 10)
        assert set(letters.values()) == {1}, public_id


def test_one_offered_place_many_who_would_like_it(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        starts_at = (clock.now() + timedelta(days=10)).replace(second=0, microsecond=0)
        event = announced(db, cast, capacity=1, starts_at=starts_at)
        event_id = event.id
        ada = signed_up(db, event, "Ada A").rsvp
        signed_up(db, event, "Bea B")
        with clock.at(starts_at - timedelta(hours=20)):
            operations.cancel_rsvp(db, rsvp=ada)
    done: list[str] = []

    def take() -> None:
        with database.unit_of_work() as db:
            bea = db.scalars(select(Rsvp).where(Rsvp.name == "Bea B")).one()
            operations.accept_offer(db, rsvp=bea)
            done.append("taken")

    def direct(number: int) -> Callable[[], None]:
        def join() -> None:
            with database.unit_of_work() as db:
                made = signed_up(
                    db,
                    db.get_one(Event, event_id),
                    f"N{number} New",
                    email=f"n{number}@people.example",
                )
                done.append(made.rsvp.status)

        return join

    def walk_in() -> None:
        try:
            with database.unit_of_work() as db:
                operations.add_walk_in(
                    db,
                    event=db.get_one(Event, event_id),
                    name="Zed",
                    actor_id=cast.organiser.id,
                )
                done.append("walked in")
        except Refused:
            done.append("refused")

    with clock.at(starts_at - timedelta(hours=19)):
        at_once(take, take, *(direct(number) for number in range(6)), walk_in, walk_in)
    assert Counter(done) == {"taken": 2, "waiting": 6, "refused": 2}
    assert held(database, event_id)[:2] == (1, 1)
