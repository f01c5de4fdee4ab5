"""Tables that want somebody to come over."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class HelpWanted(Base):
    """A table has called for a helper; the row goes when somebody is on the way."""

    __tablename__ = "help_wanted"
    breakout_id: Mapped[int] = mapped_column(
        ForeignKey("breakout.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[dt.datetime]
