"""Who else has the telephone of a contact: one number is rung once, for all of them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base


class Sharer(Base):
    """A person of a list beside the one whose contact has their number."""

    __tablename__ = "sharer"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    email: Mapped[str | None] = mapped_column(String(320))
    external_id: Mapped[str | None] = mapped_column(String(80))
    # As of a contact: nobody asks for who did not agree and was not screened.
    consent: Mapped[bool] = mapped_column(default=False, server_default=false())
    screened: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (UniqueConstraint("contact_id", "first_name", "last_name"),)
