"""The letters after an evening: to hosts, and to who must ring them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.events.messages import Mail
from campaign.foundation.carriers import Letter


def still_on(
    mail: Mail, *, to: str, name: str, event: dict[str, Any], key: str, asking: int = 0
) -> Letter:
    """The morning after, to a host: is it on? Three links; each leads to a button. ``asking`` is
    how many wait for the host's yes."""
    answer = f"{mail.base_url}/hosting/{key}/on"
    return mail.write(
        "meetups/still_on",
        to=to,
        subject=f"Is it on? {event['title']}, {event['when']}",
        name=name,
        event=event,
        asking=asking,
        event_url=f"{mail.base_url}{event['url']}",
        yes_url=f"{answer}?say=yes",
        help_url=f"{answer}?say=help",
        no_url=f"{answer}?say=no",
        roster_url=f"{mail.base_url}/sign-in?next={event['url']}/roster",
    )


def needs_help(mail: Mail, *, to: str, host: str, event: dict[str, Any], path: str) -> Letter:
    """To who runs the meetup: a host asks for help."""
    return mail.write(
        "meetups/needs_help",
        to=to,
        subject=f"A host asks for help: {event['title']}, {event['when']}",
        host=host,
        event=event,
        event_url=f"{mail.base_url}{event['url']}",
        hosts_url=f"{mail.base_url}/sign-in?next={path}",
    )


def call_list(
    mail: Mail, *, to: str, meetup: str, lines: Sequence[dict[str, str]], path: str
) -> Letter:
    """At six in the evening, to who runs the meetup: which hosts have not said that it is on.

    How to reach them stands on the page, behind signing in.
    """
    many = f"{len(lines)} hosts" if len(lines) > 1 else "One host"
    subject = f"{many} to ring after {meetup}"
    if not any(one["host"] for one in lines):
        events = f"{len(lines)} events" if len(lines) > 1 else "One event"
        subject = f"{events} without a host after {meetup}"
    return mail.write(
        "meetups/call_list",
        to=to,
        subject=subject,
        meetup=meetup,
        lines=lines,
        hosts_url=f"{mail.base_url}/sign-in?next={path}",
    )


def did_it_happen(mail: Mail, *, to: str, name: str, event: dict[str, Any], key: str) -> Letter:
    """To a host whose event is over and of which nobody has said anything."""
    return mail.write(
        "meetups/did_it_happen",
        to=to,
        subject=f"Did it take place? {event['title']}",
        name=name,
        event=event,
        answer_url=f"{mail.base_url}/hosting/{key}/held",
    )


def outcome(
    mail: Mail,
    *,
    to: str,
    meetup: str,
    words: str,
    rest: str,
    silent: Sequence[dict[str, str]],
    paths: dict[str, str],
) -> Letter:
    """After seven days, to who runs the meetup: what became of what was planned."""
    return mail.write(
        "meetups/outcome",
        to=to,
        subject=f"A week after {meetup}: {words}",
        meetup=meetup,
        words=words,
        rest=rest,
        silent=silent,
        recap_url=f"{mail.base_url}{paths['recap']}",
        hosts_url=f"{mail.base_url}/sign-in?next={paths['hosts']}",
    )
