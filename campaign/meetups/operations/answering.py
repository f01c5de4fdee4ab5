"""What a host answers: it is on, they need help, they cannot; and whether it took place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations import leave_hosting, write_report
from campaign.events.operations.signing_up import check_open, lock
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries import report_of
from campaign.events.rules.signups import initials
from campaign.foundation import audit, tokens
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post
from campaign.meetups import messages
from campaign.meetups.models import HostAsked
from campaign.meetups.queries.following import Hosted, meeting_of, who_hears
from campaign.meetups.rules.following import Answer
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave

NOT_HELD = "It did not take place."


def answer_host(
    db: Session,
    *,
    asked: HostAsked,
    answer: Answer,
    now: datetime,
    mail: Mail | None,
    actor_id: int | None = None,
) -> Event:
    """A host says that it is on, that they need help, or that they cannot; the latest counts.

    Help is told to the organisers at once. Who cannot hosts no more: their co-host is asked.
    Refuses who does not host it any more, and what is over or called off. ``actor_id`` is an
    organiser who rang them.
    """
    event = lock(db, asked.event_id)
    check_open(event)
    if event.host_id != asked.person_id or event.hostless_at is not None:
        raise Refused("You do not host this any more. Nothing is left to do.")
    if asked.answer == answer:
        return event
    asked.answer, asked.answered_at = answer.value, now
    db.flush()
    audit.append(
        db,
        "host answered",
        subject=f"event:{event.id}",
        actor_id=actor_id or asked.person_id,
        details=[answer.value],
    )
    if answer is Answer.NO:
        return leave_hosting(
            db,
            event=event,
            actor_id=actor_id or asked.person_id,
            mail=mail,
            host_id=asked.person_id,
        )
    if answer is Answer.HELP:
        _call_for_help(db, event=event, asked=asked, now=now, mail=mail)
    return event


def answer_for(
    db: Session, *, held: Hosted, answer: Answer, now: datetime, mail: Mail | None, actor_id: int
) -> Event:
    """An organiser has rung the host, and notes what they said."""
    asked = held.asked or _asked_by_voice(db, held.event, held.host.id, now)
    return answer_host(db, asked=asked, answer=answer, now=now, mail=mail, actor_id=actor_id)


def _asked_by_voice(db: Session, event: Event, person_id: int, now: datetime) -> HostAsked:
    """The row of a question that was asked by telephone; its key was given to nobody."""
    insert_or_leave(
        db,
        HostAsked,
        event_id=event.id,
        person_id=person_id,
        question="on",
        fingerprint=tokens.fingerprint(tokens.secret()),
        asked_at=now,
    )
    return db.scalars(
        select(HostAsked).where(
            HostAsked.event_id == event.id,
            HostAsked.person_id == person_id,
            HostAsked.question == "on",
        )
    ).one()


def _call_for_help(
    db: Session, *, event: Event, asked: HostAsked, now: datetime, mail: Mail | None
) -> None:
    meeting = meeting_of(db, event.id)
    if mail is None or meeting is None:
        return
    host = db.get_one(Person, asked.person_id)
    for person in who_hears(db, meeting):
        letter = messages.needs_help(
            mail,
            to=person.email or "",
            host=initials(event.host_name or host.name),
            event=facts_for_letter(event, now=now),
            path=f"/events/{meeting.public_id}/hosts",
        )
        post(db, letter, key=f"host-help:{asked.id}:{person.id}")


def say_outcome(
    db: Session, *, asked: HostAsked, held: bool, people: int | None, now: datetime
) -> Event:
    """A host says whether what they hosted took place, and how many came: it is the report.

    Refuses where a report stands already: it is changed on its own page.
    """
    event = lock(db, asked.event_id)
    if report_of(db, event.id) is not None:
        raise Refused("Somebody has written the report already. Sign in to change it.")
    if held and not people:
        raise Refused("Give how many came, you too. A guess is fine.", field="people")
    write_report(
        db,
        event=event,
        numbers={"people": people if held else 0},
        story="" if held else NOT_HELD,
        actor_id=asked.person_id,
    )
    asked.answer, asked.answered_at = "yes" if held else "no", now
    db.flush()
    return event
