"""What a group wrote down and agreed, and every version of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base


class GroupNote(Base):
    """A note of a meeting. Everybody reads it once a convenor has published it."""

    __tablename__ = "group_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    # What it came from, "meetup:12", so that one thing proposes one note; None: it was written.
    source: Mapped[str | None] = mapped_column(String(60))
    # The first version that everybody may read: what was changed before the check stays inside.
    shown_from: Mapped[int | None]
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    revisions: Mapped[list[GroupNoteRevision]] = relationship(
        lazy="raise", order_by="GroupNoteRevision.number"
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("group_id", "source"),
        CheckConstraint("state IN ('proposed', 'published', 'declined')", name="state"),
        CheckConstraint("state != 'published' OR shown_from IS NOT NULL", name="shown_from"),
        Index("ix_group_note_group_id_state", "group_id", "state", "published_at"),
    )


class GroupNoteRevision(Base):
    """One version of a note. Versions are added and never changed."""

    __tablename__ = "group_note_revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("group_note.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("note_id", "number"),
        Index("ix_group_note_revision_author_id", "author_id"),
    )
