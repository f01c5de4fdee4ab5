"""Doors and phones at the same instant: whoever signed up is one person in the room."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Door, DoorTap, Rsvp
from campaign.events.rules.door import fresh_nonce
from campaign.foundation.database import Database
from campaign.meetups.models import Meetup, Participant
from campaign.meetups.queries import rooms
from tests.cast import Cast
from tests.meetups.expecting import ANN, an_evening, bring
from tests.meetups.making import a_participant

pytestmark = [pytest.mark.storm, pytest.mark.usefixtures("app")]
HANDS = 6
Act = Callable[[Session, Meetup, Rsvp], object]


def at_once(database: Database, cast: Cast, acts: list[Act]) -> list[Exception]:
    """All of them on connections of their own, from the same instant; what went wrong."""
    with database.unit_of_work() as db:
        meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
        of_meetup, of_rsvp = meetup.code, rsvp.id
    ready, wrong = threading.Barrier(len(acts)), list[Exception]()

    def hand(act: Act) -> None:
        ready.wait()
        try:
            with database.unit_of_work() as db:
                found = rooms.meetup_by_code(db, of_meetup)
                assert found is not None
                act(db, found, db.get_one(Rsvp, of_rsvp))
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=hand, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return wrong


def one_person(database: Database) -> Participant:
    """Who is in the room: one, for the one sign-up, and one has come."""
    with database.reading() as db:
        (held,) = db.scalars(select(Participant)).all()
        rsvp = db.scalars(select(Rsvp).where(Rsvp.id == held.rsvp_id)).one()
        counted = db.scalars(select(Door.came_in).where(Door.event_id == rsvp.event_id)).all()
        assert rsvp.attendance == "came"
        assert list(counted) == [1]
        db.expunge(held)
        return held


def test_of_many_doors_that_tap_the_same_person_one_brings_them_in(
    database: Database, cast: Cast
) -> None:
    act: Act = lambda db, meetup, rsvp: bring(db, cast, meetup, rsvp)  # noqa: E731
    assert at_once(database, cast, [act] * HANDS) == []
    assert one_person(database).number == 1


def test_the_same_tap_on_many_connections_is_one_tap(database: Database, cast: Cast) -> None:
    nonce = fresh_nonce()
    act: Act = lambda db, meetup, rsvp: bring(db, cast, meetup, rsvp, nonce=nonce)  # noqa: E731
    assert at_once(database, cast, [act] * HANDS) == []
    one_person(database)
    with database.reading() as db:
        assert list(db.scalars(select(DoorTap.nonce))) == [nonce]


def test_a_phone_that_joins_while_doors_tap_is_the_same_person(
    database: Database, cast: Cast
) -> None:
    def join(db: Session, meetup: Meetup, _: Rsvp) -> None:
        a_participant(db, rooms.batch_of(db, meetup), "Ann", email=ANN)

    tap: Act = lambda db, meetup, rsvp: bring(db, cast, meetup, rsvp)  # noqa: E731
    assert at_once(database, cast, [tap, join, tap]) == []
    held = one_person(database)
    assert held.number == 1
    assert not held.is_without_phone, "whoever was first, the phone has the number"
