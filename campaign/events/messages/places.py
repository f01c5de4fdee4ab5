"""Your place, one for you, a no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaign.conduct.messages import day_of
from campaign.conduct.rules.kept_out import TO_THEM
from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def signed_up(mail: Mail, *, to: str, event: dict[str, Any], status: str, key: str) -> Letter:
    """You have a place, or you wait, with the link to change or cancel."""
    subject = f"You are in: {event['title']}, {event['when']}"
    if status == "waiting":
        subject = f"You are on the list: {event['title']}, {event['when']}"
    return mail.write(
        "events/signed_up",
        to=to,
        subject=subject,
        event=event,
        status=status,
        manage_url=f"{mail.base_url}/rsvps/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )


def place_for_you(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """A place became free, and it is yours."""
    return mail.write(
        "events/place_for_you",
        to=to,
        subject=f"A place for you: {event['title']}, {event['when']}",
        event=event,
        manage_url=f"{mail.base_url}/rsvps/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )


def declined(mail: Mail, *, to: str, event: dict[str, Any]) -> Letter:
    """The host said no."""
    return mail.write(
        "events/declined",
        to=to,
        subject=f"No place this time: {event['title']}, {event['when']}",
        event=event,
        events_url=f"{mail.base_url}/events",
    )


def not_signed_up(
    mail: Mail, *, to: str, event: dict[str, Any], reason: str, until: datetime | None
) -> Letter:
    """You are kept out: why, where it is this address that is known, and whom to ask."""
    return mail.write(
        "events/not_signed_up",
        to=to,
        subject=f"You are not on the list: {event['title']}, {event['when']}",
        event=event,
        why=TO_THEM[reason],
        until=day_of(until) if until else "",
    )
