"""Reports, what was said and done about them, and who must not see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base


class Report(Base):
    """What somebody told us. Who told it is not kept: their return code opens it, hashed."""

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    code: Mapped[str | None] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(10))
    # The public id or address of the thing; its owner's room is above this one.
    subject_id: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="received")
    upheld: Mapped[bool | None]
    # What who reported reads once it is decided.
    answer: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    entries: Mapped[list[ReportEntry]] = relationship(
        lazy="raise", order_by="ReportEntry.at, ReportEntry.id", viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("code"),
        CheckConstraint(
            "category IN ('spam', 'misleading', 'unsafe', 'data misuse', 'impostor',"
            " 'harassment', 'sexual harassment', 'discrimination')",
            name="category",
        ),
        CheckConstraint(
            "state IN ('received', 'assessing', 'interim', 'decided', 'appeal', 'closed')",
            name="state",
        ),
        CheckConstraint("state <> 'decided' OR upheld IS NOT NULL", name="decided_either_way"),
        Index("ix_report_subject", "subject_kind", "subject_id"),
        Index("ix_report_state_made_at", "state", "made_at"),
    )


class ReportEntry(Base):
    """One thing that was said or done about a report, never changed."""

    __tablename__ = "report_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    # Nobody for who reported.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(
            "kind IN ('added', 'note', 'taken', 'interim', 'decided', 'appeal', 'closed')",
            name="kind",
        ),
    )


class ReportExclusion(Base):
    """Somebody who never sees this report: it is about them, their group's, or they were named."""

    __tablename__ = "report_exclusion"
    report_id: Mapped[int] = mapped_column(
        ForeignKey("report.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
