"""Small makers for events: an event through the front of the room, and people who sign up."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations
from campaign.events.models import Event, Shift
from campaign.events.operations import SignUp
from campaign.events.rules.shifts import slots_between
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.people.models import Person
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
VENUE = PlaceChoice(PlaceKind.VENUE, "Brighthelm Centre", "BN1 1YD", 50.82633, -0.14082, "Brighton")
HOME = PlaceChoice(PlaceKind.HOME, "12 Elm Grove", "BN2 3DA", 50.83051, -0.12311, "Brighton")
ONLINE = PlaceChoice(PlaceKind.ONLINE, online_link="https://meet.example/fair-rents")


def soon(hours: float = 72) -> datetime:
    """So many hours from now, on the minute."""
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


def announced(db: Session, cast: Cast, *, host: Person | None = None, **given: Any) -> Event:
    """An event of the group in Brighton, by its convenor unless somebody else is named."""
    # Some hours before the cast's own event, at whatever hour this runs.
    starts_at = given.pop("starts_at", soon(60))
    values: dict[str, Any] = {
        "group": cast.group,
        "host": host or cast.organiser,
        "kind": "phonebank",
        "title": "Ring round Hove",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": VENUE,
        "capacity": 12,
    }
    return operations.announce(db, **values | given)


def signed_up(db: Session, event: Event, name: str = "Ada Warren", **given: Any) -> SignUp:
    """Somebody signs up."""
    values: dict[str, Any] = {"email": f"{name.split(maxsplit=1)[0].lower()}@people.example"}
    return operations.sign_up(db, event=event, name=name, **values | given)


def kept(event: Event, cast: Cast, **given: Any) -> dict[str, Any]:
    """An edit that changes nothing but what is given."""
    return {
        "event": event,
        "actor_id": cast.organiser.id,
        "title": event.title,
        "about": event.about,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "capacity": event.capacity,
        **given,
    }


def evening_in(days: int) -> datetime:
    """In so many days at 18:00, so that three hours end on the same day."""
    ahead = clock.now().astimezone(LONDON) + timedelta(days=days)
    return ahead.replace(hour=18, minute=0, second=0, microsecond=0)


def three_shifts(db: Any, cast: Cast, **given: Any) -> tuple[Event, list[Shift]]:
    """An evening of three hours in three shifts of two places, each needing two."""
    starts_at = evening_in(days=10)
    event = announced(db, cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    slots = slots_between(
        event.starts_at,
        event.ends_at,
        minutes=60,
        **{"capacity": 2, "needed": 2, "role": "Caller", **given},
    )
    return event, operations.add_shifts(db, event=event, slots=slots)


def event_shifts(db: Any, event: Event) -> list[Shift]:
    query = select(Shift).where(Shift.event_id == event.id)
    return list(db.scalars(query.order_by(Shift.starts_at)))
