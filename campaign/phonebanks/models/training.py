"""What newcomers did before their first call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class TrainingAttempt(Base):
    """Somebody's way through a version of the training, of which each has one."""

    __tablename__ = "training_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    version: Mapped[int]
    started_at: Mapped[datetime]
    # Practice calls that were noted rightly; ``slip`` is what was noted wrongly since.
    calls: Mapped[int] = mapped_column(default=0)
    slip: Mapped[str | None] = mapped_column(String(20))
    # How often the quiz was sent.
    tries: Mapped[int] = mapped_column(default=0)
    passed_at: Mapped[datetime | None]
    # Where they go on to call.
    bound_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("phonebank.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (
        UniqueConstraint("person_id", "version"),
        CheckConstraint("calls >= 0 AND tries >= 0", name="counts"),
    )
