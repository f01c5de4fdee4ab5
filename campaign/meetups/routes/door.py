"""The door: somebody without a phone comes in and gets a slip with their number."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.meetups import forms
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import joining, telling
from campaign.meetups.queries import people, rooms
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.routes.at_desk import at_door, desk_door
from campaign.meetups.routes.here import mail
from campaign.meetups.routes.joining import reach_of, whereabouts
from campaign.meetups.routes.spots import one_of
from campaign.meetups.rules.needs import marks_in_words
from campaign.meetups.rules.phases import Phase


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/door", methods=["GET", "POST"])(door)
    blueprint.get("/m/<code>/door/slips")(slips)


@desk_door
def door(code: str) -> Response:
    """A tablet at the door: bring somebody in, say their number, print their slip."""
    at = at_door(code)
    meetup, batch = at.meetup, at.batch
    form = forms.DoorForm()
    if form.validate_on_submit():
        with form.refusals():
            number = _bring_in(batch, form, at.actor_id)
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
        device=at.device,
    )


def _bring_in(batch: Batch, form: forms.DoorForm, actor_id: int) -> int:
    email, number = reach_of(form.reach.data or "")
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
        needs=form.needs,
        client_uuid=form.once,
        now=clock.now(),
        actor_id=actor_id,
    )
    if person.hears_area:
        telling.ask_about_area(web.db(), person=person, mail=mail())
    return person.number


def _by_number(batch: Batch) -> object:
    """Whom the page has just brought in."""
    asked = request.args.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return people.by_number(web.db(), batch_id=batch.id, number=number)


@desk_door
def slips(code: str) -> Response:
    """A sheet of slips to print: one, or everybody who has no phone."""
    at = at_door(code)
    one = _by_number(at.batch)
    return _slips(at.meetup, [one] if one else people.brought_in(web.db(), at.batch.id))


def _slips(meetup: Meetup, given: object) -> Response:
    return web.page(
        "meetups/slips.html",
        meetup=meetup,
        slips=given,
        marks=marks_of(web.db(), meetup.id),
        marks_in_words=marks_in_words,
    )
