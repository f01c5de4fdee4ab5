"""Coming into a room, being dealt to a table, and going home."""

import random
from collections import Counter
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaign.foundation import clock, tokens
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Card, Participant
from campaign.meetups.operations import joining, running
from campaign.meetups.queries import rooms
from campaign.meetups.rules.joining import CONSENT
from tests.cast import Cast
from tests.meetups.making import a_meetup, a_participant, at_once, card_of, filled, move_to, seated

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
