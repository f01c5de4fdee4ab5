"""Opening the room of an event, by who runs it, and running it another way."""

from __future__ import annotations

from flask import Blueprint, Response, flash
from wtforms.fields.choices import SelectChoice

from campaign.events.models import Event
from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.models import Meetup
from campaign.meetups.operations.opening import change_evening, open_room
from campaign.meetups.queries import rooms
from campaign.phonebanks.models import Phonebank

AS_THEY_ARE = ("preset", "publishes", "steward", "question")


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/meetup", methods=["GET", "POST"])(open_up)
    blueprint.route("/m/<code>/desk/evening", methods=["GET", "POST"])(evening)


@web.needs(web.SIGNED_IN)
def open_up(public_id: str) -> Response:
    """Open the room, or go to its desk where it is open."""
    event = access.event_to_meet_at(web.db(), public_id, web.visitor().person_id)
    held = rooms.meetup_of_event(web.db(), event.id)
    if held is not None:
        return web.see_other("meetups.desk", code=held.code)
    offered = rooms.phonebanks_of(web.db(), event.group_id)
    form = _form(offered)
    if form.validate_on_submit():
        with form.refusals():
            code = _open(event, form, offered)
            return web.see_other("meetups.desk", code=code)
    return web.page("meetups/open.html", form.code, form=form, event=event)


@web.needs(web.SIGNED_IN)
def evening(code: str) -> Response:
    """How the evening is run, and another way of it: what was chosen in a hurry is not for good."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    offered = rooms.phonebanks_of(web.db(), meetup.event.group_id)
    form = _form(offered, meetup)
    if form.validate_on_submit():
        with form.refusals():
            change_evening(
                web.db(),
                batch=batch,
                phonebank=_chosen(form, offered),
                preset=form.preset.data,
                publishes=form.publishes.data,
                steward=form.steward.data or "",
                question=form.question.data or "",
                actor_id=web.visitor().person_id or 0,
            )
            flash("The evening runs like this now.", "success")
            return web.see_other("meetups.desk", code=meetup.code)
    return web.page("meetups/open.html", form.code, form=form, event=meetup.event, meetup=meetup)


def _form(offered: list[Phonebank], meetup: Meetup | None = None) -> forms.OpenForm:
    """What is chosen at the opening; of an open meetup, how it stands."""
    given = {}
    if meetup is not None:
        bank = next((bank for bank in offered if bank.id == meetup.phonebank_id), None)
        given = {name: getattr(meetup, name) for name in AS_THEY_ARE}
        given["phonebank"] = bank.public_id if bank else ""
    form = forms.OpenForm(data=given)
    form.phonebank.choices = [SelectChoice(bank.public_id, bank.title) for bank in offered]
    form.phonebank.choices += [SelectChoice("", "None: sessions are events only")]
    return form


def _chosen(form: forms.OpenForm, offered: list[Phonebank]) -> Phonebank | None:
    return next((bank for bank in offered if bank.public_id == form.phonebank.data), None)


def _open(event: Event, form: forms.OpenForm, offered: list[Phonebank]) -> str:
    return open_room(
        web.db(),
        event=event,
        preset=form.preset.data,
        publishes=form.publishes.data,
        phonebank=_chosen(form, offered),
        steward=form.steward.data or "",
        question=form.question.data or "",
        actor_id=web.visitor().person_id,
        now=clock.now(),
    ).code
