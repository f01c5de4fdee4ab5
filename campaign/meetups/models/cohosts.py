"""Who offers to co-host an event that has its host already."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class CohostOffer(Base):
    """Somebody at the table would co-host; the row goes with the host's answer."""

    __tablename__ = "cohost_offer"
    card_id: Mapped[int] = mapped_column(
        ForeignKey("card.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    made_at: Mapped[dt.datetime]
