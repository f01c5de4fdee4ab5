"""A session's hours where people are rung, if those are other hours than where it is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from campaign.foundation.words import human_when


class Timed(Protocol):
    """An event with its zone."""

    starts_at: datetime
    ends_at: datetime
    zone: str


def where_we_ring(event: Timed, zones: Sequence[str]) -> list[str]:
    """ "Thu 26 Nov, 13:30–15:30 in New York" for each zone with other hours than the event's."""
    here = event.starts_at.astimezone(ZoneInfo(event.zone)).utcoffset()
    said = []
    for name in zones:
        zone = ZoneInfo(name)
        if event.starts_at.astimezone(zone).utcoffset() != here:
            city = name.rpartition("/")[2].replace("_", " ")
            said.append(f"{human_when(event.starts_at, event.ends_at, zone)} in {city}")
    return said
