"""The two links of the letter after an event: "I was there" and "I wasn’t".

Mail programs fetch every link, so opening one shows a page with one button and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, operations
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import SEATED
from campaign.foundation import clock, web

KNOWN = {
    "came": "It is noted that you were there. Thank you.",
    "did_not_come": "It is noted that you were not there. Thank you for saying so.",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/rsvps/<key>/came", methods=["GET", "POST"])(came)
    blueprint.route("/rsvps/<key>/did-not-come", methods=["GET", "POST"])(did_not_come)


@web.public
def came(key: str) -> Response:
    """I was there."""
    return _answer(key, came=True)


@web.public
def did_not_come(key: str) -> Response:
    """I wasn't."""
    return _answer(key, came=False)


def _answer(key: str, *, came: bool) -> Response:
    held = access.rsvp_to_change(web.db(), key)
    if request.method == "POST":
        held = operations.say_attendance(web.db(), rsvp=held, came=came)
        flash("Thank you. That helps to plan the next one.", "success")
        return web.see_other("events.came" if came else "events.did_not_come", key=key)
    closed = KNOWN.get(held.attendance, "")
    if held.status not in SEATED:
        closed = "You were not on the list of this event. Nothing is left to do."
    elif held.event.starts_at > clock.now():
        closed = "It has not begun yet. Come back afterwards."
    return web.page(
        "events/did_you_come.html",
        event=held.event,
        when=when_of(held.event, now=clock.now()),
        came=came,
        closed=closed,
    )
