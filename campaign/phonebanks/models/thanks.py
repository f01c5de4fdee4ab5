"""Who wants their name on the list of who talked with many, and who wants no such list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class ShownCaller(Base):
    """A caller's own wish. Without a row they stand on no list, and may look at one."""

    __tablename__ = "shown_caller"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    shows_name: Mapped[bool] = mapped_column(default=False)
    sees_list: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]
