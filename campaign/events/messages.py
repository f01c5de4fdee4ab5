"""The letters of this room: your place, one for you, a change, a cancellation, the day before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str


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


def changed(mail: Mail, *, to: str, event: dict[str, Any], key: str) -> Letter:
    """The event has another time or place."""
    return mail.write(
        "events/changed",
        to=to,
        subject=f"Changed: {event['title']}, {event['when']}",
        event=event,
        manage_url=f"{mail.base_url}/rsvps/{key}",
        event_url=f"{mail.base_url}{event['url']}",
    )


def cancelled(mail: Mail, *, to: str, event: dict[str, Any], note: str) -> Letter:
    """The event will not happen."""
    return mail.write(
        "events/cancelled",
        to=to,
        subject=f"Cancelled: {event['title']}, {event['when']}",
        event=event,
        note=note,
        events_url=f"{mail.base_url}/events",
    )


def listed(mail: Mail, *, to: str, event: dict[str, Any]) -> Letter:
    """A convenor put your event on the map."""
    return mail.write(
        "events/listed",
        to=to,
        subject=f"On the map: {event['title']}, {event['when']}",
        event=event,
        event_url=f"{mail.base_url}{event['url']}",
    )


def kept_off(mail: Mail, *, to: str, event: dict[str, Any]) -> Letter:
    """Your event stays off the map, and goes on by its link."""
    return mail.write(
        "events/kept_off",
        to=to,
        subject=f"Not on the map: {event['title']}, {event['when']}",
        event=event,
        event_url=f"{mail.base_url}{event['url']}",
    )


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
