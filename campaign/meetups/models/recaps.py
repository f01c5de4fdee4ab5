"""What a meetup came to, in numbers that stay when who was there is forgotten."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class Recap(Base):
    """The sums of an evening, kept when it closes. Names nobody."""

    __tablename__ = "recap"
    batch_id: Mapped[int] = mapped_column(
        ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # When the room was closed for the first time; what follows the evening counts from here.
    closed_at: Mapped[dt.datetime]
    people: Mapped[int]
    # None where the evening does not ask.
    first_timers: Mapped[int | None]
    hosts: Mapped[int]
    cohosted: Mapped[int]
    committed: Mapped[int]
    seats: Mapped[int]
    changed_at: Mapped[dt.datetime]
