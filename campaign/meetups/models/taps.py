"""Which taps of a phone have arrived: a phone that heard no answer sends the same one again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class SentTap(Base):
    """A tap by the mark that the phone gave it. It goes with the person who tapped."""

    __tablename__ = "sent_tap"
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(String(36), primary_key=True)
    made_at: Mapped[dt.datetime]
