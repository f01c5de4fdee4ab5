"""Events as a calendar file (RFC 5545): the same text as long as nothing has changed.

Times stand on the event's own wall clock with its zone, so that a calendar shows 19:00 as 19:00;
the second run of a doubled hour, which a wall clock cannot say, stands in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.rules.kinds import facts_of
from campaign.events.rules.openness import is_exact

LONGEST_LINE = 75
# As many events as a feed holds at most, and how long it goes on saying that one was called off.
MOST_ENTRIES = 500
GONE_FOR = timedelta(days=30)
LONDON = "Europe/London"
# The rules that hold since 1996; no event of ours is older.
LONDON_RULES = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Entry:
    """An event as one calendar shows it, with its group.

    ``where`` and ``link`` are said in place of what everybody reads, to whom may know them. The
    times are those of a shift where somebody has one. What is ``bare`` was hidden: it says no
    more than that it is off.
    """

    event: Any
    where: str | None = None
    link: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    tentative: bool = False
    bare: bool = False


def calendar_of(
    entries: Iterable[Entry], *, name: str, base_url: str, method: str = "PUBLISH"
) -> str:
    """The calendar of some events; ``method`` is PUBLISH, or CANCEL for what is off."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Campaign//Events//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_text(name)}",
        f"NAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *LONDON_RULES,
    ]
    for entry in entries:
        lines += _entry(entry, base_url)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def _entry(entry: Entry, base_url: str) -> list[str]:
    event = entry.event
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    changed = event.changed_at or event.made_at
    return [
        "BEGIN:VEVENT",
        f"UID:{event.public_id}@{host}",
        # When this revision was made, not when it was asked for: the text stays as it is.
        f"DTSTAMP:{_instant(changed)}",
        f"CREATED:{_instant(event.made_at)}",
        f"LAST-MODIFIED:{_instant(changed)}",
        f"SEQUENCE:{event.sequence}",
        _local("DTSTART", entry.starts_at or event.starts_at, event.zone),
        _local("DTEND", entry.ends_at or event.ends_at, event.zone),
        f"ORGANIZER;CN={_quoted(event.group.name)}:mailto:no-reply@{host}",
        f"STATUS:{_status(entry)}",
        "TRANSP:OPAQUE",
        *(["SUMMARY:Taken down"] if entry.bare else _told(entry, base_url)),
        "END:VEVENT",
    ]


def _told(entry: Entry, base_url: str) -> list[str]:
    event, secret = entry.event, entry.where is not None or entry.link is not None
    url = f"{base_url}/events/{event.public_id}"
    lines = [
        f"SUMMARY:{_text(event.title)}",
        f"DESCRIPTION:{_text(_described(event.about, entry.link, url))}",
        f"LOCATION:{_text(entry.where or event.shown_place)}",
        f"CATEGORIES:{_text(facts_of(event.kind).label)}",
        f"URL:{url}",
        f"CLASS:{'PRIVATE' if secret else 'PUBLIC'}",
    ]
    if is_exact(event) and event.shown_lat is not None:
        lines.append(f"GEO:{event.shown_lat:.5f};{event.shown_lng:.5f}")
    return lines


def _described(about: str, link: str | None, url: str) -> str:
    joined = f"Join here: {link}" if link else ""
    return "\n\n".join(part for part in (about.strip(), joined, url) if part)


def _status(entry: Entry) -> str:
    if entry.bare or entry.event.state == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if entry.tentative else "CONFIRMED"


def _local(name: str, moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    if zone != LONDON or local.fold:
        return f"{name}:{_instant(moment)}"
    return f"{name};TZID={zone}:{local:%Y%m%dT%H%M%S}"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _quoted(text: str) -> str:
    """A parameter: it can hold anything but its own quotes and line breaks."""
    return '"{}"'.format(" ".join(text.replace('"', "'").split()))


def _text(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets, never through the middle of a character."""
    pieces, piece, room = [], "", LONGEST_LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(piece)
            piece, room = " ", LONGEST_LINE - 1
        piece, room = piece + sign, room - size
    return [*pieces, piece]
