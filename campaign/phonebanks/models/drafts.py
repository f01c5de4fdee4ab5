"""What a caller has noted of a call so far: kept until the report comes, a day at most."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class CallDraft(Base):
    """One for each call: what stands in its form, by the names of the form's fields."""

    __tablename__ = "call_draft"
    call_id: Mapped[int] = mapped_column(
        ForeignKey("call.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    said: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
