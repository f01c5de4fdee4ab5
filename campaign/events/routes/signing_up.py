"""Signing up without an account, and the mailed link to change or cancel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, request, session

from campaign.events import access, forms, operations
from campaign.events.models import Event
from campaign.events.operations import SignUp
from campaign.events.routes.announcing import mail
from campaign.events.routes.showing import event_page, secret_place
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import LIVE
from campaign.events.rules.venues import checked_postcode
from campaign.foundation import clock, limits, phone, web
from campaign.foundation.errors import at_field

REMEMBERED = 5


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/events/<public_id>/rsvp")(rsvp)
    blueprint.get("/rsvps/<key>")(manage)
    blueprint.post("/rsvps/<key>")(change)


@web.public
def rsvp(public_id: str) -> Response:
    """Sign up: a place, or the end of the waiting list."""
    form = forms.SignUpForm()
    if not form.validate():
        return _refused(public_id, form)
    if form.website.data:
        return _trapped(public_id)
    _count(form.email.data)
    event = access.event_to_see(web.db(), public_id)
    with form.refusals():
        done = _sign_up(event, form)
        return _answer(event, done, form)
    return _refused(public_id, form)


def _count(email: str) -> None:
    """Who is signed in counts by their account, not by the address they share with a hall.

    Another person's mailbox has the same limit whoever types it.
    """
    visitor = web.visitor()
    if visitor.is_authenticated:
        web.limit_of_person(limits.SIGN_UPS_SIGNED_IN)
    else:
        web.limit_address(limits.SIGN_UPS)
    if not (visitor.is_authenticated and visitor.email == email):
        web.limit(limits.SIGN_UPS, email)


def _sign_up(event: Event, form: forms.SignUpForm) -> SignUp:
    return operations.sign_up(
        web.db(),
        event=event,
        name=form.name.data,
        email=form.email.data,
        phone=_number(form.phone.data),
        postcode=checked_postcode(form.postcode.data),
        guests=form.guests.data or 0,
        shift=form.shift.data,
        client_uuid=form.client_uuid.data,
        mail=mail(),
    )


def _number(text: str | None) -> str | None:
    if not text:
        return None
    with at_field("phone"):
        return phone.parse(text, allow_unassigned=web.settings().is_development).e164


def _refused(public_id: str, form: forms.SignUpForm) -> Response:
    if web.wants_json():
        errors = {name: next(iter(given)) for name, given in form.errors.items() if name and given}
        sentence = next(iter(errors.values()), None) or (form.form_errors or ["Try again."])[0]
        answer = jsonify(error=str(sentence), errors=errors)
        answer.status_code = 422
        return answer
    return event_page(access.event_to_see(web.db(), public_id), form, 422)


def _trapped(public_id: str) -> Response:
    """A machine filled the field that no person sees: it hears what it wants to hear."""
    if web.wants_json():
        return jsonify(rsvp={"status": "accepted", "event": public_id})
    return web.see_other("events.show", public_id=public_id)


def _answer(event: Event, done: SignUp, form: forms.SignUpForm) -> Response:
    status = "accepted" if done.status == "confirmed" else done.status
    facts = {
        "status": status,
        "event": event.public_id,
        "name": form.name.data,
        "guests": done.guests,
        "place_in_line": done.before + 1 if status == "waiting" else None,
    }
    if web.wants_json():
        return jsonify(rsvp=facts)
    known = dict(session.get("signed_up", {}))
    known.pop(event.public_id, None)
    kept = dict(list(known.items())[1 - REMEMBERED :])
    session["signed_up"] = kept | {event.public_id: facts}
    return web.see_other("events.show", public_id=event.public_id, _anchor="sign-up")


@web.public
def manage(key: str) -> Response:
    """A sign-up behind its mailed link; mail programs look too, so nothing happens here."""
    return _manage_page(key, forms.GuestsForm(formdata=None))


def _manage_page(key: str, form: forms.GuestsForm) -> Response:
    rsvp = access.rsvp_to_change(web.db(), key)
    if not form.is_submitted():
        form.guests.data = rsvp.guests
    values: dict[str, Any] = {
        "rsvp": rsvp,
        "event": rsvp.event,
        "when": when_of(rsvp.event, now=clock.now()),
        "form": form,
        "key": key,
        "is_live": rsvp.status in LIVE,
        "is_over": rsvp.event.ends_at <= clock.now(),
        "secret": secret_place(rsvp.event, rsvp, None),
    }
    answer = web.page("events/rsvp.html", form.code, **values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def change(key: str) -> Response:
    """Change the number of guests, or give the place back."""
    held = access.rsvp_to_change(web.db(), key)
    form = forms.GuestsForm()
    public_id = held.event.public_id
    if "cancel" in request.form:
        operations.cancel_rsvp(web.db(), rsvp=held, mail=mail())
        forget(public_id)
        flash("Your place is free again. Thank you for saying so.", "success")
        return web.see_other("events.manage", key=key)
    if form.validate():
        with form.refusals():
            operations.change_rsvp(web.db(), rsvp=held, guests=form.guests.data or 0, mail=mail())
            forget(public_id)
            flash("Saved.", "success")
            return web.see_other("events.manage", key=key)
    return _manage_page(key, form)


def forget(public_id: str) -> None:
    """What this browser was told of its sign-up is no longer true."""
    told = dict(session.get("signed_up", {}))
    if told.pop(public_id, None):
        session["signed_up"] = told
