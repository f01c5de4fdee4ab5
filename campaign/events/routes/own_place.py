"""A sign-up of one's own: behind its mailed link, or signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from flask import Blueprint, Response, flash, jsonify, request, session, url_for

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.operations.forgetting import facts_of
from campaign.events.routes.mailing import mail
from campaign.events.routes.showing import secret_place
from campaign.events.routes.tickets import ticket_of
from campaign.events.rules.features import moment_of, shift_time, when_of
from campaign.events.rules.in_line import standing_of
from campaign.events.rules.offers import offer_until
from campaign.events.rules.signups import LIVE
from campaign.foundation import clock, web


@dataclass(frozen=True)
class Held:
    """A sign-up and the addresses under which its owner reaches it."""

    rsvp: Rsvp
    url: str
    key: str | None = None

    @property
    def event(self) -> Event:
        """Its event."""
        return self.rsvp.event


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/rsvps/<key>")(manage)
    blueprint.post("/rsvps/<key>")(change)
    blueprint.get("/rsvps/<key>/qr.svg")(rsvp_qr)
    blueprint.get("/rsvps/<key>/data")(held_of_rsvp)
    blueprint.get("/rsvps/<key>/data.json")(held_as_json)
    blueprint.post("/rsvps/<key>/forget")(forget_it)
    blueprint.get("/events/<public_id>/place")(my_place)
    blueprint.post("/events/<public_id>/place")(change_mine)


def _by_key(key: str) -> Held:
    rsvp = access.rsvp_to_change(web.db(), key)
    return Held(rsvp, url_for("events.manage", key=key), key)


def _mine(public_id: str) -> Held:
    rsvp = access.own_rsvp(web.db(), public_id, web.visitor().person_id)
    return Held(rsvp, url_for("events.my_place", public_id=public_id))


@web.public
def manage(key: str) -> Response:
    """A sign-up behind its mailed link; mail programs look too, so nothing happens here."""
    return _page(_by_key(key), forms.GuestsForm(formdata=None))


@web.needs(web.SIGNED_IN)
def my_place(public_id: str) -> Response:
    """The same for who is signed in."""
    return _page(_mine(public_id), forms.GuestsForm(formdata=None))


@web.public
def change(key: str) -> Response:
    """Guests, yes or no to an offer, or the place given back."""
    return _change(lambda: _by_key(key))


@web.needs(web.SIGNED_IN)
def change_mine(public_id: str) -> Response:
    """The same for who is signed in."""
    return _change(lambda: _mine(public_id))


def _change(load: Callable[[], Held]) -> Response:
    form, held = forms.GuestsForm(), load()
    public_id = held.event.public_id
    done = _acted(held, form)
    if done is None:
        # The lock read the sign-up anew without its event: the page needs the whole of it.
        return _page(load(), form)
    forget(public_id)
    flash(done, "success")
    return web.go(held.url)


def _acted(held: Held, form: forms.GuestsForm) -> str | None:
    """Do what the button says; the sentence that follows, or None where the form was refused."""
    if "cancel" in request.form:
        operations.drop_out(web.db(), rsvp=held.rsvp, mail=mail())
        return "Your place is free again. Thank you for saying so."
    if "take" in request.form:
        operations.accept_offer(web.db(), rsvp=held.rsvp, mail=mail())
        return "The place is yours. See you there."
    if form.validate():
        with form.refusals():
            operations.change_rsvp(
                web.db(),
                rsvp=held.rsvp,
                guests=form.guests.data or 0,
                guest_names=form.guest_names.data or "",
                mail=mail(),
            )
            return "Saved."
    return None


def _page(held: Held, form: forms.GuestsForm) -> Response:
    rsvp, event, now = held.rsvp, held.rsvp.event, clock.now()
    if not form.is_submitted():
        form.guests.data, form.guest_names.data = rsvp.guests, rsvp.guest_names
    turn = queries.turn_of(web.db(), event=event, rsvp=rsvp, now=now)
    before = queries.waiting_before(web.db(), rsvp) if turn else 0
    until = offer_until(rsvp, event)
    values: dict[str, Any] = {
        "rsvp": rsvp,
        "event": event,
        "when": when_of(event, now=now),
        "shift": shift_time(event, rsvp.shift) if rsvp.shift else None,
        "form": form,
        "url": held.url,
        "key": held.key,
        "is_live": rsvp.status in LIVE,
        "is_over": event.ends_at <= now,
        "secret": secret_place(event, rsvp, None),
        "ticket": ticket_of(rsvp),
        "until": moment_of(until, zone=event.zone, now=now) if until else None,
        "has_run_out": until is not None and until <= now,
        "line": standing_of(
            turn,
            event=event,
            before=before,
            party=1 + rsvp.guests,
            now=now,
            mailed=bool(rsvp.person.email),
        ),
    }
    answer = web.page("events/rsvp.html", form.code, **values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def rsvp_qr(key: str) -> Response:
    """The way back to this sign-up, for a phone's camera."""
    access.rsvp_to_change(web.db(), key)
    out = BytesIO()
    address = web.settings().base_url + url_for("events.manage", key=key)
    made = segno.make(address, error="m", micro=False)
    made.save(out, kind="svg", border=2, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    response = Response(out.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@web.public
def held_of_rsvp(key: str) -> Response:
    """What we hold of this sign-up, to read; and the button that deletes it."""
    rsvp = access.rsvp_to_change(web.db(), key)
    page = web.page(
        "events/held.html", event=rsvp.event, key=key, held={"Your sign-up": [_facts(rsvp)]}
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@web.public
def held_as_json(key: str) -> Response:
    """The same for a program."""
    rsvp = access.rsvp_to_change(web.db(), key)
    answer = jsonify({"Your sign-up": [_facts(rsvp)]})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-sign-up.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _facts(rsvp: Rsvp) -> dict[str, Any]:
    return facts_of(rsvp) | {"email": rsvp.person.email}


@web.public
def forget_it(key: str) -> Response:
    """Delete what this sign-up holds; a place to come is given back. Its links die with it."""
    held = access.rsvp_to_change(web.db(), key)
    public_id = held.event.public_id
    operations.forget_rsvp(web.db(), rsvp=held, mail=mail())
    forget(public_id)
    flash("Deleted. The event keeps a count, and nothing of you.", "success")
    return web.see_other("events.show", public_id=public_id)


def forget(public_id: str) -> None:
    """What this browser was told of its sign-up is no longer true."""
    told = dict(session.get("signed_up", {}))
    if told.pop(public_id, None):
        session["signed_up"] = told
