"""A promised call in its caller's calendar (RFC 5545): when, and nothing of who is rung.

Calendars are shared, and kept by other firms: no name, no town, no number, no phonebank. The
entry stands in UTC, which every calendar shows on its owner's clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from campaign.events.rules.calendars import folded

LASTS = timedelta(minutes=15)
SUMMARY = "Ring somebody back"


def calendar_of(
    key: str, *, at: datetime, sequence: int, now: datetime, url: str, over: bool = False
) -> str:
    """The calendar file of one promise; one that is ``over`` takes the entry out again."""
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Campaign//Promises//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if over else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{key}@{host}",
        f"DTSTAMP:{_instant(now)}",
        f"SEQUENCE:{sequence}",
        f"DTSTART:{_instant(at)}",
        f"DTEND:{_instant(at + LASTS)}",
        f"SUMMARY:{SUMMARY}",
        f"DESCRIPTION:They come first in your queue: {url}",
        f"URL:{url}",
        f"ORGANIZER:mailto:no-reply@{host}",
        f"STATUS:{'CANCELLED' if over else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
