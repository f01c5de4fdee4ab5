"""Bringing in who signed up, by one tap on the list at the door; and taking that back.

That somebody came is kept by their sign-up, by the event's own check-in: each tap is one of its
taps, with its nonce. Sent again, or late, it changes nothing in the room either.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Rsvp
from campaign.events.operations.signing_up import lock as lock_event
from campaign.events.queries import door as doors
from campaign.events.rules.door import Tap
from campaign.events.rules.signups import Attendance
from campaign.foundation import audit
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations.joining import bring_in, leave, sit_down_again
from campaign.meetups.operations.locking import lock_open
from campaign.meetups.queries import expected
from campaign.meetups.rules.expected import SIGNED_UP, InAnotherSitting, OnTheirPhone, parts_of
from campaign.meetups.rules.joining import Whereabouts

Lives = Callable[[str | None], Whereabouts]
"""Says where a postcode is, as near as seating needs it: the places are looked up outside."""


def bring_in_expected(
    db: Session, *, batch: Batch, public_id: str, lives: Lives, tap: Tap
) -> Participant | None:
    """Somebody on the list is here: a number in the room, out of what their sign-up holds.

    They gave no tick of the room, so none is set. Who is here already, by another door or their
    own phone, keeps their number; who left has the same one again. None where a tap sent again
    finds them taken back. Refuses what the event's check-in refuses, who has cancelled, and when
    the evening is over; TurnedAway, in words for who stands at the door.
    """
    batch = lock_open(db, batch.id)
    held = _sits_for(db, batch, public_id)
    if held is not None and held.left_at is not None and _came_before(db, batch, tap):
        return held
    rsvp = _mark(db, batch, public_id, Attendance.CAME, tap)
    if rsvp.attendance != Attendance.CAME:
        return held
    if held is None:
        return _take_from(db, batch, rsvp, where=lives(rsvp.postcode), tap=tap)
    if held.left_at is not None:
        _bring_back(db, batch, held, tap)
    return held


def _bring_back(db: Session, batch: Batch, held: Participant, tap: Tap) -> None:
    """What the tap found is kept, so that it can be taken back."""
    left_at, kept = held.left_at, doors.tap_by_nonce(db, batch.meetup.event_id, tap.nonce)
    sit_down_again(db, batch, held)
    held.had_left_at, held.had_come = left_at, kept is not None and kept.people == 0
    db.flush()


def _take_from(
    db: Session, batch: Batch, rsvp: Rsvp, *, where: Whereabouts, tap: Tap
) -> Participant:
    name, initial = parts_of(rsvp.name)
    return bring_in(
        db,
        batch=batch,
        name=name,
        initial=initial,
        email=rsvp.person.email,
        phone=rsvp.phone or rsvp.person.phone,
        where=where,
        consent=SIGNED_UP,
        rsvp_id=rsvp.id,
        holds=True,
        now=tap.at,
        actor_id=tap.by.person_id or 0,
    )


def take_back_expected(db: Session, *, batch: Batch, public_id: str, tap: Tap) -> None:
    """That tap was a mistake: they are not here, and nothing of them stays in the room.

    Who has done something there meanwhile leaves it as anybody does. Who had left before the tap
    has left, as long ago, and has come if they had. Sent again, or where another door was first,
    it changes nothing. OnTheirPhone where their own phone has the number, and is here by itself.
    """
    batch = lock_open(db, batch.id)
    if _came_before(db, batch, tap):
        return
    held = _sits_for(db, batch, public_id)
    if held is not None and (held.left_at is not None or held.had_left_at is not None):
        _put_back(db, batch, held, public_id, tap)
        return
    if held is not None and not held.is_without_phone:
        raise OnTheirPhone(held.number)
    rsvp = _mark(db, batch, public_id, Attendance.UNKNOWN, tap)
    if held is None or rsvp.attendance != Attendance.UNKNOWN:
        return
    _log(db, batch, held.number, actor_id=tap.by.person_id)
    if held.consent != SIGNED_UP or expected.has_acted(db, held):
        leave(db, batch=batch, person=held, now=tap.at)
        return
    db.delete(held)
    db.flush()


def _put_back(db: Session, batch: Batch, held: Participant, public_id: str, tap: Tap) -> None:
    """They had left. Where they have again, by another door or themselves, the tap is kept alone:
    come late it takes nobody back who is brought in after it.
    """
    event = lock_event(db, batch.meetup.event_id)
    keeps = held.had_left_at is None or held.had_come
    stands = Attendance.UNKNOWN
    if keeps:
        stands = expected.attendance_of(db, event_id=event.id, public_id=public_id)
    rsvp = _mark(db, batch, public_id, stands, tap)
    if held.had_left_at is not None and rsvp.attendance == stands:
        _log(db, batch, held.number, actor_id=tap.by.person_id)
        leave(db, batch=batch, person=held, now=held.had_left_at)


def _sits_for(db: Session, batch: Batch, public_id: str) -> Participant | None:
    held = expected.participant_with(db, event_id=batch.meetup.event_id, public_id=public_id)
    if held is not None and held.batch_id != batch.id:
        raise InAnotherSitting
    return held


def _came_before(db: Session, batch: Batch, tap: Tap) -> bool:
    return doors.tap_by_nonce(db, batch.meetup.event_id, tap.nonce) is not None


def _mark(db: Session, batch: Batch, public_id: str, attendance: Attendance, tap: Tap) -> Rsvp:
    return events.mark_attendance(
        db, event=batch.meetup.event, rsvp_id=public_id, attendance=attendance, tap=tap
    )


def _log(db: Session, batch: Batch, number: int, *, actor_id: int | None) -> None:
    audit.append(
        db,
        "taken back at the door",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"number {number}"],
    )


def note_who_came(db: Session, *, batch: Batch, now: datetime) -> int:
    """The evening is over: who came in by themselves and had signed up has come, for their
    sign-up, too; answers how many of whom that was not known yet. The caller holds the room.
    """
    came = expected.known_by_list(db, batch.id)
    if not came:
        return 0
    return events.note_came(db, event_id=batch.meetup.event_id, rsvp_ids=came, now=now)
