"""Somebody else signed you up."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def brought(
    mail: Mail, *, to: str, event: dict[str, Any], status: str, by: str, key: str
) -> Letter:
    """Who added you, and a "no thanks" that takes you off and deletes it."""
    return mail.write(
        "events/brought",
        to=to,
        subject=f"{by} added you: {event['title']}, {event['when']}",
        event=event,
        status=status,
        by=by,
        no_thanks_url=f"{mail.base_url}/rsvps/{key}/no-thanks",
        manage_url=f"{mail.base_url}/rsvps/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )
