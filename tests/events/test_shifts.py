"""Shifts: what an event needs by them, and what becomes of people whose shift changes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Rsvp
from campaign.events.rules.needs import need_of
from campaign.events.rules.shifts import Slot, slots_between
from campaign.events.rules.signups import NoRoom
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import LONDON, announced, event_shifts, kept, signed_up, three_shifts


def test_what_an_event_needs_follows_its_shifts_with_every_sign_up(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, _) = three_shifts(db, cast)
        assert (event.capacity, event.needed, need_of(event).code) == (6, 2, "short2")
        for name, shift in (("Ada Warren", first), ("Bea Long", first), ("Cy Moss", second)):
            signed_up(db, event, name, shift=shift.public_id)
        assert need_of(event).words == "Needs 2 more callers"  # the third has nobody
        for name, shift in (("Di Noon", 1), ("Ed Pike", 2)):
            signed_up(db, event, name, shift=event_shifts(db, event)[shift].public_id)
        assert need_of(event).code == "short1"
        di = db.scalars(select(Rsvp).where(Rsvp.name == "Di Noon")).one()
        fay = signed_up(db, event, "Fay Orr", shift=event_shifts(db, event)[2].public_id).rsvp
        assert (fay.status, need_of(event).code) == ("accepted", "full")
        operations.cancel_rsvp(db, rsvp=di)
        assert need_of(event).code == "short1"
        assert '"need":"short1"' in (event.feature or "")


def test_a_shift_with_people_goes_only_where_it_was_said_where_they_go(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, third) = three_shifts(db, cast)
        ada = signed_up(db, event, "Ada Warren", shift=first.public_id).rsvp
        signed_up(db, event, "Bea Long", shift=second.public_id)
        given = {"event": event, "shift_id": first.public_id, "actor_id": cast.organiser.id}
        with pytest.raises(Refused, match="1 person is signed up") as refusal:
            operations.remove_shift(db, **given)
        assert refusal.value.field == "into"
        other, _ = three_shifts(db, cast)
        for into in (first.public_id, "event", event_shifts(db, other)[0].public_id, "nosuch"):
            with pytest.raises((Refused, NotFound)):
                operations.remove_shift(db, into=into, **given)
        assert operations.remove_shift(db, into=second.public_id, mail=mail, **given) == 1  # type: ignore[arg-type]
        db.refresh(ada)
        assert (ada.shift_id, ada.status) == (second.id, "accepted")
        db.refresh(second)
        assert (second.taken, event.taken, event.capacity) == (2, 2, 4)
        (letter,) = list(db.scalars(select(OutboxLetter)))
        assert letter.to == "ada@people.example"
        local = second.starts_at.astimezone(LONDON)
        assert f"{local:%H:%M}–" in letter.text
        assert f"T{local:%H%M}00" in (letter.calendar or "")
        # Both are full now: nobody fits into either of the others.
        signed_up(db, event, "Cy Moss", shift=third.public_id)
        given["shift_id"] = second.public_id
        with pytest.raises(NoRoom):
            operations.remove_shift(db, into=third.public_id, **given)


def test_the_last_shift_leaves_its_people_at_the_event(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        shift = operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=event.ends_at, capacity=3
        )
        assert shift.role == "Caller"
        ada = signed_up(db, event, "Ada Warren").rsvp
        given = {"event": event, "shift_id": shift.public_id, "actor_id": cast.organiser.id}
        operations.remove_shift(db, into="event", **given)
        db.refresh(ada)
        assert (ada.shift_id, ada.status, event.taken) == (None, "accepted", 1)


def test_who_waits_for_a_shift_that_goes_waits_for_the_other(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, _) = three_shifts(db, cast, capacity=1, needed=1)
        signed_up(db, event, "Ada Warren", shift=first.public_id)
        bea = signed_up(db, event, "Bea Long", shift=first.public_id).rsvp
        assert bea.status == "waiting"
        actor = cast.organiser.id
        operations.remove_shift(
            db, event=event, shift_id=first.public_id, actor_id=actor, into=second.public_id
        )
        db.refresh(bea)
        assert bea.status == "waiting"  # and not in the third, which she never named
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        operations.cancel_rsvp(db, rsvp=ada)
        db.refresh(bea)
        assert (bea.status, bea.shift_id) == ("accepted", second.id)


def test_only_the_people_of_a_shift_hear_that_its_time_has_changed(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, _) = three_shifts(db, cast)
        signed_up(db, event, "Ada Warren", shift=first.public_id)
        signed_up(db, event, "Bea Long", shift=second.public_id)
        later = first.starts_at + timedelta(minutes=15)
        slot = Slot(later, first.ends_at, 2, 1, "Driver")
        with pytest.raises(NoRoom, match="1 places are taken"):
            operations.change_shift(
                db,
                event=event,
                shift_id=first.public_id,
                slot=Slot(later, first.ends_at, 0, None, "Driver"),
                actor_id=cast.organiser.id,
            )
        operations.change_shift(
            db, event=event, shift_id=first.public_id, slot=slot, actor_id=cast.organiser.id
        )
    assert operations.tell_everybody(database, mail=mail) == 1  # type: ignore[arg-type]
    with database.reading() as db:
        (letter,) = list(db.scalars(select(OutboxLetter)))
        assert letter.to == "ada@people.example"
        assert f"{later.astimezone(LONDON):%H:%M}–" in letter.subject
        assert f"DTSTART;TZID=Europe/London:{later.astimezone(LONDON):%Y%m%dT%H%M%S}" in (
            letter.calendar or ""
        )


def test_shifts_move_with_their_event_and_keep_their_hour(database: Database, cast: Cast) -> None:
    """From the last evening of winter time to the first of summer time: an hour fewer between."""
    starts_at = datetime(2027, 3, 27, 19, tzinfo=LONDON)
    with clock.at(starts_at - timedelta(days=9)), database.unit_of_work() as db:
        event = announced(
            db, cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), capacity=4
        )
        slots = slots_between(
            event.starts_at, event.ends_at, minutes=60, capacity=2, needed=1, role="Caller"
        )
        operations.add_shifts(db, event=event, slots=slots)
        moved = datetime(2027, 3, 28, 19, tzinfo=LONDON)
        times = {"starts_at": moved, "ends_at": moved + timedelta(hours=2)}
        operations.edit(db, **kept(event, cast, **times))
        assert [shift.starts_at.astimezone(LONDON).hour for shift in event_shifts(db, event)] == [
            19,
            20,
        ]
        assert event.capacity == 4
        with pytest.raises(Refused, match="shifts would lie outside") as refusal:
            operations.edit(
                db, **kept(event, cast, starts_at=moved, ends_at=moved + timedelta(hours=1))
            )
        assert refusal.value.field == "end"
