"""Letters to who announced without an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def confirm_event(mail: Mail, *, to: str, what: str, key: str) -> Letter:
    """The link that makes the event live: ``what`` is its kind and time.

    Anybody can type an address, so no word that somebody typed stands here.
    """
    return mail.write(
        "events/confirm_event",
        to=to,
        subject=f"Confirm your event: {what}",
        what=what,
        confirm_url=f"{mail.base_url}/events/confirm/{key}",
    )


def event_is_yours(
    mail: Mail, *, to: str, event: dict[str, Any], state: str, key: str, kit: Sequence[str]
) -> Letter:
    """It is live: its address to pass on, the host's page, what to bring, where to change it."""
    return mail.write(
        "events/event_is_yours",
        to=to,
        subject=f"Your event: {event['title']}, {event['when']}",
        event=event,
        state=state,
        kit=kit,
        event_url=f"{mail.base_url}{event['url']}",
        host_url=f"{mail.base_url}/hosts/{key}",
        manage_url=f"{mail.base_url}/sign-in?next={event['url']}",
    )
