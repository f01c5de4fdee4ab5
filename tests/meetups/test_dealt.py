"""Once the tables are dealt: who leads, how the clock goes, who leaves."""

from datetime import timedelta

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import filling, joining, running
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms, tables
from campaign.meetups.rules import phases
from campaign.meetups.rules.joining import MOST_PRACTICE, Whereabouts
from tests.cast import Cast, an_event
from tests.meetups.making import (
    HANOVER,
    HOVE,
    LEEDS,
    a_meetup,
    a_participant,
    asked,
    at_once,
    card_of,
    coming,
    move_to,
    seated,
)


def test_tables_are_not_dealt_to_an_empty_room(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        with pytest.raises(Refused, match="Nobody is here"):
            move_to(db, batch, "local", cast.organiser.id)


def test_the_clock_of_a_batch_is_made_longer_paused_and_goes_on(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        given = {"batch": batch, "now": clock.now(), "actor_id": cast.organiser.id}
        move_to(db, batch, "plenary", cast.organiser.id)
        before, version = batch.ends_at, batch.version
        running.extend(db, seen=stands(batch), **given)
        assert (batch.ends_at - before).total_seconds() == 120
        looked_at = stands(batch)
        running.pause(db, seen=looked_at, **given)
        assert batch.ends_at is None
        assert 700 < batch.paused_left <= 720
        with pytest.raises(Conflict, match="changed a moment ago"):
            running.pause(db, seen=looked_at, **given)
        assert batch.paused_left is not None
        running.pause(db, seen=stands(batch), **given)
        assert batch.paused_left is None
        assert batch.version == version + 4


def stands(batch: Batch) -> str:
    """How the clock stands, as a desk sends it back."""
    return phases.sign_of(running.clock_of(batch))


def test_who_comes_late_sits_at_the_smallest_near_table_and_nobody_moves(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        here = [a_participant(db, batch, f"H{n}", HANOVER).participant for n in range(6)]
        hove = [a_participant(db, batch, f"V{n}", HOVE).participant for n in range(5)]
        leeds = [a_participant(db, batch, f"L{n}", LEEDS).participant for n in range(4)]
        batch = move_to(db, batch, "local", cast.organiser.id)
        before = {one.number: one.breakout_id for one in rooms.present(db, batch.id)}
        assert len({here[0].breakout_id, hove[0].breakout_id, leeds[0].breakout_id}) == 3
        late = a_participant(db, batch, "Late", HANOVER).participant
        assert late.breakout_id == hove[0].breakout_id
        anywhere = a_participant(db, batch, "Any", Whereabouts()).participant
        assert anywhere.breakout_id == leeds[0].breakout_id
        after = {one.number: one.breakout_id for one in rooms.present(db, batch.id)}
        assert {number: after[number] for number in before} == before


def test_of_five_who_tap_at_once_the_first_holds_the_table(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, people = seated(db, cast, "Bea", "Tom", "Sian", "Yusuf", "Ida")
        ids, batch_id = [one.id for one in people], batch.id

    def tap(number: int) -> None:
        with database.unit_of_work() as db:
            person = db.get_one(Participant, ids[number])
            filling.hold_table(db, batch=db.get_one(Batch, batch_id), person=person)

    answers = at_once(5, tap)
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4
    with database.reading() as db:
        held = [one.id for one in rooms.present(db, batch_id) if one.convenes]
        assert held == [ids[answers.index(None)]]


def test_who_holds_the_table_may_tap_again_and_who_has_none_may_not(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        bea = a_participant(db, batch).participant
        with pytest.raises(Refused, match="no table"):
            filling.hold_table(db, batch=batch, person=bea)
        batch = move_to(db, batch, "local", cast.organiser.id)
        for _ in range(2):
            filling.hold_table(db, batch=batch, person=bea)
        assert bea.convenes


def test_who_left_is_counted_nowhere_and_a_card_waits_for_them_no_longer(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        asked(db, batch, bea)
        filling.help_host(db, batch=batch, card=card_of(db, bea).card, cohost=tom, yes=True)
        coming(db, batch, sian)
        filling.hold_table(db, batch=batch, person=bea)
        joining.raise_hand(db, batch=batch, person=bea, willing="host")
        before = rooms.counts(db, meetup, batch)
        assert (before.here, before.hands, before.committed) == (3, 1, 1)
        for person in (bea, tom, sian):
            joining.leave(db, batch=batch, person=person, now=clock.now())
        after = rooms.counts(db, meetup, batch)
        assert (after.here, after.hands, after.committed) == (0, 0, 0)
        view = card_of(db, bea)
        assert (view.card.host_id, view.card.cohost_id, view.coming) == (None, None, ())
        assert view.facts.names == 0
        assert tables.members(db, bea.breakout_id) == []
        assert rooms.seats(db, batch.id) == []
        assert not bea.convenes


def test_who_left_cannot_be_asked(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        joining.leave(db, batch=batch, person=tom, now=clock.now())
        with pytest.raises(Exception, match="not in the room any more"):
            filling.ask_host(db, batch=batch, card=card_of(db, bea).card, host=tom)


def test_a_hand_is_raised_for_one_of_three_things(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        bea = a_participant(db, batch).participant
        for willing in ("host", "cohost", "come"):
            joining.raise_hand(db, batch=batch, person=bea, willing=willing)
            assert bea.willing == willing
        with pytest.raises(Refused):
            joining.raise_hand(db, batch=batch, person=bea, willing="maybe")


def test_practice_people_come_by_tens_to_forty_and_all_go(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        meetup, batch, _ = seated(db, cast, "Bea")
        given = {"batch": batch, "now": clock.now(), "actor_id": cast.organiser.id}
        assert [joining.add_practice(db, **given) for _ in range(5)] == [10, 10, 10, 10, 0]
        counts = rooms.counts(db, meetup, batch)
        assert (counts.here, counts.practice) == (MOST_PRACTICE + 1, MOST_PRACTICE)
        people = rooms.present(db, batch.id)
        assert all(one.email is None and one.person_id is None for one in people[1:])
        coming(db, batch, people[5], view=card_of(db, people[5]))
        assert rooms.counts(db, meetup, batch).committed == 1
        joining.send_practice_away(db, **given)
        counts = rooms.counts(db, meetup, batch)
        assert (counts.here, counts.practice, counts.committed) == (1, 0, 0)
        assert joining.add_practice(db, **given) == 10
        numbers = [one.number for one in rooms.present(db, batch.id)]
        assert len(set(numbers)) == len(numbers) == 11


def test_a_room_is_opened_once_and_not_for_what_is_over(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        again = open_room(
            db,
            event=meetup.event,
            preset="barnstorm",
            actor_id=cast.organiser.id,
            now=clock.now(),
        )
        assert (again.id, again.preset) == (meetup.id, "short")
        began = clock.now() - timedelta(hours=3)
        for given in ({"state": "cancelled"}, {"starts_at": began}):
            over = an_event(db, cast.group, cast.organiser, kind="meetup", **given)
            with pytest.raises(Refused, match="over or off"):
                open_room(
                    db,
                    event=over,
                    preset="short",
                    actor_id=cast.organiser.id,
                    now=clock.now(),
                )


def test_of_two_who_open_the_room_at_once_there_is_one_room(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.organiser, "Sussex campaign meetup", kind="meetup")

    def open_it(number: int) -> str:
        with database.unit_of_work() as db:
            return open_room(
                db,
                event=db.merge(event, load=True),
                preset="short",
                actor_id=cast.organiser.id,
                now=clock.now(),
            ).code

    answers = at_once(2, open_it)
    codes = {one for one in answers if isinstance(one, str)}
    assert len(codes) == 1
    assert all(isinstance(one, str | Conflict) for one in answers)
