"""The letters of this room: you are hosting."""

from __future__ import annotations

from typing import Any

from campaign.events.messages import Mail
from campaign.foundation.carriers import Letter


def hosting(mail: Mail, *, to: str, name: str, event: dict[str, Any]) -> Letter:
    """What a host does next, with the way to the event's page."""
    return mail.write(
        "meetups/hosting",
        to=to,
        subject=f"You are hosting: {event['title']}, {event['when']}",
        name=name,
        event=event,
        event_url=f"{mail.base_url}{event['path']}",
        sign_in_url=f"{mail.base_url}/sign-in?next={event['path']}",
    )
