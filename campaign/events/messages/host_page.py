"""The host's page, by its secret link."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def host_page(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """Your page for the evening: names, who is here, a sheet to print."""
    return mail.write(
        "events/host_page",
        to=to,
        subject=f"Your host page: {event['title']}, {event['when']}",
        event=event,
        host_url=f"{mail.base_url}/hosts/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )
