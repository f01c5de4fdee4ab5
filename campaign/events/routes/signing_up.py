"""Signing up without an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, session

from campaign.events import access, forms, operations
from campaign.events.models import Event, Rsvp
from campaign.events.operations import Heard, SignUp
from campaign.events.routes.mailing import mail
from campaign.events.routes.showing import event_page, own_shift
from campaign.events.rules.venues import checked_postcode
from campaign.foundation import limits, phone, security, tokens, web
from campaign.foundation.errors import at_field

REMEMBERED = 5


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/events/<public_id>/rsvp")(rsvp)


@web.public
def rsvp(public_id: str) -> Response:
    """Sign up: a place, or the end of the waiting list."""
    form = forms.SignUpForm()
    if not form.validate():
        return _refused(public_id, form)
    if form.website.data:
        return _trapped(public_id)
    with form.refusals():
        number = _number(form.phone.data)
        _count(form.email.data or number or "")
        event = access.event_to_see(web.db(), public_id)
        done = _sign_up(event, form, number)
        return _answer(event, done, form)
    return _refused(public_id, form)


def _count(reached_by: str) -> None:
    """Who is signed in counts by their account, not by the address they share with a hall.

    Another person's mailbox or number has the same limit whoever types it.
    """
    visitor = web.visitor()
    if visitor.is_authenticated:
        web.limit_of_person(limits.SIGN_UPS_SIGNED_IN)
    else:
        web.limit_address(limits.SIGN_UPS)
    if not (visitor.is_authenticated and visitor.email == reached_by):
        web.limit(limits.SIGN_UPS, reached_by)


def _sign_up(event: Event, form: forms.SignUpForm, number: str | None) -> Heard:
    visitor = web.visitor()
    return operations.ask_for_place(
        web.db(),
        event=event,
        by=visitor.person_id,
        own=visitor.is_authenticated and visitor.email == (form.email.data or "").lower(),
        name=form.name.data,
        email=form.email.data,
        phone=number,
        postcode=checked_postcode(form.postcode.data),
        guests=form.guests.data or 0,
        guest_names=form.guest_names.data or "",
        shift=form.shift.data,
        also=form.also.data or (),
        client_uuid=_once(form),
        mail=mail(),
    )


def _once(form: forms.SignUpForm) -> str | None:
    """A program says what is the same; of a page, the same form with the same answers is."""
    return form.client_uuid.data if web.wants_json() else form.once


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


def _answer(event: Event, done: Heard, form: forms.SignUpForm) -> Response:
    status = "accepted" if done.status == "confirmed" else done.status
    facts: dict[str, Any] = {
        "status": status,
        "event": event.public_id,
        "name": form.name.data,
        "guests": done.guests,
        "place_in_line": done.before + 1 if status == "waiting" else None,
    } | _way_back(done, form)
    if (made := _made(done)) and (shift := own_shift(event, made)):
        facts["shift"] = shift
    key = facts.get("key")
    if web.wants_json():
        shown = {name: value for name, value in facts.items() if name != "key"}
        link = {"manage_url": web.settings().base_url + f"/rsvps/{key}"} if key else {}
        return jsonify(rsvp=shown | link)
    known = dict(session.get("signed_up", {}))
    known.pop(event.public_id, None)
    kept = dict(list(known.items())[1 - REMEMBERED :])
    session["signed_up"] = kept | {event.public_id: facts}
    back = security.own_path(request.form.get("back"))
    if back and back.startswith(("/events?", "/events#")):
        return web.go(back)  # to the row of the list, which says how it went
    return web.see_other("events.show", public_id=event.public_id, _anchor="sign-up")


def _made(done: Heard) -> Rsvp | None:
    """The sign-up, where this very form made it."""
    return done.rsvp if isinstance(done, SignUp) and done.is_new else None


def _way_back(done: Heard, form: forms.SignUpForm) -> dict[str, Any]:
    """Who gave no address gets no mail: the link to their place is shown at once, to keep.

    The same form again shows the same link; nobody else's form ever shows it.
    """
    if form.email.data:
        return {}
    made = _made(done)
    if made is None:
        return {"phone_only": True}
    held = f"rsvp:{made.public_id}:{made.client_uuid}"
    key = tokens.derived(held, secret=web.settings().secret_key)
    operations.keep_key(web.db(), rsvp=made, key=key)
    return {"phone_only": True, "key": key}
