"""How tables are marked: what somebody may need of one."""

from __future__ import annotations

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base
from campaign.meetups.rules.needs import NEEDS, Needs


class TableMark(Base):
    """A table of a hall that is marked, by the number that stands on it; of both kinds alike.

    It says what the table is, and of nobody who sits there.
    """

    __tablename__ = "table_mark"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetup.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    step_free: Mapped[bool] = mapped_column(default=False, server_default=false())
    bsl: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def marks(self) -> Needs:
        """What it is, by key."""
        return frozenset(need.key for need in NEEDS if getattr(self, need.key))
