"""The day before: the address of a home, and whether people come."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def address(
    mail: Mail, *, to: str, event: dict[str, Any], day: str, where: str, asks: bool, key: str
) -> Letter:
    """The address of a home, to who was approved. It is never in the subject.

    ``day`` is "Today" or "Tomorrow", by the clock of the place; who has not said so yet is
    asked whether they come.
    """
    return mail.write(
        "events/address",
        to=to,
        subject=f"{day}: {event['title']}",
        event=event,
        where=where,
        asks=asks,
        **_answers(mail, event, key),
    )


def reminder(mail: Mail, *, to: str, event: dict[str, Any], day: str, key: str) -> Letter:
    """Do you still come? With a link for yes and one for no. ``day`` as for ``address``."""
    return mail.write(
        "events/reminder",
        to=to,
        subject=f"{day}: {event['title']}. Will you be there?",
        event=event,
        day=day,
        event_url=f"{mail.base_url}{event['url']}",
        **_answers(mail, event, key),
    )


def _answers(mail: Mail, event: dict[str, Any], key: str) -> dict[str, str]:
    """Where to say yes or no, and the file for one's calendar."""
    return {
        "coming_url": f"{mail.base_url}/rsvps/{key}/coming",
        "not_coming_url": f"{mail.base_url}/rsvps/{key}/not-coming",
        "calendar_url": f"{mail.base_url}{event['url']}.ics",
    }
