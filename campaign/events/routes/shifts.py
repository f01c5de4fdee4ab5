"""The shifts of an event: one page to make, change and remove them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.events import access, adapters, forms, operations, queries
from campaign.events.models import Event, Shift
from campaign.events.operations.shifts import STAY
from campaign.events.routes.mailing import mail
from campaign.events.rules.features import shift_time
from campaign.events.rules.shifts import Slot, moments, need_of_shift, slots_between
from campaign.events.rules.templates import Template
from campaign.foundation import web
from campaign.foundation.errors import NotFound
from campaign.foundation.words import plural


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/shifts", methods=["GET", "POST"])(shifts)
    blueprint.post("/events/<public_id>/shifts/fill")(fill_shifts)
    blueprint.post("/events/<public_id>/shifts/<shift_id>")(change_shift)
    blueprint.post("/events/<public_id>/shifts/<shift_id>/remove")(remove_shift)


@dataclass
class Forms:
    """The forms of the page; each of a shift by its public id."""

    adding: forms.ShiftForm
    filling: forms.FillForm
    changing: dict[str, forms.ShiftForm]
    removing: dict[str, forms.RemoveShiftForm]


@web.needs(web.SIGNED_IN)
def shifts(public_id: str) -> Response:
    """The shifts as they are; sent, the form adds one."""
    event = _event(public_id)
    held = _forms(event)
    if request.method == "POST":
        held.adding = forms.ShiftForm(prefix="add-")
        if held.adding.validate():
            with held.adding.refusals():
                slots = [_slot(held.adding, event)]
                operations.add_shifts(web.db(), event=event, slots=slots, actor_id=_me())
                return _done(event, "The shift is there.")
    return _page(event, held)


@web.needs(web.SIGNED_IN)
def fill_shifts(public_id: str) -> Response:
    """Fill the event, or a part of it, with shifts of one length."""
    event = _event(public_id)
    held = _forms(event)
    form = held.filling = forms.FillForm(prefix="fill-")
    if form.validate():
        with form.refusals():
            whole = _slot(form, event)
            slots = slots_between(
                whole.starts_at,
                whole.ends_at,
                minutes=int(form.minutes.data),
                capacity=whole.capacity,
                needed=whole.needed,
                role=whole.role,
            )
            operations.add_shifts(web.db(), event=event, slots=slots, actor_id=_me())
            return _done(event, f"{plural(len(slots), 'shift is', 'shifts are')} there.")
    return _page(event, held)


@web.needs(web.SIGNED_IN)
def change_shift(public_id: str, shift_id: str) -> Response:
    """Change one."""
    event = _event(public_id)
    held = _forms(event)
    _known(held, shift_id)
    form = held.changing[shift_id] = forms.ShiftForm(prefix=f"{shift_id}-")
    if form.validate():
        with form.refusals():
            operations.change_shift(
                web.db(),
                event=event,
                shift_id=shift_id,
                slot=_slot(form, event),
                actor_id=_me(),
                mail=mail(),
            )
            return _done(event, "Saved.")
    return _page(event, held)


@web.needs(web.SIGNED_IN)
def remove_shift(public_id: str, shift_id: str) -> Response:
    """Take one away; with people in it, only where it was said where they go."""
    event = _event(public_id)
    held = _forms(event)
    _known(held, shift_id)
    form = held.removing[shift_id] = forms.RemoveShiftForm(prefix=f"{shift_id}-")
    if form.validate():
        with form.refusals():
            moved = operations.remove_shift(
                web.db(),
                event=event,
                shift_id=shift_id,
                actor_id=_me(),
                into=form.into.data or None,
                mail=mail(),
            )
            told = f" {plural(moved, 'person hears', 'people hear')} where they are now."
            return _done(event, f"The shift is gone.{told if moved else ''}")
    return _page(event, held)


def _event(public_id: str) -> Event:
    return access.event_to_manage(web.db(), public_id, _me())


def _known(held: Forms, shift_id: str) -> None:
    if shift_id not in held.changing:
        raise NotFound("There is no such shift. It may have been removed: look at the list.")


def _me() -> int:
    return int(web.visitor().person_id or 0)


def _slot(form: forms.ShiftForm, event: Event) -> Slot:
    """What was typed, as a shift of the event."""
    starts_at, ends_at = moments(event, form.day.data, form.start.data, form.end.data)
    template = _template(event)
    return Slot(
        starts_at,
        ends_at,
        int(form.capacity.data) if form.capacity.data else None,
        int(form.needed.data) if form.needed.data else None,
        form.role.data or template.usual_role,
    )


def _template(event: Event) -> Template:
    return queries.template_for(web.db(), event.kind, adapters.default_templates())


def _forms(event: Event) -> Forms:
    """Every form as it stands before anybody typed."""
    zone = ZoneInfo(event.zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    proposed = {"day": starts.date(), "start": starts.time(), "end": ends.time()}
    proposed |= {"role": _template(event).usual_role}
    return Forms(
        forms.ShiftForm(formdata=None, prefix="add-", **proposed),
        forms.FillForm(formdata=None, prefix="fill-", **proposed),
        {shift.public_id: _typed_before(shift, zone) for shift in event.shifts},
        {
            shift.public_id: forms.RemoveShiftForm(formdata=None, prefix=f"{shift.public_id}-")
            for shift in event.shifts
        },
    )


def _typed_before(shift: Shift, zone: ZoneInfo) -> forms.ShiftForm:
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    return forms.ShiftForm(
        formdata=None,
        prefix=f"{shift.public_id}-",
        day=starts.date(),
        start=starts.time(),
        end=ends.time(),
        role=shift.role,
        capacity=str(shift.capacity) if shift.capacity else None,
        needed=str(shift.needed) if shift.needed else None,
    )


def _page(event: Event, held: Forms) -> Response:
    event = _event(event.public_id)  # a refusal leaves it without its shifts
    counted = queries.sign_ups_by_shift(web.db(), event_id=event.id)
    rows: list[dict[str, Any]] = [
        {
            "shift": shift,
            "time": shift_time(event, shift),
            "need": need_of_shift(shift),
            "change": held.changing[shift.public_id],
            "remove": held.removing[shift.public_id],
            "people": counted.get(shift.id, 0),
            "others": [
                (other.public_id, f"{shift_time(event, other)}, {other.role}")
                for other in event.shifts
                if other is not shift
            ]
            or [(STAY, "They stay at the event, without a shift")],
        }
        for shift in event.shifts
    ]
    several = event.starts_at.astimezone(ZoneInfo(event.zone)).date() != (
        event.ends_at.astimezone(ZoneInfo(event.zone)).date()
    )
    code = 422 if request.method == "POST" else 200
    return web.page(
        "events/shifts.html",
        code,
        event=event,
        rows=rows,
        adding=held.adding,
        filling=held.filling,
        several_days=several,
        roles=_template(event).roles,
        loose=event.taken - sum(shift.taken for shift in event.shifts),
    )


def _done(event: Event, sentence: str) -> Response:
    flash(sentence, "success")
    return web.see_other("events.shifts", public_id=event.public_id)
