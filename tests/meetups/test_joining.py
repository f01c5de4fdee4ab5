"""Coming into a room, being dealt to a table, and going home."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaign.foundation import clock, tokens
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Card, Participant
from campaign.meetups.operations import filling, joining, running
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms, tables
from campaign.meetups.rules import phases
from campaign.meetups.rules.joining import CONSENT, MOST_PRACTICE, Whereabouts
from tests.cast import Cast, an_event
from tests.meetups.making import (
    HANOVER,
    HOVE,
    LEEDS,
    a_meetup,
    a_participant,
    asked,
    card_of,
    coming,
    filled,
    move_to,
    seated,
)

BRANCHES = {
    "BN1": (50.8290, -0.1410),
    "BN2": (50.8295, -0.1242),
    "BN3": (50.8279, -0.1688),
    "BN41": (50.8400, -0.2130),
    "BN7": (50.8739, 0.0088),
}


def opened(database: Database, cast: Cast, phase: str = "doors") -> int:
    """The id of a batch whose evening stands there, with one person in it."""
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        if phase != "doors":
            a_participant(db, batch, "First")
            move_to(db, batch, phase, cast.organiser.id)
        return batch.id


def at_once(many: int, act: Callable[[int], object]) -> list[object]:
    """Do it in so many threads that start together; what each answered or raised."""
    ready, answers = threading.Barrier(many), [None] * many

    def run(number: int) -> None:
        ready.wait()
        try:
            answers[number] = act(number)
        except Exception as error:
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_page_sent_twice_is_one_number_and_the_last_key_opens(
    database: Database, cast: Cast
) -> None:
    batch_id, uuid = opened(database, cast), str(uuid4())
    keys = []
    for _ in range(2):
        with database.unit_of_work() as db:
            joined = a_participant(db, db.get_one(Batch, batch_id), client_uuid=uuid)
            assert joined.participant.number == 1
            keys.append(joined.key)
    with database.reading() as db:
        assert len(rooms.present(db, batch_id)) == 1
        assert rooms.participant_by_key(db, batch_id=batch_id, key=keys[0]) is None
        known = rooms.participant_by_key(db, batch_id=batch_id, key=keys[1])
        assert known is not None
        assert known.consent == CONSENT


def test_only_the_fingerprint_of_a_key_is_kept(database: Database, cast: Cast) -> None:
    batch_id = opened(database, cast)
    with database.unit_of_work() as db:
        joined = a_participant(db, db.get_one(Batch, batch_id))
        kept = joined.participant.fingerprint
    assert kept == tokens.fingerprint(joined.key) != joined.key


def test_two_hundred_and_twenty_who_come_at_once_get_a_number_each(
    database: Database, cast: Cast
) -> None:
    batch_id = opened(database, cast)

    def come(door: int) -> None:
        for number in range(11):
            with database.unit_of_work() as db:
                a_participant(db, db.get_one(Batch, batch_id), f"Bea{door}x{number}")

    assert [one for one in at_once(20, come) if one is not None] == []
    with database.reading() as db:
        numbers = [one.number for one in rooms.present(db, batch_id)]
        assert numbers == list(range(1, 221))


def test_who_goes_and_sends_the_same_page_again_is_back_with_their_number(
    database: Database, cast: Cast
) -> None:
    batch_id, uuid = opened(database, cast), str(uuid4())
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch_id)
        bea = a_participant(db, batch, client_uuid=uuid).participant
        joining.leave(db, batch=batch, person=bea, now=clock.now())
        assert rooms.present(db, batch_id) == []
        again = a_participant(db, batch, client_uuid=uuid)
        assert again.participant.number == 1
        found = rooms.participant_by_key(db, batch_id=batch_id, key=again.key)
        assert found is not None


def test_nobody_joins_a_meetup_that_is_over(database: Database, cast: Cast) -> None:
    batch_id = opened(database, cast, "over")
    with database.unit_of_work() as db, pytest.raises(Refused, match="over"):
        a_participant(db, db.get_one(Batch, batch_id))


def test_two_hundred_and_twenty_people_of_several_branches_all_sit(
    database: Database, cast: Cast
) -> None:
    dice = random.Random(4)
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        for number in range(1, 221):
            branch = dice.choices([*BRANCHES, ""], weights=[30, 30, 20, 2, 6, 12])[0]
            lat, lng = BRANCHES.get(branch, (None, None))
            db.add(
                Participant(
                    batch_id=batch.id,
                    number=number,
                    name=f"P{number}",
                    branch=branch,
                    lat=lat,
                    lng=lng,
                    willing="host" if number % 9 == 0 else None,
                    fingerprint=f"phone {number}",
                    made_at=clock.now(),
                )
            )
        db.flush()
        batch = move_to(db, batch, "local", cast.organiser.id)
        dealt = rooms.tables(db, batch.id)
        people = rooms.present(db, batch.id)
        assert sum(many for _, many in dealt) == 220
        assert all(4 <= many <= 10 for _, many in dealt)
        assert [table.number for table, _ in dealt] == list(range(1, len(dealt) + 1))
        assert all(one.breakout_id for one in people)
        cards = db.scalars(select(Card.breakout_id).order_by(Card.id)).all()
        assert sorted(cards) == sorted(table.id for table, _ in dealt)
        holders = Counter(one.breakout_id for one in people if one.convenes)
        assert set(holders.values()) == {1}
        assert all(one.willing == "host" for one in people if one.convenes)


def test_going_back_and_on_keeps_the_tables_and_the_cards(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, _) = seated(db, cast, "Bea", "Tom")
        view = filled(db, batch, bea)
        sat_at, dealt_at = bea.breakout_id, batch.dealt_at
        for seen, to in [("local", "ask"), ("ask", "plenary"), ("plenary", "ask")]:
            step(db, batch, cast, seen, to)
        late = a_participant(db, batch, "Late").participant
        step(db, batch, cast, "ask", "local")
        assert (bea.breakout_id, batch.dealt_at) == (sat_at, dealt_at)
        assert late.breakout_id == sat_at
        assert card_of(db, bea).card.id == view.card.id
        assert card_of(db, bea).card.kind == "phonebank"


def step(db: object, batch: Batch, cast: Cast, seen: str, to: str) -> None:
    """One part on, or back."""
    running.move_on(
        db,
        batch=batch,
        seen=seen,
        to=to,
        now=clock.now(),
        actor_id=cast.organiser.id,
        naming=lambda table: table.branch or "Anywhere",
    )


def test_of_two_desks_that_press_at_once_one_moves_the_evening(
    database: Database, cast: Cast
) -> None:
    batch_id = opened(database, cast)

    def press(_: int) -> None:
        with database.unit_of_work() as db:
            step(db, db.get_one(Batch, batch_id), cast, "doors", "plenary")

    answers = at_once(4, press)
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
    with database.reading() as db:
        assert db.get_one(Batch, batch_id).phase == "plenary"


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
        with pytest.raises(Exception, match="do not sit at this table"):
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
