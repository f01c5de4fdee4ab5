"""The links of letters: "I’ll be there", "I can’t come", and "yes" to a place on offer.

Mail programs fetch every link, so opening one shows a page with one button and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, operations
from campaign.events.models import Rsvp
from campaign.events.routes.mailing import mail
from campaign.events.routes.own_place import forget
from campaign.events.rules.features import moment_of, when_of
from campaign.events.rules.offers import OfferOver, offer_until
from campaign.events.rules.signups import LIVE, SEATED, EventCancelled, EventOver, Status
from campaign.foundation import clock, web


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/rsvps/<key>/coming", methods=["GET", "POST"])(coming)
    blueprint.route("/rsvps/<key>/no-thanks", methods=["GET", "POST"])(no_thanks)
    blueprint.route("/rsvps/<key>/take", methods=["GET", "POST"])(take)
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
    operations.drop_out(web.db(), rsvp=held, mail=mail())
    forget(event_id)
    flash("Your place is free again. Thank you for saying so.", "success")
    return web.see_other("events.manage", key=key)


@web.public
def no_thanks(key: str) -> Response:
    """Somebody else added them: off the list, and all of it deleted."""
    held = access.rsvp_to_change(web.db(), key)
    if request.method != "POST":
        return _page(key, held, "no-thanks")
    event_id = held.event.public_id
    operations.forget_rsvp(web.db(), rsvp=held, mail=mail())
    forget(event_id)
    flash("You are off the list, and what we held is deleted.", "success")
    return web.see_other("events.show", public_id=event_id)


@web.public
def take(key: str) -> Response:
    """Yes to a place that is held until then."""
    held = access.rsvp_to_change(web.db(), key)
    if request.method != "POST":
        return _page(key, held, "take")
    event_id = held.event.public_id
    operations.accept_offer(web.db(), rsvp=held, mail=mail())
    forget(event_id)
    flash("The place is yours. See you there.", "success")
    return web.see_other("events.manage", key=key)


def _page(key: str, held: Rsvp, answer: str) -> Response:
    page = web.page(
        "events/answer.html",
        rsvp=held,
        event=held.event,
        when=when_of(held.event, now=clock.now()),
        answer=answer,
        until=_until(held),
        key=key,
        closed=_closed(held, answer),
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _until(held: Rsvp) -> str:
    """Until when a place is held, on the event's own clock; empty where none is."""
    end = offer_until(held, held.event)
    return moment_of(end, zone=held.event.zone, now=clock.now()) if end else ""


def _closed(held: Rsvp, answer: str) -> str:
    """Why there is nothing to say any more; empty where there is."""
    if answer == "no-thanks":
        return ""  # nobody is ever refused this
    if held.event.state == "cancelled":
        return EventCancelled().message
    if held.event.ends_at <= clock.now():
        return EventOver().message
    if answer == "take":
        return _not_on_offer(held)
    if held.status not in LIVE:
        return "You are not on the list any more. Sign up again on the event’s page."
    return _not_to_confirm(held) if answer == "coming" else ""


def _not_to_confirm(held: Rsvp) -> str:
    if held.status == "confirmed":
        return "You have said that you will be there. Thank you."
    return "" if held.status in SEATED else "You do not have a place yet. We mail you when you do."


def _not_on_offer(held: Rsvp) -> str:
    if held.status in SEATED:
        return "The place is yours. See you there."
    return "" if _offer_stands(held) else OfferOver().message


def _offer_stands(held: Rsvp) -> bool:
    """Whether a place is held for them now; judged by the clock, whoever swept."""
    end = offer_until(held, held.event)
    return held.status == Status.OFFERED and end is not None and end > clock.now()
