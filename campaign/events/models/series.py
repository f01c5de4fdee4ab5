"""Events that repeat: the rule, and which event is which of its days."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models.events import Event
from campaign.foundation.database import Base


class Series(Base):
    """A rule and what each of its events begins as. The time is that of the place's own clock."""

    __tablename__ = "series"
    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(200))
    # The days the rule leaves out, one a line.
    gaps: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    # The columns of an event that all of them share, and its shifts. Nobody's name is among them.
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class Occurrence(Base):
    """The event of one day of a series; ``own`` once it was changed by itself."""

    __tablename__ = "occurrence"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True
    )
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    day: Mapped[date]
    own: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship(lazy="raise")
    series: Mapped[Series] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("series_id", "day", name="uq_occurrence_series_id_day"),)
