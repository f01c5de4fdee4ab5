"""What a phonebank asks people to come to, so that who signed up by themselves is not rung."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class Goal(Base):
    """One event, one series, or any event of a kind that the phonebank's group holds."""

    __tablename__ = "goal"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        CheckConstraint(
            "(event_id IS NOT NULL AND series_id IS NULL AND kind IS NULL)"
            " OR (event_id IS NULL AND series_id IS NOT NULL AND kind IS NULL)"
            " OR (event_id IS NULL AND series_id IS NULL AND kind IS NOT NULL)",
            name="one_of_three",
        ),
    )
