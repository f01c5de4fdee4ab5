"""Notes of a group: writing, proposing, checking, and a new version."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict
from campaign.groups.models import Group, GroupNote, GroupNoteRevision


def propose_note(
    db: Session, *, group: Group, title: str, text: str, source: str | None, author_id: int | None
) -> GroupNote | None:
    """Lay a note before the group's convenors; None where this source has proposed one before."""
    note = GroupNote(group_id=group.id, state="proposed", source=source, made_at=clock.now())
    try:
        with refusing(db, {"uq_group_note_group_id_source": _proposed_already}):
            db.add(note)
    except Conflict:
        return None
    _add_version(db, note, title=title, text=text, author_id=author_id)
    audit.append(db, "note proposed", subject=f"note:{note.id}", actor_id=author_id)
    return note


def write_note(
    db: Session, *, group: Group, title: str, text: str, author_id: int, checked: bool
) -> GroupNote:
    """Write a note: a convenor's stands at once (``checked``), an organiser's waits for one."""
    note = GroupNote(group_id=group.id, state="proposed", made_at=clock.now())
    db.add(note)
    db.flush()
    _add_version(db, note, title=title, text=text, author_id=author_id)
    audit.append(db, "note written", subject=f"note:{note.id}", actor_id=author_id)
    if checked:
        publish_note(db, note=note, actor_id=author_id)
    return note


def rewrite_note(
    db: Session, *, note: GroupNote, seen: int, title: str, text: str, author_id: int
) -> None:
    """A new version; the earlier ones stay. Conflict where there is a newer one than ``seen``."""
    last = lock_note(db, note)
    if last != seen:
        raise Conflict("Somebody else has changed this note. Open it once more, then change it.")
    _add_version(db, note, title=title, text=text, author_id=author_id)
    audit.append(db, "note changed", subject=f"note:{note.id}", actor_id=author_id)


def publish_note(db: Session, *, note: GroupNote, actor_id: int, seen: int | None = None) -> None:
    """Everybody may read it from its present version on; doing it again changes nothing.

    Conflict where it was changed since ``seen``: a convenor publishes what they have read.
    """
    last = lock_note(db, note)
    if note.state == "published":
        return
    if seen is not None and seen != last:
        raise Conflict("Somebody has changed this note since you read it. Read it once more.")
    note.state, note.shown_from, note.published_at = "published", last, clock.now()
    db.flush()
    audit.append(db, "note published", subject=f"note:{note.id}", actor_id=actor_id)


def decline_note(db: Session, *, note: GroupNote, actor_id: int) -> None:
    """Leave a proposed note out; Conflict where everybody reads it already."""
    lock_note(db, note)
    if note.state == "published":
        raise Conflict("Somebody has published it. Change it, if something in it is wrong.")
    note.state = "declined"
    db.flush()
    audit.append(db, "note declined", subject=f"note:{note.id}", actor_id=actor_id)


def lock_note(db: Session, note: GroupNote) -> int:
    """Hold the note until the transaction ends; answers the number of its newest version."""
    db.refresh(note, with_for_update=True)
    newest = select(func.max(GroupNoteRevision.number)).where(GroupNoteRevision.note_id == note.id)
    return db.scalar(newest) or 0


def _add_version(
    db: Session, note: GroupNote, *, title: str, text: str, author_id: int | None
) -> None:
    newest = select(func.max(GroupNoteRevision.number)).where(GroupNoteRevision.note_id == note.id)
    db.add(
        GroupNoteRevision(
            note_id=note.id,
            number=(db.scalar(newest) or 0) + 1,
            title=title,
            text=text,
            author_id=author_id,
            made_at=clock.now(),
        )
    )
    db.flush()


def _proposed_already() -> Conflict:
    return Conflict("There is a note of this already.")
