"""Who signed up to the evening, and who of them is here."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import hashes_of, those_kept_out
from campaign.events.models import Rsvp
from campaign.events.rules.signups import LIVE, SEATED, Attendance
from campaign.meetups.models import (
    Card,
    CohostOffer,
    Commitment,
    Dot,
    Participant,
    SentOut,
    SentOutMark,
    TopicVote,
)
from campaign.meetups.rules.expected import Line, in_order, same_first_name, told_apart
from campaign.people.models import Person

# How somebody is known again: an address, a number (E.164), a name.
Known = tuple[str | None, str | None, str]


def list_of(db: Session, *, event_id: int, batch_id: int) -> list[Line]:
    """Who signed up and did not cancel, A to Z; whoever waits for a place is marked.

    Who is kept out, or was sent out of this room, is not on it: they come in nowhere.
    """
    query = (
        select(
            Rsvp.public_id,
            Rsvp.name,
            Rsvp.place_in_line,
            Rsvp.guests,
            Rsvp.status,
            func.coalesce(Rsvp.phone, Person.phone),
            Person.email,
            Participant.number,
            and_(Participant.id.is_not(None), Participant.left_at.is_(None)),
            Participant.fingerprint.is_not(None),
            and_(Participant.left_at.is_(None), Participant.had_left_at.is_not(None)),
        )
        .select_from(Rsvp)
        .join(Person, Person.id == Rsvp.person_id)
        .outerjoin(
            Participant, and_(Participant.rsvp_id == Rsvp.id, Participant.batch_id == batch_id)
        )
        .where(Rsvp.event_id == event_id, Rsvp.status.in_(LIVE))
        .order_by(Rsvp.place_in_line, Rsvp.id)
    )
    lines, known = list[Line](), dict[str, Known]()
    for one, name, ticket, guests, status, phone, email, *room in db.execute(query):
        known[one] = (email, phone, name)
        lines.append(Line(one, "", ticket, guests, status not in SEATED, *room))
    out = _shut_out(db, batch_id, known)
    shown = [line for line in lines if line.public_id not in out]
    names = told_apart([known[line.public_id][2] for line in shown])
    return in_order([replace(line, called=name) for line, name in zip(shown, names, strict=True)])


def _shut_out(db: Session, batch_id: int, known: dict[str, Known]) -> set[str]:
    """Which of these nobody may bring in."""
    query = (
        select(SentOutMark.hashed)
        .join(SentOut, SentOut.id == SentOutMark.sent_out_id)
        .where(SentOut.batch_id == batch_id, SentOut.lifted_at.is_(None))
    )
    marks, out = set(db.scalars(query)), those_kept_out(db, known)
    if not marks:
        return out
    sent = {
        one
        for one, (email, phone, name) in known.items()
        if marks.intersection(hashes_of(db, email=email, phone=phone, name=name))
    }
    return out | sent


def known_by(db: Session, rsvp_id: int) -> list[Known]:
    """By what whoever made a sign-up is known again; each number that it can be found by."""
    query = (
        select(Person.email, Rsvp.phone, Person.phone, Rsvp.name)
        .join(Person, Person.id == Rsvp.person_id)
        .where(Rsvp.id == rsvp_id)
    )
    email, *phones, name = db.execute(query).one()
    return [(email, phone, name) for phone in phones]


def participant_with(db: Session, *, event_id: int, public_id: str) -> Participant | None:
    """Who sits for a sign-up to this evening, or sat, by its public id."""
    return db.scalar(
        select(Participant)
        .join(Rsvp, Rsvp.id == Participant.rsvp_id)
        .where(Rsvp.event_id == event_id, Rsvp.public_id == public_id)
        .execution_options(populate_existing=True)
    )


def attendance_of(db: Session, *, event_id: int, public_id: str) -> Attendance:
    """What is known of whether somebody came, by their sign-up."""
    query = select(Rsvp.attendance).where(Rsvp.event_id == event_id, Rsvp.public_id == public_id)
    return Attendance(db.scalars(query).one())


def participant_of(db: Session, rsvp_id: int) -> Participant | None:
    """Who sits for a sign-up, or sat."""
    return db.scalar(
        select(Participant)
        .where(Participant.rsvp_id == rsvp_id)
        .execution_options(populate_existing=True)
    )


def sign_up_with(
    db: Session,
    *,
    event_id: int,
    email: str | None,
    phone: str | None,
    name: str,
    person_id: int | None,
) -> tuple[int, bool] | None:
    """The sign-up of who comes in; and whether it is surely theirs, because they are signed in.

    Otherwise it is known by the address or the number together with the first name: a household
    shares the one, and anybody can type it.
    """
    same = [Rsvp.person_id == person_id] if person_id is not None else []
    same += [Person.email == email.lower()] if email else []
    same += [or_(Rsvp.phone == phone, Person.phone == phone)] if phone else []
    if not same:
        return None
    query = (
        select(Rsvp.id, Rsvp.name, Rsvp.person_id)
        .join(Person, Person.id == Rsvp.person_id)
        .where(Rsvp.event_id == event_id, Rsvp.status.in_(LIVE), or_(*same))
        .order_by(Rsvp.place_in_line, Rsvp.id)
    )
    rows = list(db.execute(query))
    for rsvp_id, _, whose in rows:
        if person_id is not None and whose == person_id:
            return rsvp_id, True
    return next(((row[0], False) for row in rows if same_first_name(row[1], name)), None)


def has_acted(db: Session, person: Participant) -> bool:
    """Whether anything in the room is somebody's already: an answer, a yes, a dot, a vote."""
    if person.willing is not None or person.convenes:
        return True
    theirs = (
        select(Commitment.id).where(Commitment.participant_id == person.id),
        select(Card.id).where(or_(Card.host_id == person.id, Card.cohost_id == person.id)),
        select(CohostOffer.card_id).where(CohostOffer.participant_id == person.id),
        select(Dot.id).where(Dot.participant_id == person.id),
        select(TopicVote.id).where(TopicVote.participant_id == person.id),
    )
    return bool(db.scalar(select(or_(*(query.exists() for query in theirs)))))


def known_by_list(db: Session, batch_id: int) -> list[int]:
    """The keys of the sign-ups of who was here; what the door took back is not among them."""
    query = (
        select(Participant.rsvp_id)
        .where(
            Participant.batch_id == batch_id,
            Participant.rsvp_id.is_not(None),
            or_(Participant.left_at.is_(None), Participant.fingerprint.is_not(None)),
        )
        .order_by(Participant.number)
    )
    return [rsvp_id for rsvp_id in db.scalars(query) if rsvp_id is not None]
