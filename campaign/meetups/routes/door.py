"""The door: somebody without a phone comes in and gets a slip with their number."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import joining, telling
from campaign.meetups.queries import people, rooms
from campaign.meetups.routes.here import mail
from campaign.meetups.routes.joining import let_nobody_back, reach_of, whereabouts
from campaign.meetups.routes.spots import one_of
from campaign.meetups.rules.phases import Phase


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/door", methods=["GET", "POST"])(door)
    blueprint.get("/m/<code>/door/slips")(slips)


@web.needs(web.SIGNED_IN)
def door(code: str) -> Response:
    """A tablet at the door: bring somebody in, say their number, print their slip."""
    meetup, batch = access.meetup_at_door(web.db(), code, web.visitor().person_id)
    form = forms.DoorForm()
    if form.validate_on_submit():
        with form.refusals():
            number = _bring_in(batch, form)
            return web.see_other("meetups.door", code=meetup.code, number=number)
    return web.page(
        "meetups/door.html",
        form.code,
        meetup=meetup,
        batch=batch,
        form=form,
        last=_by_number(batch),
        counts=rooms.counts(web.db(), meetup, batch),
        brought=people.brought_in(web.db(), batch.id),
        is_over=batch.phase == Phase.OVER,
    )


def _bring_in(batch: Batch, form: forms.DoorForm) -> int:
    email, number = reach_of(form.reach.data or "")
    let_nobody_back(batch, email, number)
    person = joining.bring_in(
        web.db(),
        batch=batch,
        name=form.name.data,
        initial=(form.initial.data or "").upper()[:1],
        where=whereabouts(one_of(form.where.data, field="where")),
        email=email,
        phone=number,
        consents=form.consents,
        access_needs=form.access_needs.data or "",
        now=clock.now(),
        actor_id=web.visitor().person_id or 0,
    )
    if person.hears_area:
        telling.ask_about_area(web.db(), person=person, mail=mail())
    return person.number


def _by_number(batch: Batch) -> object:
    """Whom the page has just brought in."""
    asked = request.args.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return people.by_number(web.db(), batch_id=batch.id, number=number)


@web.needs(web.SIGNED_IN)
def slips(code: str) -> Response:
    """A sheet of slips to print: one, or everybody who has no phone."""
    meetup, batch = access.meetup_at_door(web.db(), code, web.visitor().person_id)
    one = _by_number(batch)
    return _slips(meetup, [one] if one else people.brought_in(web.db(), batch.id))


def _slips(meetup: Meetup, given: object) -> Response:
    return web.page("meetups/slips.html", meetup=meetup, slips=given)
