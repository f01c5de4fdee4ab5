"""Coming to a session, letting somebody in at its door, coming again, more places than seats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events import queries as event_queries
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.rules.door import By, Tap
from campaign.events.rules.signups import SEATED, Attendance
from campaign.foundation import audit
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.foundation.words import clean_text
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import CallingSession, HelpRequest, NoThanks, Phonebank
from campaign.phonebanks.operations import helping
from campaign.phonebanks.queries import board, shifts
from campaign.phonebanks.rules.claims import EARLY, is_session_open
from campaign.phonebanks.rules.overbooking import more_for

MOST_LANGUAGES = 120


def arrive(db: Session, *, event: Event, rsvp: Rsvp, actor_id: int, now: datetime) -> None:
    """Somebody with a place is here: by their own tap, or by a lead's. Again changes nothing.

    From a quarter of an hour before the session; refused earlier, and once it is over.
    """
    if not is_session_open(event.starts_at, event.ends_at, now=now):
        when = "is over" if now > event.ends_at else "opens a quarter of an hour before it begins"
        raise Refused(f"This session {when}.")
    if rsvp.status not in SEATED:
        raise Refused("They have no place yet. Let them in on the board.")
    if rsvp.attendance == Attendance.CAME.value:
        return
    came = Attendance.CAME
    tap = Tap(By(person_id=actor_id), now)
    events.mark_attendance(db, event=event, rsvp_id=rsvp.public_id, attendance=came, tap=tap)


def due_by_id(db: Session, *, event: Event, rsvp_id: str) -> Rsvp:
    """A sign-up of this session; NotFound for every other."""
    for rsvp in shifts.crew(db, event.id):
        if rsvp.public_id == rsvp_id:
            return rsvp
    raise NotFound("They are not on this session’s roster any more.")


def let_in(
    db: Session, *, phonebank: Phonebank, request: HelpRequest, actor_id: int, now: datetime
) -> Person:
    """Whoever knocked has a place now and is here. Refuses where every place is taken."""
    person = db.get_one(Person, request.person_id)
    event = db.get(Event, request.event_id)
    if request.ended_at is not None or event is None:
        raise Conflict("They are in already, or have gone.")
    if board.is_removed(db, phonebank.id, person.id):
        raise Refused(f"{person.name} was taken off. Let them back in first, under “Taken off”.")
    # By their address they are who they are; who waited in line takes a place, too.
    events.add_walk_in(db, event=event, name=person.name, email=person.email, actor_id=actor_id)
    request.answered_at, request.answered_by = now, actor_id
    helping.settle(db, request=request, now=now)
    _note(db, phonebank, "walk-in let in", actor_id, [f"person:{person.id}"])
    return person


def knock(
    db: Session, *, phonebank: Phonebank, event: Event, person_id: int, now: datetime
) -> None:
    """Ask to be let in. Refuses who has a place, and while the session is not open."""
    if event_queries.is_on_roster(db, event_id=event.id, person_id=person_id):
        raise Refused("You have a place already: say that you are here.")
    if now < event.starts_at - EARLY or now >= event.ends_at:
        raise Refused("Nobody is at the door now. Come while the session runs.")
    helping.knock(db, phonebank=phonebank, event_id=event.id, person_id=person_id, now=now)


def come_again(db: Session, *, event: Event, person: Person, mail: Mail) -> str:
    """A place in the next session, or in its line; answers the sign-up's status."""
    return events.sign_up(
        db, event=event, name=person.name, email=person.email, person=person, mail=mail
    ).status


def want_thanks(db: Session, *, person_id: int, wanted: bool, now: datetime) -> None:
    """Letters of thanks after a shift, or none; again is harmless."""
    if wanted:
        db.execute(delete(NoThanks).where(NoThanks.person_id == person_id))
    else:
        people.insert_or_leave(db, NoThanks, person_id=person_id, at=now)


def say_languages(
    db: Session, *, phonebank: Phonebank, session: CallingSession, languages: str, actor_id: int
) -> None:
    """In which languages a session rings, in a lead's words; empty takes it back."""
    session.languages = clean_text(languages, most=MOST_LANGUAGES, field="languages")
    db.flush()
    _note(db, phonebank, "session languages set", actor_id, [f"session:{session.id}"])


def raise_places(
    db: Session, *, phonebank: Phonebank, event: Event, actor_id: int, mail: Mail, now: datetime
) -> int:
    """As many places more as the rule proposes; who waits moves up. Answers how many there are."""
    shown = shifts.shown_so_far(db, phonebank.group_id, now=now)
    more = more_for(event, shown, now=now)
    if not more or event.capacity is None or event.shifts:
        raise Refused("There is nothing to raise here any more. Look at the page anew.")
    wanted = event.capacity + more
    events.edit(
        db,
        event=event,
        actor_id=actor_id,
        title=event.title,
        about=event.about,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=wanted,
        needed=event.needed,
        access_contact=event.access_contact,
        mail=mail,
        quiet=True,
    )
    _note(db, phonebank, "places raised", actor_id, [f"event:{event.id}", f"by {more}"])
    return wanted


def _note(
    db: Session, phonebank: Phonebank, action: str, actor_id: int, details: list[str]
) -> None:
    subject = f"phonebank:{phonebank.id}"
    audit.append(db, action, subject=subject, actor_id=actor_id, details=details)
