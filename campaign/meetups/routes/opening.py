"""Opening the room of an event, by who runs it."""

from __future__ import annotations

from flask import Blueprint, Response
from wtforms.fields.choices import SelectChoice

from campaign.events.models import Event
from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms
from campaign.phonebanks.models import Phonebank


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/meetup", methods=["GET", "POST"])(open_up)


@web.needs(web.SIGNED_IN)
def open_up(public_id: str) -> Response:
    """Open the room, or go to its desk where it is open."""
    event = access.event_to_meet_at(web.db(), public_id, web.visitor().person_id)
    held = rooms.meetup_of_event(web.db(), event.id)
    if held is not None:
        return web.see_other("meetups.desk", code=held.code)
    form = forms.OpenForm()
    offered = rooms.phonebanks_of(web.db(), event.group_id)
    form.phonebank.choices = [SelectChoice(bank.public_id, bank.title) for bank in offered]
    form.phonebank.choices += [SelectChoice("", "None: sessions are events only")]
    if form.validate_on_submit():
        with form.refusals():
            code = _open(event, form, offered)
            return web.see_other("meetups.desk", code=code)
    return web.page("meetups/open.html", form.code, form=form, event=event)


def _open(event: Event, form: forms.OpenForm, offered: list[Phonebank]) -> str:
    chosen = next((bank for bank in offered if bank.public_id == form.phonebank.data), None)
    return open_room(
        web.db(),
        event=event,
        preset=form.preset.data,
        publishes=form.publishes.data,
        phonebank=chosen,
        steward=form.steward.data or "",
        question=form.question.data or "",
        actor_id=web.visitor().person_id,
        now=clock.now(),
    ).code
