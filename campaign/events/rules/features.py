"""An event as everybody may see it: the card of a list, the feature of the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.rules.kinds import facts_of
from campaign.events.rules.needs import NEEDS_HOST, Need, need_of, places_left
from campaign.events.rules.openness import is_exact
from campaign.foundation.words import human_day, human_time, human_when


@dataclass(frozen=True)
class Card:
    """What the event card shows, everywhere the same."""

    public_id: str
    url: str
    kind_label: str
    kind_icon: str
    title: str
    when: str
    where: str
    group_name: str
    group_url: str
    need: Need | None
    taken: int
    capacity: int | None
    full: bool
    signup_url: str | None
    signup_label: str | None = None
    # Signing up means choosing one: that is done on the event's own page.
    has_shifts: bool = False
    distance: str | None = None


def distance_words(km: float | None) -> str | None:
    """ "0.6 km", "12 km"."""
    if km is None:
        return None
    return f"{km:.1f} km" if km < 10 else f"{km:.0f} km"


def when_of(event: Any, *, now: datetime, shift: Any = None) -> str:
    """ "Thu 26 Nov, 19:00–21:00", on the event's own clock: its times, or those of a shift."""
    zone, at = ZoneInfo(event.zone), shift or event
    return human_when(at.starts_at, at.ends_at, zone, today=now.astimezone(zone).date())


def moment_of(moment: datetime, *, zone: str, now: datetime) -> str:
    """ "Thu 26 Nov, 19:00", on the event's own clock."""
    local = ZoneInfo(zone)
    day = human_day(moment.astimezone(local).date(), today=now.astimezone(local).date())
    return f"{day}, {human_time(moment, local)}"


def shift_time(event: Any, shift: Any) -> str:
    """ "18:30–19:30", on the event's own clock; with its day where the event has several."""
    zone = ZoneInfo(event.zone)
    days = {moment.astimezone(zone).date() for moment in (event.starts_at, event.ends_at)}
    if len(days) > 1:
        return human_when(shift.starts_at, shift.ends_at, zone)
    return f"{human_time(shift.starts_at, zone)}–{human_time(shift.ends_at, zone)}"


def shown_need(event: Any) -> Need:
    """What everybody reads first of an event that goes on: nobody hosts it, or what it needs."""
    return NEEDS_HOST if event.hostless_at else need_of(event)


def card_of(
    event: Any,
    *,
    group: Any,
    now: datetime,
    away_km: float | None = None,
    has_shifts: bool = False,
) -> Card:
    """The card of an event with its group."""
    facts = facts_of(event.kind)
    cancelled = event.state == "cancelled"
    open_to_all = not cancelled and event.ends_at > now
    url = f"/events/{event.public_id}"
    return Card(
        public_id=event.public_id,
        url=url,
        kind_label=facts.label,
        kind_icon=facts.icon,
        title=event.title,
        when=when_of(event, now=now),
        where=event.shown_place,
        group_name=group.name,
        group_url=f"/groups/{group.slug}",
        need=Need("full", "Cancelled", "cancelled", "x") if cancelled else shown_need(event),
        taken=event.taken,
        capacity=event.capacity,
        full=places_left(event) == 0,
        signup_url=f"{url}/rsvp" if open_to_all else None,
        has_shifts=has_shifts,
        distance=distance_words(away_km),
    )


def feature_of(event: Any, *, group: Any, now: datetime) -> str | None:
    """The event as GeoJSON text; None for one without a point. Only what everybody may see.

    "<" and "&" are written as escapes, so that the text is harmless wherever it is put.
    """
    if event.shown_lat is None or event.shown_lng is None:
        return None
    zone = ZoneInfo(event.zone)
    properties: Mapping[str, Any] = {
        "id": event.public_id,
        "title": event.title,
        "type": event.kind,
        "kind": facts_of(event.kind).label,
        "start": event.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        "end": event.ends_at.astimezone(zone).isoformat(timespec="minutes"),
        "when": when_of(event, now=now),
        "tz": event.zone,
        "url": f"/events/{event.public_id}",
        "venue": event.shown_place,
        "area": event.area,
        "group": group.name,
        "group_url": f"/groups/{group.slug}",
        "status": "cancelled" if event.state == "cancelled" else "confirmed",
        "places_left": places_left(event),
        "need": shown_need(event).code,
        "need_words": shown_need(event).words,
        "accessible": event.step_free,
        "online": event.place_kind == "online",
        "precise": is_exact(event),
    }
    text = json.dumps(
        {
            "type": "Feature",
            "id": event.public_id,
            "geometry": {
                "type": "Point",
                "coordinates": [round(event.shown_lng, 5), round(event.shown_lat, 5)],
            },
            "properties": properties,
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return text.replace("<", "\\u003c").replace("&", "\\u0026")
