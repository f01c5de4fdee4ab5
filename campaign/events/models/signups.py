"""Sign-ups, and the keys that open them without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models.events import Event, Shift
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person


class Rsvp(Base):
    """A person's sign-up to an event, with what they told us for it."""

    __tablename__ = "rsvp"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id", ondelete="SET NULL"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))
    postcode: Mapped[str | None] = mapped_column(String(8))
    guests: Mapped[int] = mapped_column(default=0)
    # The names of guests, one a line, for who runs the event and for nobody else.
    guest_names: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10))
    attendance: Mapped[str] = mapped_column(String(14), default="unknown")
    # Order of commit: written under the event's lock, so it is the order of the waiting list.
    place_in_line: Mapped[int]
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime]
    # When the address of a home was mailed, so that it is mailed once.
    address_sent_at: Mapped[datetime | None]
    # When they got their place, and when they were asked, once, whether they still come.
    accepted_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    # Until when a place is held for who is next in line; it stays where an offer ran out.
    offered_until: Mapped[datetime | None]
    # Where the sign-up comes from: the event's page, the door, a meetup's room, a file.
    source: Mapped[str] = mapped_column(String(8), default="page")

    event: Mapped[Event] = relationship(lazy="raise")
    shift: Mapped[Shift | None] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("event_id", "person_id"),
        UniqueConstraint("event_id", "client_uuid"),
        CheckConstraint("guests BETWEEN 0 AND 9", name="guests"),
        CheckConstraint(
            "status IN ('waiting', 'offered', 'accepted', 'confirmed', 'declined', 'cancelled')",
            name="status",
        ),
        CheckConstraint("attendance IN ('unknown', 'came', 'did_not_come')", name="attendance"),
        CheckConstraint("source IN ('page', 'door', 'meetup', 'import')", name="source"),
        Index("ix_rsvp_event_id_status", "event_id", "status", "place_in_line"),
        Index("ix_rsvp_person_id", "person_id"),
        Index(
            "ix_rsvp_offered_until",
            "offered_until",
            sqlite_where=text("status = 'offered'"),
            postgresql_where=text("status = 'offered'"),
        ),
    )


class RsvpKey(Base):
    """A mailed key to "change or cancel" a sign-up without an account; only its fingerprint.

    Each letter carries a key of its own, so that a newer letter does not spoil an older one.
    """

    __tablename__ = "rsvp_key"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
