"""What a caller has before them to say: the script, with the names of this call put in."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from campaign.foundation import clock, web
from campaign.foundation.errors import DomainError
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.queries.near import events_near
from campaign.phonebanks.rules.shown import Script, shown
from campaign.places import lookup


def said_to(held: Held, phonebank: Phonebank, *, first_name: str) -> dict[str, Any]:
    """The script for this person, and the events near them where it can sign them up to one."""
    script = script_for(phonebank, first_name=first_name, town=held.contact.town)
    wanted = script.signs_up and held.call.revealed_at is not None and not phonebank.is_practice
    near = None
    if wanted:
        lat, lng = _where(held.contact)
        zone = ZoneInfo(held.number.time_zone)
        near = events_near(web.db(), phonebank, lat=lat, lng=lng, zone=zone, now=clock.now())
    return {"script": script, "near": near, "has_mail": bool(held.contact.email)}


def script_for(phonebank: Phonebank, *, first_name: str, town: str) -> Script:
    """The newest version as this caller says it to this person."""
    kept = board.script_of(web.db(), phonebank.id)
    return shown(
        kept.steps if kept else [],
        kept.number if kept else None,
        first_name=first_name,
        town=town,
        caller=(web.visitor().name or "").split(" ")[0],
        movement=web.settings().name,
    )


def _where(contact: Contact) -> tuple[float | None, float | None]:
    """By their postcode, otherwise their town; nowhere where neither is known."""
    for text in (contact.postcode, contact.town):
        try:
            spots = lookup.find(web.settings().data_dir, text) if text else []
        except DomainError:
            spots = []
        if spots:
            return spots[0].lat, spots[0].lng
    return None, None
