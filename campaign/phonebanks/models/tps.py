"""The file of the Telephone Preference Service, packed: the numbers that no screening clears."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base

IN_FORCE = text("state = 'in_force'")


class TpsFile(Base):
    """A file that was read: it comes in beside the one in force, and then takes its place at once.

    One that is *gone* is looked up no more and is swept away in portions.
    """

    __tablename__ = "tps_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="coming")
    begun_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('coming', 'in_force', 'gone')", name="state"),
        Index(
            "uq_tps_file_in_force",
            "state",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )


class TpsPart(Base):
    """The numbers whose keyed hashes begin alike: a row for each would take ten times the room."""

    __tablename__ = "tps_part"
    file_id: Mapped[int] = mapped_column(ForeignKey("tps_file.id"), primary_key=True)
    # The first digits of the hash, and the next ones of each number, one after the other.
    start: Mapped[str] = mapped_column(String(5), primary_key=True)
    keys: Mapped[str] = mapped_column(Text)

    __table_args__ = ({"sqlite_with_rowid": False},)
