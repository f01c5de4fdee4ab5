"""Shifts: what they need, when they are, and what becomes of people whose shift changes."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.rules.day import morning_of
from campaign.events.rules.features import shift_time
from campaign.events.rules.needs import need_of
from campaign.events.rules.shifts import (
    Slot,
    capacity_of,
    check_slot,
    moments,
    need_of_shift,
    needed_by,
    slots_between,
)
from campaign.events.rules.signups import NoRoom
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up, soon
from tests.events.test_telling import kept
from tests.proof_reader import ProofReadingClient

LONDON = ZoneInfo("Europe/London")


def a_shift(taken: int = 0, capacity: int | None = 6, needed: int | None = 4) -> Any:
    return SimpleNamespace(taken=taken, capacity=capacity, needed=needed)


@pytest.mark.parametrize(
    ("shift", "tone", "code"),
    [
        (a_shift(0), "short", "short2"),
        (a_shift(2), "short", "short2"),
        (a_shift(3), "one", "short1"),
        (a_shift(4), "met", "ok"),
        (a_shift(6), "full", "full"),
        (a_shift(9, capacity=None), "met", "ok"),
        (a_shift(0, needed=None), "met", "ok"),
    ],
)
def test_a_chip_is_red_from_two_short_amber_for_one_and_green_when_met(
    shift: Any, tone: str, code: str
) -> None:
    assert (need_of_shift(shift).tone, need_of_shift(shift).code) == (tone, code)


def test_an_event_is_as_short_as_its_worst_shift() -> None:
    """Six too many in one do not make up for two too few in another."""
    shifts = [a_shift(6, needed=0), a_shift(2, needed=4), a_shift(3, needed=4)]
    needed = needed_by(shifts, taken=11)
    event = SimpleNamespace(kind="phonebank", capacity=18, needed=needed, taken=11)
    assert need_of(event).words == "Needs 2 more callers"
    assert needed_by([a_shift(4), a_shift(5)], taken=9) == 8
    assert needed_by([a_shift(4, needed=None)], taken=4) is None


def test_an_event_holds_what_its_shifts_hold_and_who_came_before_them() -> None:
    assert capacity_of([a_shift(2), a_shift(1)], taken=5) == 14
    assert capacity_of([a_shift(2), a_shift(1, capacity=None)], taken=3) is None


def an_evening(start: str, hours: float) -> Any:
    starts_at = datetime.fromisoformat(start).replace(tzinfo=LONDON)
    return SimpleNamespace(
        zone="Europe/London", starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours)
    )


def test_a_shift_after_midnight_is_on_the_next_day() -> None:
    event = an_evening("2026-12-01T20:00", 6)
    begins, ends = moments(event, None, time(23), time(1))
    assert (begins, ends - begins) == (datetime(2026, 12, 1, 23, tzinfo=LONDON), timedelta(hours=2))
    begins, _ = moments(event, date(2026, 12, 2), time(0, 30), time(1, 30))
    check_slot(Slot(begins, begins + timedelta(hours=1)), event)


def test_a_shift_across_the_hour_that_is_left_out_lasts_an_hour_less() -> None:
    event = an_evening("2027-03-27T22:00", 6)
    begins, ends = moments(event, date(2027, 3, 28), time(0, 30), time(3))
    assert ends - begins == timedelta(hours=1, minutes=30)
    with pytest.raises(Refused, match="does not happen") as refusal:
        moments(event, date(2027, 3, 28), time(1, 30), time(3))
    assert refusal.value.field == "start"


def test_a_shift_in_the_doubled_hour_is_the_one_within_its_event() -> None:
    early, late = an_evening("2026-10-24T22:00", 8), an_evening("2026-10-25T01:30", 3)
    late.starts_at = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)
    sunday = date(2026, 10, 25)
    assert (
        moments(early, sunday, time(1, 30), time(3))[0].timestamp()
        == datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC")).timestamp()
    )
    begins, ends = moments(late, sunday, time(1, 30), time(3))
    assert begins.timestamp() == late.starts_at.timestamp()
    assert ends.timestamp() - begins.timestamp() == 90 * 60
    begins, ends = moments(early, sunday, time(1, 45), time(1, 30))
    # Ends before it starts on the wall: the next night, which the event does not have.
    with pytest.raises(Refused, match="within its event"):
        check_slot(Slot(begins, ends), early)


def test_an_evening_is_filled_with_whole_shifts() -> None:
    event = an_evening("2026-12-01T18:00", 3.5)
    made = slots_between(
        event.starts_at, event.ends_at, minutes=60, capacity=6, needed=3, role="Caller"
    )
    assert [slot.starts_at.hour for slot in made] == [18, 19, 20]
    assert made[-1].ends_at.hour == 21
    for minutes in (240, 1):
        with pytest.raises(Refused) as refusal:
            slots_between(
                event.starts_at, event.ends_at, minutes=minutes, capacity=6, needed=3, role=""
            )
        assert refusal.value.field == "minutes"


def three_shifts(db: Any, cast: Cast, **given: Any) -> tuple[Event, list[Shift]]:
    """An evening of three hours in three shifts of two places, each needing two."""
    starts_at = soon(48)
    event = announced(db, cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    slots = slots_between(
        event.starts_at,
        event.ends_at,
        minutes=60,
        **{"capacity": 2, "needed": 2, "role": "Caller", **given},
    )
    return event, operations.add_shifts(db, event=event, slots=slots)


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


def event_shifts(db: Any, event: Event) -> list[Shift]:
    query = select(Shift).where(Shift.event_id == event.id)
    return list(db.scalars(query.order_by(Shift.starts_at)))


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
    with database.unit_of_work() as db:
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


# The page.


def test_a_host_fills_changes_and_removes_shifts_on_one_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    starts_at = datetime(2027, 1, 12, 18, tzinfo=LONDON)
    with database.unit_of_work() as db:
        event = announced(db, cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/shifts"
    assert "None yet" in client.get(path).text
    typed = {"start": "18:00", "end": "21:00", "minutes": "60", "capacity": "6", "needed": "4"}
    filled = {f"fill-{name}": value for name, value in typed.items()}
    assert client.post_form(f"{path}/fill", filled).status_code == 303
    with database.reading() as db:
        shifts = event_shifts(db, event)
        assert [(shift.role, shift.capacity, shift.needed) for shift in shifts] == [
            ("Caller", 6, 4)
        ] * 3
        key, second = shifts[0].public_id, shifts[1].public_id
    page = client.get(path).text
    assert "19:00–20:00" in page
    assert "Needs 4 people" in page
    change = {"start": "18:15", "end": "19:00", "capacity": "8", "needed": "2", "role": "Driver"}
    changed = {f"{key}-{name}": value for name, value in change.items()}
    assert client.post_form(f"{path}/{key}", changed).status_code == 303
    assert "Driver" in client.get(f"/events/{event.public_id}").text
    outside = client.post_form(path, {"add-start": "17:00", "add-end": "18:00"})
    assert outside.status_code == 422
    assert "lies within its event" in outside.text
    with database.unit_of_work() as db:
        held = queries.event_by_public_id(db, event.public_id)
        assert held is not None
        signed_up(db, held, "Ada Warren", shift=key)
    refused = client.post_form(f"{path}/{key}/remove", {})
    assert refused.status_code == 422
    assert "1 person is signed up for this shift" in refused.text
    into = {f"{key}-into": second}
    assert client.post_form(f"{path}/{key}/remove", into).status_code == 303
    with database.reading() as db:
        assert [shift.taken for shift in event_shifts(db, event)] == [1, 0]


@pytest.mark.parametrize("bad", ["", "25:00", "x", "18:00; DROP TABLE", "１８:００"])
def test_a_time_that_is_none_is_said_at_its_field(
    client: ProofReadingClient, database: Database, cast: Cast, bad: str
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/shifts"
    answer = client.post_form(path, {"add-start": bad, "add-end": "20:00", "add-capacity": "-1"})
    assert answer.status_code == 422
    assert 'id="add-start-error"' in answer.text
    assert 'id="add-capacity-error"' in answer.text


def test_a_stranger_finds_no_shifts_page_and_somebody_who_comes_may_not_change_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, shifts = three_shifts(db, cast)
        signed_up(db, event, cast.supporter.name, person=cast.supporter)
    path, key = f"/events/{event.public_id}/shifts", shifts[0].public_id
    assert client.get(path).status_code == 303
    for person, code in ((cast.stranger, 404), (cast.supporter, 403)):
        client.sign_in(person)
        assert client.get(path).status_code == code
        for post in (path, f"{path}/fill", f"{path}/{key}", f"{path}/{key}/remove"):
            assert client.post_form(post, {}).status_code == code
    client.sign_in(cast.organiser)
    assert client.post_form(f"{path}/nosuch", {}).status_code == 404


def test_the_page_of_the_event_proposes_the_shift_that_lacks_most(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, third) = three_shifts(db, cast)
        for name in ("Ada Warren", "Bea Long"):
            signed_up(db, event, name, shift=first.public_id)
        signed_up(db, event, "Cy Moss", shift=second.public_id)
    page = client.get(f"/events/{event.public_id}").text
    assert f'value="{third.public_id}" checked' in page
    assert page.count("Needs 1 more person") == 1
    assert "Needs 2 more callers" in client.get("/events").text


def test_a_refused_change_of_an_event_in_shifts_shows_its_page_again(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, _ = three_shifts(db, cast)
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/edit"
    assert "How many fit is said at each" in client.get(path).text
    starts, ends = event.starts_at.astimezone(LONDON), event.ends_at.astimezone(LONDON)
    typed = {"kind": event.kind, "date_own": f"{starts:%Y-%m-%d}", "start_own": f"{starts:%H:%M}"}
    typed |= {"end": f"{ends - timedelta(minutes=30):%H:%M}", "place": "venue", "capacity": "none"}
    answer = client.post_form(path, typed)
    assert answer.status_code == 422
    assert "shifts would lie outside" in answer.text


def test_who_has_signed_up_reads_which_shift_is_theirs(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, shifts = three_shifts(db, cast)
        public_id, second = event.public_id, shifts[1].public_id
    filled = {"name": "Ada Warren", "email": "ada@people.example", "shift": second}
    client.post_form(f"/events/{public_id}/rsvp", filled)
    page = client.get(f"/events/{public_id}").text
    assert "You are in" in page
    assert "your shift " in page


def test_every_letter_of_the_day_says_the_hours_of_ones_shift(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event, (_, _, last) = three_shifts(db, cast)
        signed_up(db, event, "Ada Warren", shift=last.public_id)
        hours, evening = shift_time(event, last), shift_time(event, event)
    given: dict[str, Any] = {"mail": mail, "now": event.starts_at - timedelta(hours=23)}
    with clock.at(given["now"]):
        assert operations.send_reminders(database, **given) == 1
    morning = morning_of(event.starts_at, event.zone) or event.starts_at
    for at in (morning, event.ends_at + timedelta(minutes=61)):
        with clock.at(at):
            operations.write_day_letters(database, mail=mail, now=at)  # type: ignore[arg-type]
    told = [letter.text for letter in mail.letters if letter.to.startswith("ada")]
    assert [hours in text for text in told].count(True) >= (3 if morning < event.starts_at else 2)
    assert not any(evening in text for text in told)
