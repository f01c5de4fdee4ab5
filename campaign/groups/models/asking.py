"""Who asked to join a group that looks at whoever comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation.database import Base
from campaign.people.models import Person


class JoinRequest(Base):
    """Somebody's own wish to join; a convenor's yes makes it a membership from that day on."""

    __tablename__ = "join_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        Index("ix_join_request_person_id", "person_id"),
    )
