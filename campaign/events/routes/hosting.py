"""Links of letters around hosting: an invitation, "I can’t host", "I’ll host it".

Mail programs fetch every link, so opening one shows a page with a button and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, forms, operations
from campaign.events.models import Event
from campaign.events.operations.stepping_in import decline_hosting
from campaign.events.queries.planned import is_planned
from campaign.events.queries.team import longest_cohost
from campaign.events.routes.mailing import mail
from campaign.events.routes.team import answer_invite, said_yes
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import EventCancelled, EventOver, initials
from campaign.events.rules.team import PARTS, AlreadyHosted, TeamRole
from campaign.foundation import clock, web
from campaign.people.access import myself
from campaign.people.queries import person_by_email


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/team/<key>", methods=["GET", "POST"])(invitation)
    blueprint.route("/hosting/<key>/cannot", methods=["GET", "POST"])(cannot_host)
    blueprint.route("/hosting/<key>/take-over", methods=["GET", "POST"])(take_over)
    blueprint.route("/events/<public_id>/cannot-host", methods=["GET", "POST"])(cannot_host_here)
    blueprint.post("/events/<public_id>/take-over")(take_over_here)


@web.public
def invitation(key: str) -> Response:
    """Will you help? Yes or no, by the link that came to the mailbox that was asked."""
    held = access.invite_to_answer(web.db(), key)
    known = person_by_email(web.db(), held.email)
    form = forms.AnswerInviteForm()
    if known is not None:
        del form.name
    if form.is_submitted() and (not said_yes() or form.validate()):
        return answer_invite(held, said_yes(), name=None if known else form.name.data)
    return web.page(
        "events/invitation.html",
        form.code,
        event=held.event,
        part=PARTS[TeamRole(held.role)],
        when=when_of(held.event, now=clock.now()),
        host=initials(held.event.host_name or held.event.host.name),
        form=form,
        known=known,
        closed=_closed(held.event),
    )


@web.public
def cannot_host(key: str) -> Response:
    """The host's way out, by the link of a letter."""
    held = access.event_key(web.db(), key, purpose="host")
    return _cannot(held.event, held.person_id)


@web.needs(web.SIGNED_IN)
def cannot_host_here(public_id: str) -> Response:
    """The host's way out, on the event's page."""
    person_id = web.visitor().person_id
    return _cannot(access.event_to_leave(web.db(), public_id, person_id), person_id)


def _cannot(event: Event, person_id: int) -> Response:
    if request.method == "POST":
        left = operations.leave_hosting(
            web.db(), event=event, actor_id=person_id, mail=mail(), host_id=person_id
        )
        flash(_who_now(left), "success")
        return web.see_other("events.show", public_id=event.public_id)
    gone = event.host_id != person_id or event.hostless_at is not None
    return _answer_page(
        event,
        "cannot",
        _closed(event) or ("You do not host this any more. Nothing is left to do." if gone else ""),
    )


def _who_now(event: Event) -> str:
    if event.hostless_at is None:
        return "Thank you for saying so. A co-host has stepped in and gets a mail now."
    if longest_cohost(web.db(), event) is not None:
        return "Thank you for saying so. We ask your co-host now, and the organisers hear of it."
    return "Thank you for saying so. We ask who comes, and the organisers hear of it now."


@web.public
def take_over(key: str) -> Response:
    """Somebody who comes hosts it: the first yes."""
    held = access.event_key(web.db(), key, purpose="offer")
    access.check_offer(web.db(), held)
    if request.method == "POST" and request.form.get("answer") == "no":
        decline_hosting(web.db(), event=held.event, person_id=held.person_id, mail=mail())
        flash("Thank you for saying so. We ask somebody else.", "success")
        return web.see_other("events.show", public_id=held.event.public_id)
    if request.method == "POST":
        return _take_over(held.event, held.person_id, by_mail=True)
    taken = AlreadyHosted().message if held.event.hostless_at is None else ""
    return _answer_page(held.event, "take-over", _closed(held.event) or taken)


@web.needs(web.SIGNED_IN)
def take_over_here(public_id: str) -> Response:
    """The same yes on the event's page, for who was asked and for who runs the group."""
    person_id = web.visitor().person_id
    event = access.event_to_take_over(web.db(), public_id, person_id)
    return _take_over(event, person_id)


def _take_over(event: Event, person_id: int, *, by_mail: bool = False) -> Response:
    db = web.db()
    person = myself(db, person_id)
    operations.take_over(db, event=event, person=person, mail=mail(), by_mail=by_mail)
    flash("Thank you: you host it now. We have mailed you what there is to do.", "success")
    return web.see_other("events.show", public_id=event.public_id)


def _answer_page(event: Event, answer: str, closed: str) -> Response:
    return web.page(
        "events/hosting.html",
        event=event,
        when=when_of(event, now=clock.now()),
        answer=answer,
        closed=closed,
        asks_first=is_planned(web.db(), event.id),
    )


def _closed(event: Event) -> str:
    """Why there is nothing to say any more; empty where there is."""
    if event.state == "cancelled":
        return EventCancelled().message
    if event.ends_at <= clock.now():
        return EventOver().message
    return ""
