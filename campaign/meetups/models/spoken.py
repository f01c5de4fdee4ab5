"""What the organiser of a meetup wants said, in their own words."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class SpokenWords(Base):
    """What is said in one part of a meetup, where it is not the usual."""

    __tablename__ = "spoken_words"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetup.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    phase: Mapped[str] = mapped_column(String(12), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
