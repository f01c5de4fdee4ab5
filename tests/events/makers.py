"""Small makers for events: an event through the front of the room, and people who sign up."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaign.events import operations
from campaign.events.models import Event
from campaign.events.operations import SignUp
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.people.models import Person
from tests.cast import Cast

VENUE = PlaceChoice(PlaceKind.VENUE, "Brighthelm Centre", "BN1 1YD", 50.82633, -0.14082, "Brighton")
HOME = PlaceChoice(PlaceKind.HOME, "12 Elm Grove", "BN2 3DA", 50.83051, -0.12311, "Brighton")
ONLINE = PlaceChoice(PlaceKind.ONLINE, online_link="https://meet.example/fair-rents")


def soon(hours: float = 72) -> datetime:
    """So many hours from now, on the minute."""
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


def announced(db: Session, cast: Cast, *, host: Person | None = None, **given: Any) -> Event:
    """An event of the group in Brighton, by its convenor unless somebody else is named."""
    starts_at = given.pop("starts_at", soon())
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
