"""Writing an event’s columns: its place, what is known of access, how many fit."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.events.models import Event
from campaign.events.rules.accessibility import KEYS
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation.errors import Refused

MOST_PLACES = 5000


def put(event: Event, place: PlaceChoice) -> None:
    """Where it is, and what of it everybody sees."""
    event.place_kind = place.kind.value
    event.venue = place.venue[:160]
    event.postcode = place.postcode
    event.address_for = place.told_to.value
    event.online_link = place.online_link
    event.shown_place = place.shown_place
    event.area = place.town[:120] or None
    point = place.shown_point
    event.shown_lat, event.shown_lng = point if point else (None, None)


def note_access(
    event: Event, access: Mapping[str, bool | None] | None, *, contact: str | None = None
) -> None:
    """What was said of its accessibility, and whom to ask; what was not said stays as it was."""
    if contact is not None:
        event.access_contact = contact or None
    for key in KEYS:
        if access is not None and key in access:
            setattr(event, key, access[key])


def place_of(event: Event) -> PlaceChoice:
    """The place again, as far as the text’s check needs it."""
    return PlaceChoice(
        kind=PlaceKind(event.place_kind),
        venue=event.venue,
        postcode=event.postcode,
        address_for=event.address_for,
    )


def check_capacity(capacity: int | None, needed: int | None) -> None:
    """Refuse what no room holds."""
    if capacity is not None and not 1 <= capacity <= MOST_PLACES:
        raise Refused(f"Give a number of places from 1 to {MOST_PLACES:,}.", field="capacity")
    if needed is not None and not 0 <= needed <= MOST_PLACES:
        raise Refused(f"Give a number of people from 0 to {MOST_PLACES:,}.", field="needed")
