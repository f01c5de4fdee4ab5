"""Following: the link that confirms it, the mail of the day, and a word to quiet groups."""

from __future__ import annotations

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter
from campaign.foundation.words import plural


def confirm_follow(mail: Mail, *, to: str, what: str, joins: bool, key: str) -> Letter:
    """The link that confirms that somebody follows, or joins a group.

    The subject names nothing: anybody can type an address.
    """
    return mail.write(
        "events/confirm_follow",
        to=to,
        subject="Confirm that you join" if joins else "Confirm that you want these mails",
        what=what,
        joins=joins,
        confirm_url=f"{mail.base_url}/follow/{key}",
    )


def digest(mail: Mail, *, to: str, events: list[dict[str, str]], total: int, key: str) -> Letter:
    """What is new since the last mail; ``total`` may be more than there is room for."""
    return mail.write(
        "events/digest",
        to=to,
        subject=f"{plural(total, 'new event')} for you",
        events=events,
        total=total,
        more=total - len(events),
        events_url=f"{mail.base_url}/events",
        manage_url=f"{mail.base_url}/follow/{key}",
        unsubscribe_url=f"{mail.base_url}/follow/{key}/unsubscribe",
    )


def gone_quiet(mail: Mail, *, to: str, group: str, slug: str, last: str, until: str) -> Letter:
    """To a convenor: no event for a while, and when the group counts as dormant."""
    return mail.write(
        "events/gone_quiet",
        to=to,
        subject=f"{group}: no event since {last}",
        group=group,
        last=last,
        until=until,
        group_url=f"{mail.base_url}/groups/{slug}",
        announce_url=f"{mail.base_url}/events/new?group={slug}",
    )
