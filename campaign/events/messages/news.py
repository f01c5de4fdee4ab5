"""A change, a cancellation."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def changed(mail: Mail, *, to: str, event: dict[str, Any], note: str, key: str) -> Letter:
    """The event has changed; ``note`` is what its host wants people to know."""
    return mail.write(
        "events/changed",
        to=to,
        subject=f"Changed: {event['title']}, {event['when']}",
        event=event,
        note=note,
        manage_url=f"{mail.base_url}/rsvps/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )


def cancelled(mail: Mail, *, to: str, event: dict[str, Any], note: str) -> Letter:
    """The event will not happen."""
    return mail.write(
        "events/cancelled",
        to=to,
        subject=f"Cancelled: {event['title']}, {event['when']}",
        event=event,
        note=note,
        events_url=f"{mail.base_url}/events",
    )
