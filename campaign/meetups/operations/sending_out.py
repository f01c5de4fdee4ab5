"""Sending somebody out of a room, their appeal, and what comes of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.conduct import messages as conduct
from campaign.conduct.operations.kept_out import keep_out, let_back
from campaign.conduct.queries.kept_out import hashes_of
from campaign.conduct.rules.kept_out import REASONS
from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.foundation import audit
from campaign.foundation.errors import Conflict, NotAllowed, Refused
from campaign.meetups.models import Batch, KeepGoing, Participant, SentOut, SentOutMark
from campaign.meetups.operations.joining import send_away
from campaign.meetups.operations.locking import lock
from campaign.meetups.queries import expected, incidents
from campaign.meetups.rules.joining import NotHere
from campaign.meetups.rules.phases import Phase


def send_out(
    db: Session,
    *,
    batch: Batch,
    person: Participant,
    reason: str,
    words: str,
    now: datetime,
    actor_id: int,
) -> SentOut:
    """Somebody has to leave: their chair is free, and their phone, four words, address and number
    open this room no more; nor do those of the sign-up by which they were known again, whatever
    they typed. Of those only keyed hashes are kept.

    Conflict where another desk was first: it is one case, which one no ends and one yes.
    """
    if reason not in REASONS:
        raise Refused("Say why, by one of the reasons.")
    batch = lock(db, batch.id)
    # As they are now: whoever has gone home meanwhile, or taken another phone, is sent out too.
    held = db.get(Participant, person.id, populate_existing=True)
    if held is None:
        raise NotHere
    if incidents.is_out(db, batch_id=batch.id, number=person.number):
        raise Conflict("Another desk has sent them out already.")
    made = SentOut(
        batch_id=batch.id,
        number=person.number,
        reason=reason,
        words=words,
        made_at=now,
        made_by=actor_id,
        fingerprint=person.fingerprint,
    )
    db.add(made)
    db.flush()
    for hashed in _marks_of(db, person):
        db.add(SentOutMark(sent_out_id=made.id, hashed=hashed))
    _show_the_door(db, person, now)
    _log(db, made, "sent out of a room", actor_id, reason)
    return made


def _marks_of(db: Session, person: Participant) -> list[str]:
    """By what they are known again: what they typed, and what their sign-up holds."""
    ways = [(person.email, person.phone, person.name)]
    if person.rsvp_id is not None:
        ways += expected.known_by(db, person.rsvp_id)
    found = (hashes_of(db, email=email, phone=phone, name=name) for email, phone, name in ways)
    return sorted({mark for marks in found for mark in marks})


def _show_the_door(db: Session, person: Participant, now: datetime) -> None:
    send_away(db, person=person, now=now)
    person.fingerprint = person.words = person.client_uuid = None
    person.rsvp_id = None  # whoever is let in again comes as somebody new
    db.execute(delete(KeepGoing).where(KeepGoing.participant_id == person.id))
    db.flush()


def let_in(db: Session, *, batch: Batch, held: SentOut, now: datetime, actor_id: int) -> None:
    """They may come in again, as somebody new. Not where a moderator keeps them out everywhere."""
    lock(db, batch.id)
    db.refresh(held, with_for_update=True)
    if held.everywhere_until is not None and held.everywhere_until > now:
        raise NotAllowed("A moderator keeps them out of everything. Only a moderator can end it.")
    _lift(db, held, now, actor_id)


def appeal(db: Session, *, held: SentOut, words: str, now: datetime) -> None:
    """They say why it was wrong, once; who sent them out does not decide about it."""
    db.refresh(held, with_for_update=True)
    if held.appealed_at is not None:
        raise Conflict("You have written already. Somebody else looks at it.")
    if not words:
        raise Refused("Write why it was wrong.", field="words")
    held.appeal, held.appealed_at = words, now
    db.flush()
    audit.append(db, "appealed against being sent out", subject=f"sent_out:{held.id}")


def decide(
    db: Session,
    *,
    held: SentOut,
    everywhere: bool,
    answer: str,
    now: datetime,
    actor_id: int,
    mail: Mail | None = None,
) -> None:
    """A moderator who did not send them out lifts it, or keeps them out of everything for long.

    That is every event, every meetup and all calling; they hear of it by mail. Lifted, it ends
    at once.
    """
    if held.made_by == actor_id:
        raise NotAllowed("You sent them out yourself: another moderator looks at it.")
    hashes = incidents.marks_of_case(db, held.id)
    if everywhere and not hashes:
        raise Refused("They gave no address and no number: nobody would know them again.")
    known = incidents.known_in_rooms(db, hashes) if everywhere else []
    _out_of_open_rooms(db, known, now)  # rooms are locked before anything else
    db.refresh(held, with_for_update=True)
    held.answer = answer
    if not everywhere:
        held.everywhere_until = None
        _lift(db, held, now, actor_id)
        return
    email = incidents.address_of(db, held)
    kept = keep_out(
        db,
        case_id=held.public_id,
        hashes=hashes,
        reason=held.reason,
        now=now,
        actor_id=actor_id,
        email=email,
        mail=conduct.Mail(mail.write, mail.base_url) if mail else None,
    )
    # Who did not say that hosts may reach them signed up by their name alone.
    events.take_off_people(db, person_ids=[one.person_id for one, _ in known], mail=mail)
    held.everywhere_until, held.lifted_at, held.lifted_by = kept.until, None, None
    _log(db, held, "kept out by a moderator", actor_id)
    db.flush()


def _out_of_open_rooms(db: Session, known: list[tuple[Participant, str]], now: datetime) -> None:
    """They sit in no room any more, whatever evening it is."""
    there = [one for one, phase in known if phase != Phase.OVER and one.left_at is None]
    for batch_id in sorted({one.batch_id for one in there}):
        lock(db, batch_id)
    for person in there:
        db.refresh(person)
        _show_the_door(db, person, now)


def _lift(db: Session, held: SentOut, now: datetime, actor_id: int) -> None:
    held.lifted_at, held.lifted_by = now, actor_id
    db.execute(delete(SentOutMark).where(SentOutMark.sent_out_id == held.id))
    let_back(db, case_id=held.public_id, actor_id=actor_id)
    db.flush()
    _log(db, held, "may come in again", actor_id)


def _log(db: Session, held: SentOut, what: str, actor_id: int, *details: str) -> None:
    audit.append(db, what, subject=f"sent_out:{held.id}", actor_id=actor_id, details=list(details))
