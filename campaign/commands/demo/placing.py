"""Where and when the demo's own events are: a venue beside its group's postcode, a day from now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.groups.models import Group

ZONE = ZoneInfo("Europe/London")


def venue_of(group: Group, venue: str, *, town: str) -> PlaceChoice:
    """A venue at the point of its group; the groups of the demo have a postcode for a place."""
    return PlaceChoice(
        PlaceKind.VENUE,
        venue=venue,
        postcode=group.place,
        lat=group.lat,
        lng=group.lng,
        town=town,
    )


def in_days(days: int, hour: int, minute: int = 0) -> datetime:
    """An hour of London's clock so many days from today; negative days have gone by."""
    day = clock.now().astimezone(ZONE).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), ZONE)
