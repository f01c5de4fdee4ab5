"""What a room holds of somebody: to be seen, and gone when they are erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from campaign.conduct.rules.kept_out import REASONS
from campaign.events.models import Rsvp
from campaign.meetups.models import DeskDevice, Incident, Participant, SeedInvite, SentOut
from campaign.meetups.rules.expected import SIGNED_UP
from campaign.meetups.rules.needs import NOTHING, asks_in_words, columns_of
from campaign.people.models import Person

NOBODY = "Somebody"


def forget_person(db: Session, *, person_id: int) -> None:
    """Somebody is erased: their chair in the room says nothing of them any more."""
    _blank(db, _theirs(db, person_id))
    # What they let in holds no desk any more, and the names of those devices go.
    given = delete(DeskDevice).where(DeskDevice.given_by == person_id)
    db.execute(given.execution_options(synchronize_session=False))
    person = db.get(Person, person_id)
    if person is not None and person.email and person.email_confirmed_at is not None:
        _forget_invites(db, person.email)


def forget_address(db: Session, *, email: str) -> None:
    """Whoever gave this address at the door is nobody from now on, and was asked nothing."""
    _blank(db, func.lower(Participant.email) == email)
    _forget_invites(db, email)


def forget_number(db: Session, *, e164: str) -> None:
    """Whoever gave this number at the door is nobody from now on."""
    _blank(db, Participant.phone == e164)


def forget_sign_ups(db: Session, *, rsvp_ids: Sequence[int]) -> None:
    """What the door took over from these sign-ups goes with them; what a phone gave, stays.

    Whoever was sent out of a room is not known by a sign-up any more.
    """
    _take_off(db, and_(Participant.rsvp_id.in_(rsvp_ids), Participant.consent == SIGNED_UP))


def export_person(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What somebody told us in the rooms of meetups."""
    _show(db, _theirs(db, person_id), into)
    given = select(DeskDevice).where(DeskDevice.given_by == person_id).order_by(DeskDevice.id)
    into["Desks opened on other devices"] = [
        {"device": one.name, "opened": one.opened_at.isoformat(timespec="minutes")}
        for one in db.scalars(given)
        if one.opened_at is not None
    ]


def export_address(db: Session, *, email: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """What was told in rooms under an address."""
    _show(db, func.lower(Participant.email) == email, into)


def export_number(db: Session, *, e164: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """What was told in rooms under a telephone number."""
    _show(db, Participant.phone == e164, into)


def _theirs(db: Session, person_id: int) -> ColumnElement[bool]:
    """Who came with the account or gave its confirmed address: anybody can type another's."""
    person = db.get(Person, person_id)
    signed_up = select(Rsvp.id).where(Rsvp.person_id == person_id)
    mine = or_(
        Participant.person_id == person_id,
        # What the door took over from a sign-up is its owner's; what a phone typed may not be.
        and_(Participant.rsvp_id.in_(signed_up), Participant.consent == SIGNED_UP),
    )
    if person is None or not person.email or person.email_confirmed_at is None:
        return mine
    return or_(mine, func.lower(Participant.email) == person.email)


def _forget_invites(db: Session, email: str) -> None:
    """The letter that asked whether they keep a group going leaves no trace of them."""
    gone = delete(SeedInvite).where(func.lower(SeedInvite.email) == email)
    db.execute(gone.execution_options(synchronize_session=False))


def incidents_due(db: Session, before: datetime) -> int:
    """How many ``forget_incidents`` would delete."""
    return sum(
        db.scalar(select(func.count()).select_from(table).where(*old)) or 0
        for table, old in _old(before)
    )


def forget_incidents(db: Session, before: datetime) -> int:
    """Delete lines of incident logs, and who was sent out, from before then; answers how many.

    Whom a moderator keeps out of everything stays out until that is over.
    """
    gone = 0
    for table, old in _old(before):
        done = db.execute(delete(table).where(*old).execution_options(synchronize_session=False))
        gone += done.rowcount  # type: ignore[attr-defined]
    return gone


def _old(before: datetime) -> list[tuple[type[Incident | SentOut], list[ColumnElement[bool]]]]:
    over = or_(SentOut.everywhere_until.is_(None), SentOut.everywhere_until < before)
    return [(Incident, [Incident.at < before]), (SentOut, [SentOut.made_at < before, over])]


def _cases(theirs: ColumnElement[bool]) -> ColumnElement[bool]:
    """Their being sent out of a room: it is known by their number there."""
    held = select(Participant.batch_id, Participant.number).where(theirs)
    return tuple_(SentOut.batch_id, SentOut.number).in_(held)


def _blank(db: Session, theirs: ColumnElement[bool]) -> None:
    # What stands there in words goes. That they were sent out stays, and the keyed hash by which
    # a door knows them: else whoever was sent out for cause could come in by being erased.
    db.execute(
        update(SentOut)
        .where(_cases(theirs))
        .values(words="", appeal="", answer="", fingerprint=None)
        .execution_options(synchronize_session=False)
    )
    _take_off(db, theirs)


def _take_off(db: Session, theirs: ColumnElement[bool]) -> None:
    db.execute(
        update(Participant)
        .where(theirs)
        .values(
            name=NOBODY,
            initial="",
            email=None,
            phone=None,
            branch="",
            lat=None,
            lng=None,
            person_id=None,
            rsvp_id=None,
            came_with="",
            access_needs="",
            **columns_of(NOTHING),
            words=None,
            may_contact=False,
            hears_area=False,
            shows_name=False,
        )
        .execution_options(synchronize_session=False)
    )
    db.expire_all()


def _show(db: Session, theirs: ColumnElement[bool], into: dict[str, list[dict[str, Any]]]) -> None:
    query = select(Participant).where(theirs, ~Participant.is_practice).order_by(Participant.id)
    into["At meetups"] = [
        {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "branch": person.branch or None,
            "what helps to come in": person.access_needs or None,
            "what your table must be": asks_in_words(person.needs) or None,
            "came": person.made_at.isoformat(timespec="minutes"),
        }
        for person in db.scalars(query)
    ]
    cases = select(SentOut).where(_cases(theirs)).order_by(SentOut.id)
    into["Sent out of a meetup"] = [
        {
            "at": one.made_at.isoformat(timespec="minutes"),
            "why": REASONS[one.reason],
            "what happened": one.words or None,
            "your appeal": one.appeal or None,
            "answer": one.answer or None,
        }
        for one in db.scalars(cases)
    ]
