"""Hosts are asked the day after whether it is on, and once it is over whether it took place."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Event
from campaign.foundation.database import Base
from campaign.people.models import Person


class HostAsked(Base):
    """A host was asked about what they promised: written in the letter's own transaction.

    ``question`` is "on" the day after and "held" once it is over. The constraint is what makes it
    one letter, whoever else is at work. The key opens their answer alone.
    """

    __tablename__ = "host_asked"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(4))
    fingerprint: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[dt.datetime]
    answer: Mapped[str | None] = mapped_column(String(4))
    answered_at: Mapped[dt.datetime | None]

    event: Mapped[Event] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "question"),
        UniqueConstraint("fingerprint"),
        CheckConstraint("question IN ('on', 'held')", name="question"),
        CheckConstraint("answer IN ('yes', 'help', 'no')", name="answer"),
        Index("ix_host_asked_person_id", "person_id"),
    )
