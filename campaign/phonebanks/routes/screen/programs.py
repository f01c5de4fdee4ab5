"""What a program is told in the place of the screen."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from campaign.foundation import clock
from campaign.phonebanks.operations.at_once import Taken
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.routes.screen.people import asked_for, number_json
from campaign.phonebanks.rules.claims import Nothing


def claim_json(held: Held) -> dict[str, Any]:
    """A claim for programs; the number is in it only once it was shown."""
    call, contact = held.call, held.contact
    answer = taken_json(
        Taken(
            call.public_id,
            call.expires_at,
            asked_for(held),
            contact.town,
            contact.attempts,
            contact.note,
            held.number.time_zone,
        )
    )
    if call.revealed_at is not None:
        answer["number"] = number_json(held)
    return answer


def taken_json(taken: Taken) -> dict[str, Any]:
    """A claim that was just made."""
    zone = ZoneInfo(taken.time_zone)
    return {
        "id": taken.public_id,
        "expires_at": taken.expires_at.isoformat(),
        "contact": {
            "first_name": taken.first_name,
            "town": taken.town,
            "local_time": f"{clock.now().astimezone(zone):%H:%M}",
            "attempt": taken.attempts + 1,
            "note": taken.note,
        },
    }


def nothing_json(nothing: Nothing) -> dict[str, Any]:
    """Why there is nobody."""
    return {
        "claim": None,
        "reason": nothing.reason,
        "until": nothing.until.isoformat() if nothing.until else None,
    }
