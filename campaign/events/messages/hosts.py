"""Hosts and their team: asked onto it, hosting from now on, an event without a host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.events.messages.mail import Mail
from campaign.foundation.carriers import Letter


def team_invite(
    mail: Mail, *, to: str, event: dict[str, Any], asker: str, part: str, may: str, key: str
) -> Letter:
    """Will you help with this event? With a link that leads to a yes and a no."""
    return mail.write(
        "events/team_invite",
        to=to,
        subject=f"{asker} asks you to help: {event['title']}, {event['when']}",
        event=event,
        asker=asker,
        part=part,
        may=may,
        answer_url=f"{mail.base_url}/team/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )


def now_hosting(
    mail: Mail,
    *,
    to: str,
    event: dict[str, Any],
    wants_place: bool,
    key: str,
    kit: Sequence[str],
) -> Letter:
    """You are the host from now on: what there is to do, and the way out."""
    return mail.write(
        "events/now_hosting",
        to=to,
        subject=f"You host this now: {event['title']}, {event['when']}",
        event=event,
        wants_place=wants_place,
        kit=kit,
        **_ways(mail, event, key),
    )


def now_cohosting(mail: Mail, *, to: str, event: dict[str, Any], host: str) -> Letter:
    """You said at the table that you co-host: what that means."""
    path = f"{event['url']}/team"
    return mail.write(
        "events/now_cohosting",
        to=to,
        subject=f"You are co-hosting: {event['title']}, {event['when']}",
        event=event,
        host=host,
        event_url=f"{mail.base_url}{event['url']}",
        team_url=f"{mail.base_url}/sign-in?next={path}",
    )


def hostless(
    mail: Mail, *, to: str, event: dict[str, Any], last_call: bool, asks_cohost: bool = False
) -> Letter:
    """An event of your group has nobody who hosts it; the last call asks to call it off."""
    words = "Starts within a day, without a host" if last_call else "Needs a host"
    return mail.write(
        "events/hostless",
        to=to,
        subject=f"{words}: {event['title']}, {event['when']}",
        event=event,
        last_call=last_call,
        asks_cohost=asks_cohost,
        event_url=f"{mail.base_url}/sign-in?next={event['url']}",
        edit_url=f"{mail.base_url}/sign-in?next={event['url']}/edit",
    )


def host_offer(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """Somebody who comes may take over: the first yes is the host."""
    return mail.write(
        "events/host_offer",
        to=to,
        subject=f"Could you host this? {event['title']}, {event['when']}",
        event=event,
        offer_url=f"{mail.base_url}/hosting/{key}/take-over",
        event_url=f"{mail.base_url}{event['url']}",
    )


def cohost_asked(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """The host cannot: will the co-host step in? With a link that leads to a yes and a no."""
    return mail.write(
        "events/cohost_asked",
        to=to,
        subject=f"Will you host it? {event['title']}, {event['when']}",
        event=event,
        answer_url=f"{mail.base_url}/hosting/{key}/take-over",
        event_url=f"{mail.base_url}{event['url']}",
    )


def _ways(mail: Mail, event: dict[str, Any], key: str) -> dict[str, str]:
    """Where a host goes from a letter; signing in comes first where names are shown."""
    return {
        "event_url": f"{mail.base_url}{event['url']}",
        "roster_url": f"{mail.base_url}/sign-in?next={event['url']}/roster",
        "edit_url": f"{mail.base_url}/sign-in?next={event['url']}/edit",
        "cannot_url": f"{mail.base_url}/hosting/{key}/cannot",
    }
