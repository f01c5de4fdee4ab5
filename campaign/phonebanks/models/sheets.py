"""What the calls of a large phonebank came to when they were last counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class FigureSheet(Base):
    """The sums of a phonebank's calls (rules.funnel.Sums) at a moment: numbers, and nobody.

    Taken away where calls in it are taken back, so that no sheet tells of them.
    """

    __tablename__ = "figure_sheet"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    made_at: Mapped[datetime]
    sums: Mapped[dict[str, Any]] = mapped_column(JSON)
