"""Bringing people of a file in: read and count first; then all or none, and each hears of it.

Nobody can enrol somebody else: whoever is brought in gets a letter that says by whom, with a
"no thanks" that deletes it. Who cancelled, or was told no, is never brought back by a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import those_kept_out
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, RsvpFile, Shift
from campaign.events.operations.signing_up import lock, promote, sign_up
from campaign.events.operations.telling import facts_for_letter, write_key
from campaign.events.rules.bringing import (
    COUNTS,
    HELD,
    MOST_ROWS,
    Brought,
    RowRefused,
    columns_of,
    read_row,
)
from campaign.events.rules.features import shift_time
from campaign.events.rules.signups import LIVE, Source
from campaign.foundation import audit, clock
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.outbox import post
from campaign.foundation.spreadsheets import read_table
from campaign.people.models import Person


@dataclass
class Reading:
    """The rows that can come in, the sign-ups they would complete, and all that stays out."""

    new: list[Brought] = field(default_factory=list)
    known: list[tuple[Brought, Rsvp]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    rejects: list[list[Any]] = field(default_factory=list)

    def put_aside(self, row: int, count: str, why: str, column: str = "") -> None:
        """Count a row that stays out, with its reason."""
        self.counts[count] += 1
        self.rejects.append([row, column, why])


def read_file(db: Session, data: bytes, *, event: Event, allow_unassigned: bool) -> Reading:
    """Judge every row against who is signed up now; the six counts add up to the rows.

    FileRefused where it is no table; Refused without the columns that it needs, and over 500
    rows.
    """
    table = read_table(data)
    columns = columns_of(table.headings)
    reading, seen = Reading(), dict[str, Brought]()
    shifts = _shifts(db, event)
    for row in table.rows:
        if row.number > MOST_ROWS + 1:
            raise Refused(f"Bring at most {MOST_ROWS:,} people in one file.", field="file")
        try:
            if row.trouble:
                raise RowRefused(row.trouble, "")
            one = read_row(row.cells, columns, row=row.number, allow_unassigned=allow_unassigned)
            if one.shift and one.shift not in shifts:
                raise RowRefused("The event has no such shift.", "Shift")
        except RowRefused as refusal:
            reading.put_aside(row.number, "refused", refusal.message, refusal.column)
            continue
        if one.email in seen:
            reading.put_aside(row.number, "duplicate", "This person stands in the file twice.")
            continue
        seen[one.email] = one
    _judge(db, event, reading, seen)
    return reading


def _shifts(db: Session, event: Event) -> dict[str, str]:
    """What a file may call the shifts: their start as our own table writes it, or their hours."""
    found: dict[str, str] = {}
    query = select(Shift).where(Shift.event_id == event.id).order_by(Shift.starts_at, Shift.id)
    for shift in db.scalars(query):
        found[shift.starts_at.isoformat(timespec="minutes")] = shift.public_id
        found[shift_time(event, shift)] = shift.public_id
    return found


def _judge(db: Session, event: Event, reading: Reading, seen: dict[str, Brought]) -> None:
    known: dict[str, Rsvp] = {}
    wanted = list(seen)
    for start in range(0, len(wanted), 500):
        query = (
            select(Person.email, Rsvp)
            .join(Rsvp, Rsvp.person_id == Person.id)
            .where(Rsvp.event_id == event.id, Person.email.in_(wanted[start : start + 500]))
        )
        known |= {str(email): rsvp for email, rsvp in db.execute(query)}
    marked = {email: (email, one.phone, one.name) for email, one in seen.items()}
    kept = those_kept_out(db, marked)
    for email, one in seen.items():
        if email in kept:
            reading.put_aside(one.row, "held", HELD)
            continue
        rsvp = known.get(email)
        if rsvp is None:
            reading.counts["fixed" if one.fixed else "new"] += 1
            reading.new.append(one)
        elif rsvp.status not in LIVE:
            reading.put_aside(one.row, "held", HELD)
        elif (one.phone and not rsvp.phone) or (one.postcode and not rsvp.postcode):
            reading.counts["updated"] += 1
            reading.known.append((one, rsvp))
        else:
            reading.put_aside(one.row, "duplicate", "This person is signed up already.")


def preview(
    db: Session,
    data: bytes,
    *,
    event: Event,
    file_name: str,
    actor_id: int,
    allow_unassigned: bool = False,
) -> RsvpFile:
    """Read a file and count what would happen; nobody is brought in yet."""
    reading = read_file(db, data, event=event, allow_unassigned=allow_unassigned)
    made = RsvpFile(
        event_id=event.id,
        file_name=file_name[:200],
        counts=reading.counts,
        rejects=reading.rejects,
        data=data,
        made_at=clock.now(),
        made_by=actor_id,
    )
    db.add(made)
    db.flush()
    _note(db, made, "sign-ups read from a file", actor_id)
    return made


def bring_in(
    db: Session,
    *,
    file: RsvpFile,
    event: Event,
    by: str,
    actor_id: int,
    mail: Mail,
    allow_unassigned: bool = False,
) -> RsvpFile:
    """Sign the people of a read file up, while there is room and then in line; all or none.

    The counts are those of this moment. Refuses a file that was brought in or thrown away.
    """
    data = _take(db, file)
    event = lock(db, event.id)
    promote(db, event=event, mail=mail)  # who waits already goes first, and hears of it
    reading = read_file(db, data, event=event, allow_unassigned=allow_unassigned)
    shifts = _shifts(db, event)
    for one in reading.new:
        made = sign_up(
            db,
            event=event,
            name=one.name,
            email=one.email,
            phone=one.phone,
            postcode=one.postcode,
            guests=one.guests,
            guest_names=one.guest_names,
            shift=shifts.get(one.shift),
            source=Source.IMPORT,
        )
        _tell(db, mail, event=event, rsvp=made.rsvp, to=one.email, by=by)
    for one, rsvp in reading.known:
        rsvp.phone, rsvp.postcode = rsvp.phone or one.phone, rsvp.postcode or one.postcode
    file.counts, file.rejects = reading.counts, reading.rejects
    _note(db, file, "sign-ups brought in from a file", actor_id)
    return file


def drop_file(db: Session, *, file: RsvpFile, actor_id: int) -> None:
    """Throw a read file away; nothing of it is kept but that it was here."""
    _take(db, file, state="dropped")
    file.rejects = []
    _note(db, file, "file of sign-ups thrown away", actor_id)


def _take(db: Session, file: RsvpFile, *, state: str = "imported") -> bytes:
    """What the file holds, for whoever is first; a second tap finds it taken."""
    data = db.scalar(select(RsvpFile.data).where(RsvpFile.id == file.id))
    taken = db.execute(
        update(RsvpFile)
        .where(RsvpFile.id == file.id, RsvpFile.state == "previewed")
        .values(state=state, done_at=clock.now(), data=None)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This file was brought in or thrown away already.")
    db.refresh(file)
    return data or b""


def _tell(db: Session, mail: Mail, *, event: Event, rsvp: Rsvp, to: str, by: str) -> None:
    letter = messages.brought(
        mail,
        to=to,
        event=facts_for_letter(event, now=clock.now(), rsvp=rsvp, shift=rsvp.shift),
        status=rsvp.status,
        by=by,
        key=write_key(db, rsvp),
    )
    post(db, letter, key=f"rsvp-brought:{rsvp.public_id}:{rsvp.place_in_line}")


def forget_old_files(db: Session, *, made_before: datetime) -> int:
    """Throw away files that nobody decided on."""
    done = db.execute(
        update(RsvpFile)
        .where(RsvpFile.state == "previewed", RsvpFile.made_at < made_before)
        .values(state="dropped", done_at=clock.now(), data=None, rejects=[])
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _note(db: Session, file: RsvpFile, action: str, actor_id: int) -> None:
    db.flush()
    subject = f"event:{file.event_id}"
    audit.append(db, action, subject=subject, actor_id=actor_id, details=[f"file:{file.id}"])
