"""The two links of the letter of the day before: "I’ll be there" and "I can’t come".

Mail programs fetch every link, so opening one shows a page with one button and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, operations
from campaign.events.models import Rsvp
from campaign.events.routes.announcing import mail
from campaign.events.routes.signing_up import forget
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import LIVE, SEATED, EventCancelled, EventOver
from campaign.foundation import clock, web


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/rsvps/<key>/coming", methods=["GET", "POST"])(coming)
    blueprint.route("/rsvps/<key>/not-coming", methods=["GET", "POST"])(not_coming)


@web.public
def coming(key: str) -> Response:
    """I'll be there."""
    held = access.rsvp_to_change(web.db(), key)
    if request.method != "POST":
        return _page(key, held, "coming")
    operations.confirm_rsvp(web.db(), rsvp=held)
    flash("Thank you. The host knows that you come.", "success")
    return web.see_other("events.manage", key=key)


@web.public
def not_coming(key: str) -> Response:
    """I can't come: the place is free for the next."""
    held = access.rsvp_to_change(web.db(), key)
    if request.method != "POST":
        return _page(key, held, "not-coming")
    event_id = held.event.public_id
    if held.event.ends_at <= clock.now():
        raise EventOver
    operations.cancel_rsvp(web.db(), rsvp=held, mail=mail())
    forget(event_id)
    flash("Your place is free again. Thank you for saying so.", "success")
    return web.see_other("events.manage", key=key)


def _page(key: str, held: Rsvp, answer: str) -> Response:
    page = web.page(
        "events/answer.html",
        rsvp=held,
        event=held.event,
        when=when_of(held.event, now=clock.now()),
        answer=answer,
        key=key,
        closed=_closed(held, answer),
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _closed(held: Rsvp, answer: str) -> str:
    """Why there is nothing to say any more; empty where there is."""
    if held.event.state == "cancelled":
        return EventCancelled().message
    if held.event.ends_at <= clock.now():
        return EventOver().message
    if held.status not in LIVE:
        return "You are not on the list any more. Sign up again on the event’s page."
    if answer == "coming" and held.status == "confirmed":
        return "You have said that you will be there. Thank you."
    if answer == "coming" and held.status not in SEATED:
        return "You do not have a place yet. We mail you when you do."
    return ""
