"""What a lead took back: everything that a caller did since a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person

GOING = text("finished_at IS NULL")


class Reversal(Base):
    """One action of a lead, and how far it is; the calls that it takes out name it."""

    __tablename__ = "reversal"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    # Where it was begun; the others that it reaches as well.
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    also: Mapped[list[int]] = mapped_column(JSON, default=list)
    caller_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    calls: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]

    caller: Mapped[Person] = relationship(foreign_keys=[caller_id], lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        Index("ix_reversal_phonebank_id", "phonebank_id"),
        Index("ix_reversal_caller_id", "caller_id"),
        Index("ix_reversal_going", "id", sqlite_where=GOING, postgresql_where=GOING),
    )
