"""What became of an event in the moderators' hands."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def listed(mail: Mail, *, to: str, event: dict[str, Any], note: str = "") -> Letter:
    """Your event is on the map."""
    return _write(mail, "listed", "On the map", to=to, event=event, note=note)


def kept_off(mail: Mail, *, to: str, event: dict[str, Any], note: str = "") -> Letter:
    """Your event stays off the map, and goes on by its link."""
    return _write(mail, "kept_off", "Not on the map", to=to, event=event, note=note)


def asked(mail: Mail, *, to: str, event: dict[str, Any], note: str) -> Letter:
    """A question before your event goes onto the map."""
    return _write(mail, "asked", "A question about your event", to=to, event=event, note=note)


def hidden(mail: Mail, *, to: str, event: dict[str, Any], note: str, public: str) -> Letter:
    """Your event was taken down: why, and how to ask for a second look."""
    return _write(mail, "hidden", "Taken down", to=to, event=event, note=note, public=public)


def shown_again(mail: Mail, *, to: str, event: dict[str, Any], note: str) -> Letter:
    """Your event can be seen again."""
    return _write(mail, "shown_again", "Back again", to=to, event=event, note=note)


def trusted(mail: Mail, *, to: str) -> Letter:
    """From now on your events are on the map at once."""
    return mail.write(
        "events/trusted",
        to=to,
        subject="Your events go straight onto the map now",
        new_url=f"{mail.base_url}/events/new",
    )


def _write(
    mail: Mail, template: str, head: str, *, to: str, event: dict[str, Any], **values: Any
) -> Letter:
    return mail.write(
        f"events/{template}",
        to=to,
        subject=f"{head}: {event['title']}, {event['when']}",
        event=event,
        event_url=f"{mail.base_url}{event['url']}",
        **values,
    )
