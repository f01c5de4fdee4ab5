"""Events as a calendar file (RFC 5545): only what everybody may see, times in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from campaign.events.rules.kinds import facts_of
from campaign.events.rules.openness import is_exact

LONGEST_LINE = 75


def calendar_of(events: Iterable[Any], *, name: str, base_url: str, now: datetime) -> str:
    """The calendar of some events; instants are in UTC, so that it needs no time zone table."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Campaign//Events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for event in events:
        lines += _entry(event, base_url=base_url, now=now)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _entry(event: Any, *, base_url: str, now: datetime) -> list[str]:
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.public_id}@{host}",
        f"DTSTAMP:{_instant(now)}",
        f"CREATED:{_instant(event.made_at)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART:{_instant(event.starts_at)}",
        f"DTEND:{_instant(event.ends_at)}",
        f"SUMMARY:{_text(event.title)}",
        f"LOCATION:{_text(event.shown_place)}",
        f"CATEGORIES:{_text(facts_of(event.kind).label)}",
        f"URL:{base_url}/events/{event.public_id}",
        f"STATUS:{'CANCELLED' if event.state == 'cancelled' else 'CONFIRMED'}",
    ]
    if is_exact(event) and event.shown_lat is not None:
        lines.append(f"GEO:{event.shown_lat:.5f};{event.shown_lng:.5f}")
    return [*lines, "END:VEVENT"]


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets, never through the middle of a character."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > LONGEST_LINE:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
