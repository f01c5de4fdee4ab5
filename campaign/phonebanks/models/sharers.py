"""Who else has the telephone of a contact: one number is rung once, for all of them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base

WITHOUT_ID = text("external_id IS NULL")


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

    # A father and a son may have one name: then a list tells them apart by their ids.
    __table_args__ = (
        UniqueConstraint("contact_id", "first_name", "last_name", "external_id"),
        Index(
            "uq_sharer_without_id",
            "contact_id",
            "first_name",
            "last_name",
            unique=True,
            sqlite_where=WITHOUT_ID,
            postgresql_where=WITHOUT_ID,
        ),
    )
