"""After the evening: a host's answers by the links of letters, and the organisers' call list.

Mail programs fetch every link, so opening one shows a page with buttons and changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import EventCancelled, EventOver, initials
from campaign.foundation import clock, phone, web
from campaign.foundation.errors import Refused
from campaign.meetups import access, forms
from campaign.meetups.operations import answering
from campaign.meetups.queries.following import Hosted, hosts_of, to_ring
from campaign.meetups.routes.here import mail
from campaign.meetups.rules.following import STAND_WORDS, Answer, Stand

THANKS = {
    Answer.YES: "Thank you. Everybody counts on it now.",
    Answer.HELP: "Thank you for saying so. The organisers hear of it now and ring you.",
    Answer.NO: "Thank you for saying so in time. We look for somebody else now.",
}
TONES = {
    Stand.HOSTLESS: "short",
    Stand.HELP: "short",
    Stand.SILENT: "one",
    Stand.NOT_ASKED: "brand",
    Stand.CONFIRMED: "met",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/hosting/<key>/on", methods=["GET", "POST"])(still_on)
    blueprint.route("/hosting/<key>/held", methods=["GET", "POST"])(held)
    blueprint.get("/events/<public_id>/hosts")(hosts)
    blueprint.post("/events/<public_id>/hosts/<planned>")(note)


@web.public
def still_on(key: str) -> Response:
    """Is it on? The host's own answer."""
    asked = access.host_asked(web.db(), key, question="on")
    if request.method == "POST":
        answer = _answer(request.form.get("answer", ""))
        event = answering.answer_host(
            web.db(), asked=asked, answer=answer, now=clock.now(), mail=mail()
        )
        flash(THANKS[answer], "success")
        return web.see_other("events.show", public_id=event.public_id)
    event = asked.event
    gone = event.host_id != asked.person_id or event.hostless_at is not None
    return web.page(
        "meetups/still_on.html",
        event=event,
        when=when_of(event, now=clock.now()),
        closed=_closed(event) or ("You do not host this any more." if gone else ""),
        said=asked.answer,
        say=request.args.get("say", "yes"),
    )


def _answer(text: str) -> Answer:
    if text not in set(Answer):
        raise Refused("Press one of the buttons of the page.")
    return Answer(text)


def _closed(event: Event) -> str:
    """Why there is nothing to say any more; empty where there is."""
    if event.state == "cancelled":
        return EventCancelled().message
    return EventOver().message if event.ends_at <= clock.now() else ""


@web.public
def held(key: str) -> Response:
    """Did it take place, and how many came? The host's own answer is the report."""
    asked = access.host_asked(web.db(), key, question="held")
    form = forms.HeldForm()
    if form.validate_on_submit():
        with form.refusals():
            event = answering.say_outcome(
                web.db(),
                asked=asked,
                held=form.answer.data == "yes",
                people=form.people.data,
                now=clock.now(),
            )
            flash("Thank you. It stands on the event’s page.", "success")
            return web.see_other("events.show", public_id=event.public_id, _anchor="what-happened")
    asked = access.host_asked(web.db(), key, question="held")
    event = asked.event
    return web.page(
        "meetups/held.html",
        form.code,
        event=event,
        when=when_of(event, now=clock.now()),
        form=form,
        said=asked.answer,
    )


@web.needs(web.SIGNED_IN)
def hosts(public_id: str) -> Response:
    """Whom to ring: the events whose host has not said that it is on, first."""
    event, contacts = access.hosts_to_ring(web.db(), public_id, web.visitor().person_id)
    now = clock.now()
    planned = [one for one in to_ring(hosts_of(web.db(), event.id)) if one.event.ends_at > now]
    if contacts:
        web.note("call list seen", subject=f"event:{event.id}")
    answer = web.page(
        "meetups/hosts.html",
        event=event,
        contacts=contacts,
        lines=[_line(one, now, contacts) for one in planned],
        sure=sum(one.stand is Stand.CONFIRMED for one in planned),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _line(one: Hosted, now: datetime, contacts: bool) -> dict[str, Any]:
    event, stand = one.event, one.stand
    told: dict[str, Any] = {
        "public_id": event.public_id,
        "url": url_for("events.show", public_id=event.public_id),
        "title": event.title,
        "when": when_of(event, now=now),
        "host": None if event.hostless_at else initials(event.host_name or one.host.name),
        "stand": STAND_WORDS[stand],
        "tone": TONES[stand],
        "open": stand is not Stand.CONFIRMED and stand is not Stand.HOSTLESS,
        "taken": event.taken,
    }
    if contacts and not event.hostless_at:
        told["phone"] = phone.display(one.phone) if one.phone else ""
        told["tel"], told["email"] = one.phone, one.host.email
    return told


@web.needs(web.SIGNED_IN)
def note(public_id: str, planned: str) -> Response:
    """What a host said when an organiser rang."""
    person_id = web.visitor().person_id
    held = access.host_to_ring(web.db(), public_id, planned, person_id)
    answer = _answer(request.form.get("answer", ""))
    answering.answer_for(
        web.db(), held=held, answer=answer, now=clock.now(), mail=mail(), actor_id=person_id
    )
    flash("Noted." if answer is not Answer.NO else "Noted. We look for somebody else.", "success")
    return web.see_other("meetups.hosts", public_id=public_id)
