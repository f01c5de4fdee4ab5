"""The incident log of a hall, open calls for help, and who was sent out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.base import ExecutableOption

from campaign.conduct.queries.kept_out import hashes_of, mark_kept_out
from campaign.events.models import Event
from campaign.foundation import clock
from campaign.meetups.models import Batch, Incident, Meetup, Participant, SentOut, SentOutMark
from campaign.meetups.rules.incidents import HELP, label_of
from campaign.people.models import Person

HEADINGS = ("Number", "At", "What", "Where", "What was done", "Noted by", "Who went", "When")


@dataclass(frozen=True)
class Line:
    """A line of the log, with the names of who noted it and who went."""

    incident: Incident
    by: str | None
    taken_by: str | None

    @property
    def label(self) -> str:
        """What kind of thing it was."""
        return label_of(self.incident.category)

    def said_at(self, zone: str) -> str:
        """The hour on the hall's clock."""
        return f"{self.incident.at.astimezone(ZoneInfo(zone)):%H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for help and nobody is on the way."""
        return self.incident.category == HELP and self.incident.taken_at is None


def log_of(db: Session, batch_id: int, *, made_by: int | None = None) -> list[Line]:
    """The log in the order of its lines; of one person alone where ``made_by`` says whose."""
    went = aliased(Person)
    query = (
        select(Incident, Person.name, went.name)
        .outerjoin(Person, Person.id == Incident.made_by)
        .outerjoin(went, went.id == Incident.taken_by)
        .where(Incident.batch_id == batch_id)
        .order_by(Incident.id)
    )
    if made_by is not None:
        query = query.where(Incident.made_by == made_by)
    return [Line(*row) for row in db.execute(query)]


def calls_for_help(db: Session, batch_id: int) -> list[Line]:
    """Who waits for help and for whom nobody has gone, the oldest first."""
    query = (
        select(Incident, Person.name)
        .outerjoin(Person, Person.id == Incident.made_by)
        .where(Incident.batch_id == batch_id, Incident.category == HELP)
        .where(Incident.taken_at.is_(None))
        .order_by(Incident.id)
    )
    return [Line(incident, name, None) for incident, name in db.execute(query)]


def incident_by_public_id(db: Session, *, batch_id: int, public_id: str) -> Incident | None:
    """A line of this hall's log."""
    return db.scalar(
        select(Incident).where(Incident.batch_id == batch_id, Incident.public_id == public_id)
    )


def rows_of(lines: Sequence[Line]) -> list[list[str]]:
    """The log as a table, each line with its place in it."""
    return [
        [
            str(place),
            line.incident.at.isoformat(timespec="seconds"),
            line.label,
            line.incident.place,
            line.incident.action,
            line.by or "",
            line.taken_by or "",
            line.incident.taken_at.isoformat(timespec="seconds") if line.incident.taken_at else "",
        ]
        for place, line in enumerate(lines, 1)
    ]


def seal_of(rows: Sequence[Sequence[str]]) -> str:
    """SHA-256 (hex) of the table as JSON with no spaces: the audit log keeps it with the download,
    so that whoever holds the file can show that no line of it was changed since."""
    written = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def is_shut_out(
    db: Session, *, batch_id: int, email: str | None, phone: str | None, name: str
) -> bool:
    """Whether whoever has these was sent out of this room, or is kept out of everything."""
    hashes = hashes_of(db, email=email, phone=phone, name=name)
    if not hashes:
        return False
    sent_out = exists(
        select(SentOut.id)
        .join(SentOutMark, SentOutMark.sent_out_id == SentOut.id)
        .where(SentOutMark.hashed.in_(hashes), SentOut.lifted_at.is_(None))
        .where(SentOut.batch_id == batch_id)
    )
    return bool(db.scalar(select(or_(sent_out, mark_kept_out(hashes, clock.now())))))


def marks_of_case(db: Session, sent_out_id: int) -> list[str]:
    """The keyed hashes by which somebody who was sent out is known again."""
    query = select(SentOutMark.hashed).where(SentOutMark.sent_out_id == sent_out_id)
    return list(db.scalars(query.order_by(SentOutMark.hashed)))


def address_of(db: Session, held: SentOut) -> str | None:
    """Where somebody who was sent out can be written to, while their room is still known."""
    query = select(Participant.email).where(
        Participant.batch_id == held.batch_id, Participant.number == held.number
    )
    return db.scalar(query)


def known_in_rooms(db: Session, hashes: Sequence[str]) -> list[tuple[Participant, str]]:
    """Who came to a room that we still know of and is known by one of these hashes; its phase."""
    query = (
        select(Participant, Batch.phase)
        .join(Batch, Batch.id == Participant.batch_id)
        .where(or_(Participant.email.is_not(None), Participant.phone.is_not(None)))
        .order_by(Participant.batch_id, Participant.id)
    )
    return [
        (one, phase)
        for one, phase in db.execute(query)
        if not set(hashes).isdisjoint(
            hashes_of(db, email=one.email, phone=one.phone, name=one.name)
        )
    ]


def sent_out_of(db: Session, batch_id: int) -> list[SentOut]:
    """Who was sent out of a room, by number."""
    query = select(SentOut).where(SentOut.batch_id == batch_id)
    return list(db.scalars(query.order_by(SentOut.number, SentOut.id)))


def is_out(db: Session, *, batch_id: int, number: int) -> bool:
    """Whether a number of this room was sent out, and may not come in again."""
    query = select(SentOut.id).where(SentOut.batch_id == batch_id, SentOut.number == number)
    return db.scalar(query.where(SentOut.lifted_at.is_(None)).limit(1)) is not None


def sent_out_by_public_id(db: Session, public_id: str) -> SentOut | None:
    """Somebody who was sent out."""
    query = select(SentOut).where(SentOut.public_id == public_id)
    return db.scalar(query.options(_with_event()))


def sent_out_by_phone(db: Session, *, batch_id: int, fingerprint: str) -> SentOut | None:
    """Who was sent out of this room with this phone in their hand."""
    query = select(SentOut).where(SentOut.batch_id == batch_id, SentOut.fingerprint == fingerprint)
    return db.scalar(query.order_by(SentOut.id.desc()).limit(1))


def all_sent_out(db: Session, *, most: int = 200) -> list[SentOut]:
    """Everybody who was sent out and is not let in again; who appealed comes first."""
    query = (
        select(SentOut)
        .where(SentOut.lifted_at.is_(None))
        .options(_with_event())
        .order_by(SentOut.appealed_at.is_(None), SentOut.made_at, SentOut.id)
        .limit(most)
    )
    return list(db.scalars(query))


def _with_event() -> ExecutableOption:
    batch = joinedload(SentOut.batch, innerjoin=True)
    return batch.joinedload(Batch.meetup, innerjoin=True).joinedload(Meetup.event, innerjoin=True)


def event_of(held: SentOut) -> Event:
    """The meetup they were sent out of."""
    return held.batch.meetup.event
