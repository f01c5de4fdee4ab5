"""Who comes: the roster of an event, and the line that waits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import LIVE, SEATED


@dataclass(frozen=True)
class Roster:
    """The sign-ups of an event by what they are now; each in the order they came."""

    seated: list[Rsvp]
    waiting: list[Rsvp]
    gone: list[Rsvp]

    @property
    def here(self) -> int:
        """How many people are here, guests counted."""
        return sum(1 + rsvp.guests for rsvp in self.seated if rsvp.attendance == "came")

    @property
    def signed_up(self) -> int:
        """How many people have a place, guests counted."""
        return sum(1 + rsvp.guests for rsvp in self.seated)

    @property
    def confirmed(self) -> int:
        """How many sign-ups have said again that they come."""
        return sum(rsvp.status == "confirmed" for rsvp in self.seated)

    @property
    def unanswered(self) -> int:
        """How many sign-ups were asked whether they come and have not said."""
        return sum(rsvp.status != "confirmed" and bool(rsvp.reminded_at) for rsvp in self.seated)


def roster_of(db: Session, event: Event) -> Roster:
    """Everybody who signed up, with their persons and shifts."""
    query = (
        select(Rsvp)
        .where(Rsvp.event_id == event.id)
        .options(joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.place_in_line, Rsvp.id)
    )
    everybody = list(db.scalars(query))
    return Roster(
        seated=[rsvp for rsvp in everybody if rsvp.status in SEATED],
        waiting=[rsvp for rsvp in everybody if rsvp.status in ("waiting", "offered")],
        gone=[rsvp for rsvp in everybody if rsvp.status in ("cancelled", "declined")],
    )


def last_in_line(db: Session, event_id: int) -> int:
    """The last number that was given out at the event."""
    return db.scalar(select(func.max(Rsvp.place_in_line)).where(Rsvp.event_id == event_id)) or 0


def sign_ups_by_shift(db: Session, *, event_id: int) -> dict[int, int]:
    """How many sign-ups each shift has, waiting ones too; guests are not counted."""
    query = (
        select(Rsvp.shift_id, func.count())
        .where(Rsvp.event_id == event_id, Rsvp.shift_id.is_not(None), Rsvp.status.in_(LIVE))
        .group_by(Rsvp.shift_id)
        .order_by(Rsvp.shift_id)
    )
    return {shift_id: count for shift_id, count in db.execute(query) if shift_id is not None}
