"""The door in a storm: eight devices at once, and every tap more than once."""

import random
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.models import Door, DoorTap, Event, Rsvp
from campaign.events.queries import door as doors
from campaign.events.rules.door import By, Counted, NobodyIn, RoomFull, Tap, derived
from campaign.events.rules.signups import Attendance
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import announced, signed_up
from tests.events.test_door import inside

pytestmark = pytest.mark.storm


def at_once(work: Any, devices: int) -> list[BaseException]:
    """The same work on so many devices at the same time; what went wrong on any of them."""
    failed: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(devices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_eight_devices_send_the_same_200_taps_shuffled_and_repeated(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=80)
        people = [
            signed_up(db, event, f"P{n} Storm", email=f"p{n}@people.example", guests=n % 2).rsvp
            for n in range(40)
        ]
        event_id, ids = event.id, [one.public_id for one in people]
    dice = random.Random(7)
    start = clock.now() - timedelta(minutes=30)
    taps: list[tuple[str, str, Tap]] = []
    for number in range(185):
        said = dice.choice(["came", "came", "unknown", "did_not_come"])
        made = Tap(By(), start + timedelta(seconds=number), str(UUID(int=dice.getrandbits(128))))
        taps.append((dice.choice(ids), said, made))
    for number in range(15):
        taps.append(
            ("", f"Walk In {number}", Tap(By(), start, str(UUID(int=dice.getrandbits(128)))))
        )
    wanted = {who: said for who, said, _ in taps if who}
    seen: list[int] = []

    def device(number: int) -> None:
        own = random.Random(number)
        mine = [*taps, *own.sample(taps, 40)]
        own.shuffle(mine)
        for who, said, made in mine:
            with database.unit_of_work() as db:
                held = db.get_one(Event, event_id)
                if who:
                    operations.mark_attendance(
                        db, event=held, rsvp_id=who, attendance=Attendance(said), tap=made
                    )
                else:
                    operations.add_walk_in(
                        db, event=held, name=said, client_uuid=made.nonce, tap=made
                    )
                seen.append(inside(db, held))

    assert at_once(device, 8) == []
    with database.reading() as db:
        rows = {row.public_id: row for row in db.scalars(select(Rsvp)) if row.event_id == event_id}
        assert {who: rows[who].attendance for who in wanted} == wanted
        walked = [row for who, row in rows.items() if who not in ids]
        assert len(walked) == 15
        assert inside(db, event) == doors.here(db, event_id)
        assert db.scalar(select(func.count()).select_from(DoorTap)) == 200
        assert db.get_one(Event, event_id).taken == sum(1 + row.guests for row in rows.values())
    assert min(seen) >= 0
    assert max(seen) <= 80


def test_the_room_is_never_over_full_and_never_less_than_empty(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=10)
        event_id = event.id
    dice = random.Random(11)
    keys = [
        (dice.choice(["in", "in", "out", "back"]), str(UUID(int=dice.getrandbits(128))))
        for _ in range(120)
    ]
    seen, done = [], []

    def device(number: int) -> None:
        own = random.Random(number)
        mine = [*keys, *own.sample(keys, 30)]
        own.shuffle(mine)
        for key, nonce in mine:
            try:
                with database.unit_of_work() as db:
                    held = db.get_one(Event, event_id)
                    made = Tap(By(), clock.now(), nonce)
                    if key == "back":
                        last = doors.to_take_back(db, event_id, *doors.COUNTED)
                        if last is not None:
                            operations.take_count_back(db, event=held, nonce=last.nonce, tap=made)
                    else:
                        operations.count(db, event=held, key=Counted(key), tap=made)
                    seen.append(inside(db, held))
                    done.append(key)
            except (RoomFull, NobodyIn):
                pass

    assert at_once(device, 8) == []
    assert min(seen) >= 0
    assert max(seen) == 10
    with database.reading() as db:
        held = db.get_one(Door, event_id)
        kinds = dict(
            db.execute(
                select(DoorTap.kind, func.count()).group_by(DoorTap.kind).order_by(DoorTap.kind)
            ).all()
        )
        assert held.version == sum(kinds.values())
        nonces = db.scalars(select(DoorTap.nonce)).all()
        assert len(nonces) == len(set(nonces))
        backs = set(nonces) & {derived(nonce, "back") for nonce in nonces}
        undone_in = sum(
            derived(one.nonce, "back") in backs
            for one in db.scalars(select(DoorTap).where(DoorTap.kind == "in"))
        )
        undone_out = kinds.get("back", 0) - undone_in
        net = kinds["in"] - undone_in - kinds["out"] + undone_out
        # Taking back an "in" never brings the count below who went out: see Count.not_in.
        assert held.came_in - held.went_out >= 0
        assert held.came_in - held.went_out >= net
