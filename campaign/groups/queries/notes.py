"""Notes of a group, as everybody reads them and as its convenors do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from campaign.groups.models import GroupNote, GroupNoteRevision

MOST_NOTES = 100


@dataclass(frozen=True)
class NoteLine:
    """A note with its newest version, as a list shows it."""

    note: GroupNote
    newest: GroupNoteRevision


def notes_of(
    db: Session, group_id: int, *, state: str = "published", most: int = MOST_NOTES
) -> list[NoteLine]:
    """The notes of a group that are published (or proposed), the newest first."""
    query = (
        select(GroupNote)
        .where(GroupNote.group_id == group_id, GroupNote.state == state)
        .options(selectinload(GroupNote.revisions))
        .order_by(GroupNote.published_at.desc(), GroupNote.made_at.desc(), GroupNote.id.desc())
        .limit(most)
    )
    return list(_lines(db.scalars(query)))


def note_by_public_id(db: Session, *, group_id: int, public_id: str) -> GroupNote | None:
    """A note of this group with its versions, whatever its state."""
    return db.scalar(
        select(GroupNote)
        .where(GroupNote.group_id == group_id, GroupNote.public_id == public_id)
        .options(selectinload(GroupNote.revisions))
    )


def _lines(notes: Iterable[GroupNote]) -> Iterable[NoteLine]:
    for note in notes:
        if note.revisions:
            yield NoteLine(note, note.revisions[-1])
