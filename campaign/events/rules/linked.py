"""An event for machines that read pages: schema.org/Event as JSON-LD, only what everybody sees."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.rules.needs import places_left
from campaign.events.rules.openness import is_exact

SCHEMA = "https://schema.org"
KINDS = {"social": "SocialEvent"}


def linked_of(event: Any, *, group: Any, base_url: str) -> str:
    """The event as JSON-LD text, harmless inside a page: nothing in it can end its element."""
    zone = ZoneInfo(event.zone)
    online = event.place_kind == "online"
    off = event.state == "cancelled"
    url = f"{base_url}/events/{event.public_id}"
    told: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": KINDS.get(event.kind, "Event"),
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.about or event.title,
        "startDate": event.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        "endDate": event.ends_at.astimezone(zone).isoformat(timespec="minutes"),
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if off else 'EventScheduled'}",
        "eventAttendanceMode": f"{SCHEMA}/{'Online' if online else 'Offline'}EventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url} if online else _place(event),
        "organizer": {
            "@type": "Organization",
            "name": group.name,
            "url": f"{base_url}/groups/{group.slug}",
        },
        "isAccessibleForFree": True,
        "inLanguage": "en-GB",
    }
    if event.capacity is not None:
        told["maximumAttendeeCapacity"] = event.capacity
        told["remainingAttendeeCapacity"] = 0 if off else places_left(event)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _place(event: Any) -> dict[str, Any]:
    """The place as everybody reads it; the very point and the street only of a public one."""
    exact = is_exact(event)
    address = {"@type": "PostalAddress", "addressCountry": "GB"}
    if exact:
        address["streetAddress"] = event.venue
        if event.postcode:
            address["postalCode"] = event.postcode
    else:
        address["addressLocality"] = event.area or event.shown_place
    place: dict[str, Any] = {"@type": "Place", "name": event.shown_place, "address": address}
    if exact and event.shown_lat is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(event.shown_lat, 5),
            "longitude": round(event.shown_lng, 5),
        }
    return place
