"""The letter to a host in the same night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from campaign.events.messages import Mail
from campaign.foundation.carriers import Letter


def hosting(
    mail: Mail,
    *,
    to: str,
    name: str,
    event: dict[str, Any],
    script_path: str | None,
    kit: Sequence[str],
    keys: Mapping[str, str],
) -> Letter:
    """What a host does next. Names stand behind signing in, or behind the host's own link."""
    after_sign_in = f"{mail.base_url}/sign-in?next="
    return mail.write(
        "meetups/hosting",
        to=to,
        subject=f"You are hosting: {event['title']}, {event['when']}",
        name=name,
        event=event,
        kit=kit,
        event_url=f"{mail.base_url}{event['url']}",
        roster_url=f"{after_sign_in}{event['url']}/roster",
        calls_url=f"{after_sign_in}{event['url']}/roster/calls",
        script_url=f"{after_sign_in}{script_path}" if script_path else None,
        host_url=f"{mail.base_url}/hosts/{keys['host']}",
        cannot_url=f"{mail.base_url}/hosting/{keys['cannot']}/cannot",
    )
