"""The door: taps that come twice, late or in another order; how many are in the room."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.events import operations
from campaign.events.models import DoorTap, Event, Rsvp
from campaign.events.queries import door as doors
from campaign.events.rules.door import (
    AlreadyBack,
    By,
    Count,
    Counted,
    NobodyIn,
    RoomFull,
    Tap,
    stands,
    tapped_at,
)
from campaign.events.rules.signups import Attendance, NoRoom
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound
from tests.cast import Cast
from tests.events.makers import announced, signed_up

CAME, UNKNOWN, ABSENT = Attendance.CAME, Attendance.UNKNOWN, Attendance.DID_NOT_COME
NOW = datetime.fromisoformat("2026-11-26T18:30:00+00:00")


def tap(seconds: float = 0, nonce: str | None = None) -> Tap:
    return Tap(By(), clock.now() + timedelta(seconds=seconds), nonce or str(uuid4()))


def mark(db: Session, event: Event, rsvp: Rsvp, attendance: Attendance, made: Tap) -> Rsvp:
    return operations.mark_attendance(
        db, event=event, rsvp_id=rsvp.public_id, attendance=attendance, tap=made
    )


def inside(db: Session, event: Event) -> int:
    return doors.count_of(db, event.id).inside


def test_a_count_is_never_negative_and_never_above_the_places() -> None:
    count = Count(2, 0)
    assert count.let_in(1, most=3) == Count(3, 0)
    assert count.let_in(700, most=None).inside == 702
    with pytest.raises(RoomFull, match=r"2 people are in\. Wait until 2 have gone out"):
        count.let_in(3, most=3)
    with pytest.raises(RoomFull, match=r"1 person is in\. Wait until one has gone out"):
        Count(1, 0).let_in(1, most=1)
    assert count.let_out() == Count(2, 1)
    with pytest.raises(NobodyIn):
        Count(3, 3).let_out()
    assert Count(3, 2).not_in(2) == Count(2, 2)
    assert Count(3, 1).not_out(most=3) == Count(3, 0)
    with pytest.raises(RoomFull):
        Count(4, 1).not_out(most=3)


def test_the_later_finger_stands_whichever_tap_comes_first() -> None:
    early, late = NOW, NOW + timedelta(seconds=1)
    assert stands(at=late, nonce="a", before=(early, "b"))
    assert not stands(at=early, nonce="b", before=(late, "a"))
    assert stands(at=early, nonce="b", before=(early, "a"))
    assert not stands(at=early, nonce="a", before=(early, "b"))
    assert stands(at=early, nonce="a", before=None)


def test_a_tap_is_as_old_as_it_says_within_a_day() -> None:
    assert tapped_at(now=NOW, age_ms=90_000) == NOW - timedelta(seconds=90)
    assert tapped_at(now=NOW, age_ms=-5) == NOW, "nobody taps in the future"
    assert tapped_at(now=NOW, age_ms=10**15) == NOW - timedelta(hours=24)


def test_the_same_tap_again_changes_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada = signed_up(db, event, "Ada Warren", guests=2).rsvp
        first = tap()
        for _ in range(3):
            mark(db, event, ada, CAME, first)
        assert (inside(db, event), ada.attendance) == (3, "came")
        mark(db, event, ada, UNKNOWN, tap(1))
        mark(db, event, ada, CAME, first)
        assert (inside(db, event), ada.attendance) == (0, "unknown")
        assert db.scalar(select(func.count()).select_from(DoorTap)) == 2


def test_of_two_devices_the_later_tap_stands_and_both_are_kept(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada, bea = (signed_up(db, event, name).rsvp for name in ("Ada Warren", "Bea Long"))
        mark(db, event, ada, UNKNOWN, tap(-10))
        mark(db, event, ada, CAME, tap(-60))
        assert ada.attendance == "unknown", "the undo was later, though it came here first"
        mark(db, event, bea, CAME, tap(-60))
        mark(db, event, bea, UNKNOWN, tap(-10))
        mark(db, event, bea, CAME, tap(-5))
        assert bea.attendance == "came"
        assert inside(db, event) == 1
        results = db.scalars(select(DoorTap.result).order_by(DoorTap.id)).all()
        assert results == ["done", "later stands", "done", "done", "done"]
        lost = "attendance not changed, a later tap stands"
        assert db.scalar(select(func.count()).where(AuditRow.action == lost)) == 1


def test_of_one_device_the_later_tap_stands_however_slow_the_first_was(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada, bea = (signed_up(db, event, name).rsvp for name in ("Ada Warren", "Bea Long"))
        slow = tap(-8)
        mark(db, event, ada, CAME, slow)
        mark(db, event, ada, UNKNOWN, replace(tap(-9), after=slow.nonce))
        assert (ada.attendance, inside(db, event)) == ("unknown", 0)
        mark(db, event, ada, CAME, tap(-9))
        assert ada.attendance == "unknown", "of two devices the finger decides as before"
        # Another device's tap between the two, or one about somebody else, changes nothing of it.
        mark(db, event, bea, CAME, replace(tap(-9), after=slow.nonce))
        mark(db, event, bea, UNKNOWN, tap(-8.5))
        assert bea.attendance == "unknown"
        first = tap(-7)
        mark(db, event, ada, CAME, first)
        mark(db, event, ada, ABSENT, tap(-6))
        mark(db, event, ada, CAME, replace(tap(-7.5), after=first.nonce))
        assert ada.attendance == "did_not_come"


def test_check_ins_count_in_and_the_keys_count_who_has_no_name(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=4)
        ada = signed_up(db, event, "Ada Warren", guests=1).rsvp
        cy = signed_up(db, event, "Cy Moss").rsvp
        mark(db, event, ada, CAME, tap())
        once = tap()
        for _ in range(2):
            assert operations.count(db, event=event, key=Counted.IN, tap=once) == Count(3, 0)
        operations.count(db, event=event, key=Counted.IN, tap=tap())
        with pytest.raises(RoomFull):
            operations.count(db, event=event, key=Counted.IN, tap=tap())
        with pytest.raises(RoomFull):
            mark(db, event, cy, CAME, tap())
        with pytest.raises(RoomFull):
            operations.add_walk_in(db, event=event, name="Zed Walk")
        assert operations.count(db, event=event, key=Counted.OUT, tap=tap()) == Count(4, 1)
        mark(db, event, cy, CAME, tap())
        assert inside(db, event) == 4


def test_a_count_is_taken_back_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        wrong, right = tap(), tap()
        operations.count(db, event=event, key=Counted.IN, tap=right)
        operations.count(db, event=event, key=Counted.IN, tap=wrong)
        found = doors.to_take_back(db, event.id, *doors.COUNTED)
        assert found is not None
        assert found.nonce == wrong.nonce
        for _ in range(2):
            back = operations.take_count_back(db, event=event, nonce=wrong.nonce, tap=tap())
            assert back == Count(1, 0)
        assert doors.to_take_back(db, event.id, *doors.COUNTED) is None
        out = tap()
        operations.count(db, event=event, key=Counted.OUT, tap=out)
        assert operations.take_count_back(db, event=event, nonce=out.nonce, tap=tap()) == Count(
            1, 0
        )
        with pytest.raises(AlreadyBack):
            operations.take_count_back(db, event=event, nonce=str(uuid4()), tap=tap())


def test_nobody_goes_out_of_an_empty_room(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        with pytest.raises(NobodyIn):
            operations.count(db, event=event, key=Counted.OUT, tap=tap())


def test_what_is_taken_back_is_what_was_counted(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada = signed_up(db, event, "Ada Warren", guests=3).rsvp
        mark(db, event, ada, CAME, tap())
        operations.change_rsvp(db, rsvp=ada, guests=0)
        mark(db, event, ada, UNKNOWN, tap(1))
        assert inside(db, event) == 0


def test_a_door_that_opens_late_begins_with_who_is_here(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada = signed_up(db, event, "Ada Warren", guests=1).rsvp
        ada.attendance = "came"
        db.flush()
        assert inside(db, event) == 2
        operations.count(db, event=event, key=Counted.IN, tap=tap())
        assert inside(db, event) == 3


def test_a_walk_in_with_the_same_nonce_comes_once_and_can_be_undone(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=2)
        nonce = str(uuid4())
        for _ in range(3):
            zed = operations.add_walk_in(db, event=event, name="Zed Walk", client_uuid=nonce)
        assert (inside(db, event), event.taken, zed.attendance) == (1, 1, "came")
        mark(db, event, zed, UNKNOWN, tap(1))
        assert inside(db, event) == 0
        known = signed_up(db, event, "Ada Warren", email="ada@people.example").rsvp
        for _ in range(2):
            same = operations.add_walk_in(
                db, event=event, name="Ada", email="ada@people.example", client_uuid=str(uuid4())
            )
            assert same.id == known.id
        assert (inside(db, event), event.taken) == (1, 2)
        with pytest.raises(NoRoom, match="Every place is taken"):
            operations.add_walk_in(db, event=event, name="Yan Late")


def test_everybody_else_did_not_come_and_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        names = ("Ada Warren", "Bea Long", "Cy Moss", "Di Noon")
        ada, bea, cy, di = (signed_up(db, event, name).rsvp for name in names)
        mark(db, event, ada, CAME, tap())
        rest = tap(1)
        assert operations.mark_the_rest(db, event=event, tap=rest) == 3
        assert operations.mark_the_rest(db, event=event, tap=rest) == 0
        assert [one.attendance for one in (ada, bea, cy, di)] == ["came", *["did_not_come"] * 3]
        mark(db, event, bea, CAME, tap(2))
        mark(db, event, cy, ABSENT, tap(3))
        back = operations.unmark_the_rest(db, event=event, nonce=rest.nonce, tap=tap(4))
        assert back == 1, "who was marked by hand since stays as they are"
        assert [one.attendance for one in (ada, bea, cy, di)] == [
            "came",
            "came",
            "did_not_come",
            "unknown",
        ]
        assert operations.unmark_the_rest(db, event=event, nonce=rest.nonce, tap=tap(5)) == 0
        with pytest.raises(AlreadyBack):
            operations.unmark_the_rest(db, event=event, nonce=str(uuid4()), tap=tap(6))


def test_what_a_device_saw_before_stands_over_everybody_else_and_comes_when_it_may(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada, bea, cy = (signed_up(db, event, n).rsvp for n in ("Ada Warren", "Bea Long", "Cy Moss"))
        mark(db, event, bea, CAME, tap(-7200))
        mark(db, event, bea, UNKNOWN, tap(-7000))
        rest = tap()
        assert operations.mark_the_rest(db, event=event, tap=rest) == 3
        seen = tap(-7100)
        for _ in range(2):
            mark(db, event, ada, CAME, seen)
            mark(db, event, bea, CAME, tap(-7100))
            assert [one.attendance for one in (ada, bea, cy)] == ["came", ABSENT, ABSENT]
        assert inside(db, event) == 1
        assert operations.unmark_the_rest(db, event=event, nonce=rest.nonce, tap=tap(1)) == 2
        assert [one.attendance for one in (ada, bea, cy)] == ["came", UNKNOWN, UNKNOWN]
        # Taken back: what is heard now of one of them stands over that, too.
        mark(db, event, cy, CAME, tap(-60))
        assert (cy.attendance, inside(db, event)) == ("came", 2)
        # By hand a later finger stands as ever, whichever comes first.
        mark(db, event, ada, ABSENT, tap(-50))
        mark(db, event, ada, CAME, tap(-55))
        assert ada.attendance == ABSENT


def test_a_tap_of_another_event_finds_nobody(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event, other = announced(db, cast), announced(db, cast, title="Stall in Hove")
        ada = signed_up(db, event, "Ada Warren").rsvp
        with pytest.raises(NotFound):
            mark(db, other, ada, CAME, tap())


def test_a_sign_up_that_is_gone_leaves_the_count(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        ada = signed_up(db, event, "Ada Warren").rsvp
        mark(db, event, ada, CAME, tap())
        db.delete(ada)
    with database.reading() as db:
        assert inside(db, event) == 1
        assert db.scalars(select(DoorTap.rsvp_id)).all() == [None]
