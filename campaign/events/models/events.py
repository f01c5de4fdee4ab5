"""Events: anything with a date, and its shifts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.rules.openness import usual_for
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.groups.models import Group
from campaign.people.models import Person


def _usual_address_for(context: Any) -> str:
    return usual_for(context.get_current_parameters()["place_kind"]).value


class Event(Base):
    """Anything with a date. Instants are UTC; ``zone`` says whose wall clock was meant."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), default=tokens.public_id)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # What the host is called here, where they said so without an account: nobody learns the name
    # of an account by typing its address.
    host_name: Mapped[str | None] = mapped_column(String(120))
    # Since when nobody hosts it; until somebody takes over, ``host_id`` is who hosted it last.
    hostless_at: Mapped[datetime | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    # Where it is. A home's exact point and address stand here and leave by no public door:
    # shown_lat and shown_lng, shown_place are what everybody sees.
    place_kind: Mapped[str] = mapped_column(String(6))
    venue: Mapped[str] = mapped_column(String(160), default="")
    postcode: Mapped[str | None] = mapped_column(String(8))
    # Who learns the address: rules.openness. A home’s is for whom its host says yes to.
    address_for: Mapped[str] = mapped_column(String(10), default=_usual_address_for)
    online_link: Mapped[str | None] = mapped_column(String(500))
    shown_place: Mapped[str] = mapped_column(String(160))
    # The town it is in or near: all that is said of where a home is.
    area: Mapped[str | None] = mapped_column(String(120))
    shown_lat: Mapped[float | None]
    shown_lng: Mapped[float | None]
    capacity: Mapped[int | None]
    # How the line moves into places that become free: the words of ``rules.allocation.Policy``.
    line_policy: Mapped[str] = mapped_column(String(8), default="strict")
    # Accepted people with their guests, and places on offer; kept by the one operation that
    # changes sign-ups.
    taken: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="unlisted")
    made_at: Mapped[datetime]
    # When it was last changed, and when it left lists and maps for good after standing in them:
    # calendars that follow us hear of that for a while.
    changed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    # What helps people to get in and take part; None is that nobody has said.
    step_free: Mapped[bool | None]
    accessible_toilet: Mapped[bool | None]
    hearing_loop: Mapped[bool | None]
    bsl: Mapped[bool | None]
    quiet_space: Mapped[bool | None]
    childcare: Mapped[bool | None]
    travel_help: Mapped[bool | None]
    # Whom to ask about it, in the host’s words, for everybody to read.
    access_contact: Mapped[str | None] = mapped_column(String(120))
    # Counts the changes that people were told of: the SEQUENCE of its calendar entry.
    sequence: Mapped[int] = mapped_column(default=0)
    # Where people on the roster go when it starts, set by the room above that owns the screen.
    roster_path: Mapped[str | None] = mapped_column(String(200))
    roster_label: Mapped[str | None] = mapped_column(String(80))
    # When somebody looked at it and left it off the map: live by its link, and asked no more.
    kept_off_at: Mapped[datetime | None]
    # When its host was asked about it, and when it was taken down: seen by its team alone then.
    asked_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    # The form that announced it, so that the same form again makes no second event.
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    # The event as a GeoJSON feature, written whenever the event is, joined as text by the map.
    feature: Mapped[str | None] = mapped_column(Text)

    group: Mapped[Group] = relationship(lazy="raise")
    host: Mapped[Person] = relationship(lazy="raise")
    shifts: Mapped[list[Shift]] = relationship(
        back_populates="event", lazy="raise", order_by="Shift.starts_at, Shift.id"
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(
            "kind IN ('meeting', 'meetup', 'phonebank', 'canvass', 'stall', 'training', 'social',"
            " 'leafleting', 'rally', 'agm', 'other')",
            name="kind",
        ),
        CheckConstraint("place_kind IN ('venue', 'home', 'online')", name="place_kind"),
        CheckConstraint(
            "address_for IN ('everybody', 'area', 'signed_up', 'approved')", name="address_for"
        ),
        CheckConstraint("place_kind <> 'home' OR address_for = 'approved'", name="home_is_hidden"),
        CheckConstraint(
            "state IN ('draft', 'waiting', 'unlisted', 'listed', 'cancelled')", name="state"
        ),
        CheckConstraint("line_policy IN ('strict', 'best-fit')", name="line_policy"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR taken <= capacity", name="taken_within_capacity"),
        Index("uq_event_host_id_client_uuid", "host_id", "client_uuid", unique=True),
        # All that lists and maps choose and sort by, so that they read no rows they do not show.
        Index(
            "ix_event_found",
            *("state", "starts_at", "id", "ends_at", "kind", "group_id"),
            *("capacity", "taken", "needed", "shown_lat", "shown_lng", "step_free"),
        ),
        Index("ix_event_group_id_state_starts_at", "group_id", "state", "starts_at"),
        Index("ix_event_left_at", "left_at"),
        Index("ix_event_shown_lat_shown_lng", "shown_lat", "shown_lng"),
    )


class Shift(Base):
    """A dated slot of an event with its own capacity."""

    __tablename__ = "shift"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    needed: Mapped[int | None]
    # As what people come: "Caller", "Driver".
    role: Mapped[str] = mapped_column(String(40), default="")
    taken: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="shifts", lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("capacity IS NULL OR taken <= capacity", name="taken_within_capacity"),
    )
