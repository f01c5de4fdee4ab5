"""Two readers of calendar files that share no code with us or with each other."""

from typing import Any

import icalendar
import pytest
import vobject

SECRETS = ("12 Elm Grove", "BN2 3DA", "50.83051", "meet.example")


def by_icalendar(text: str) -> list[dict[str, Any]]:
    """What one library understands of each event."""
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    return [
        {
            "uid": str(one["UID"]),
            "start": one["DTSTART"].dt,
            "end": one["DTEND"].dt,
            "title": str(one["SUMMARY"]),
            "where": str(one.get("LOCATION", "")),
            "about": str(one.get("DESCRIPTION", "")),
            "status": str(one["STATUS"]),
            "sequence": int(one["SEQUENCE"]),
        }
        for one in found.walk("VEVENT")
    ]


def by_vobject(text: str) -> list[dict[str, Any]]:
    """What the other understands of it; its times go by the zone that the file itself brings."""
    found = vobject.readOne(text, validate=True)
    return [
        {
            "uid": one.uid.value,
            "start": one.dtstart.value,
            "end": one.dtend.value,
            "title": one.summary.value,
            "where": one.location.value if hasattr(one, "location") else "",
            "about": one.description.value if hasattr(one, "description") else "",
            "status": one.status.value,
            "sequence": int(one.sequence.value),
        }
        for one in getattr(found, "vevent_list", [])
    ]


READERS = pytest.mark.parametrize("read", [by_icalendar, by_vobject])
