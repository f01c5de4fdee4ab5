"""Who is kept out of everything until a day, and by what they are known again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class KeptOut(Base):
    """A moderator's word about somebody. Lifted, its row is gone, and so are its marks."""

    __tablename__ = "kept_out"
    id: Mapped[int] = mapped_column(primary_key=True)
    # The public id of what it came of; the room above knows what that is.
    case_id: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12))
    until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (UniqueConstraint("case_id"), Index("ix_kept_out_until", "until"))


class KeptOutMark(Base):
    """The keyed hash of an address or a number of theirs: all that stays when they are erased."""

    __tablename__ = "kept_out_mark"
    kept_out_id: Mapped[int] = mapped_column(
        ForeignKey("kept_out.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)

    __table_args__ = (Index("ix_kept_out_mark_hashed", "hashed"),)


class KeptOutPerson(Base):
    """An account that has these marks: what is asked at every step needs no hash for it."""

    __tablename__ = "kept_out_person"
    kept_out_id: Mapped[int] = mapped_column(
        ForeignKey("kept_out.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
