"""The day itself and the hour after: today, who comes, did you come, who came, how was it."""

from __future__ import annotations

from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def today(mail: Mail, *, to: str, event: dict[str, Any], where: str, key: str) -> Letter:
    """It is today: where, and the way out. ``where`` may be a home's address, so it is never in
    the subject."""
    return mail.write(
        "events/today",
        to=to,
        subject=f"Today: {event['title']}",
        event=event,
        where=where,
        event_url=f"{mail.base_url}{event['url']}",
        place_url=f"{mail.base_url}/rsvps/{key}",
        not_coming_url=f"{mail.base_url}/rsvps/{key}/not-coming",
    )


def who_comes(
    mail: Mail,
    *,
    to: str,
    event: dict[str, Any],
    day: str,
    names: dict[str, list[str]],
    need: str,
    key: str,
) -> Letter:
    """The evening before, to who hosts: who comes, who has not answered, what is needed. Names
    only: how to reach them stands on the roster, behind signing in."""
    return mail.write(
        "events/who_comes",
        to=to,
        subject=f"{day}: {event['title']}. Who comes",
        event=event,
        day=day,
        names=names,
        need=need,
        **_for_hosts(mail, event, key),
    )


def did_you_come(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """An hour after the end, to whose coming nobody knows: one tap for yes, one for no."""
    return mail.write(
        "events/did_you_come",
        to=to,
        subject=f"Did you make it to {event['title']}?",
        event=event,
        came_url=f"{mail.base_url}/rsvps/{key}/came",
        did_not_url=f"{mail.base_url}/rsvps/{key}/did-not-come",
    )


def who_came(mail: Mail, *, to: str, event: dict[str, Any], unknown: int, key: str) -> Letter:
    """An hour after the end, to who hosts: tick who came while you still know."""
    return mail.write(
        "events/who_came",
        to=to,
        subject=f"Who came to {event['title']}?",
        event=event,
        unknown=unknown,
        **_for_hosts(mail, event, key),
    )


def how_was_it(mail: Mail, *, to: str, event: dict[str, Any]) -> Letter:
    """Two hours after the end, to who hosts: a few numbers and a line."""
    return mail.write(
        "events/how_was_it",
        to=to,
        subject=f"How was it? {event['title']}",
        event=event,
        report_url=f"{mail.base_url}/sign-in?next={event['url']}/report",
    )


def _for_hosts(mail: Mail, event: dict[str, Any], key: str) -> dict[str, str]:
    return {
        "event_url": f"{mail.base_url}{event['url']}",
        "roster_url": f"{mail.base_url}/sign-in?next={event['url']}/roster",
        "cannot_url": f"{mail.base_url}/hosting/{key}/cannot",
    }
