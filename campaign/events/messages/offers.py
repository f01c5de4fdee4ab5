"""A place that is held for somebody, and one that was."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def offer(
    mail: Mail, *, to: str, event: dict[str, Any], until: str, party: int, key: str
) -> Letter:
    """A place is yours if you say so before ``until``, which is a moment in words."""
    return mail.write(
        "events/offer",
        to=to,
        subject=f"A place for you until {until}: {event['title']}",
        event=event,
        until=until,
        party=party,
        take_url=f"{mail.base_url}/rsvps/{key}/take",
        leave_url=f"{mail.base_url}/rsvps/{key}/not-coming",
        event_url=f"{mail.base_url}{event['url']}",
    )


def offer_over(mail: Mail, *, to: str, event: dict[str, Any]) -> Letter:
    """The time is over, and the place went to the next."""
    return mail.write(
        "events/offer_over",
        to=to,
        subject=f"Your place went to the next: {event['title']}",
        event=event,
        again_url=f"{mail.base_url}{event['url']}#sign-up",
        event_url=f"{mail.base_url}{event['url']}",
    )
