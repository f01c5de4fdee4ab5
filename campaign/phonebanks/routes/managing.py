"""Making a phonebank ready: starting one, what it is, hours, sessions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.groups.models import Group
from campaign.phonebanks import access, adapters
from campaign.phonebanks.forms import managing as forms
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import practising, setup
from campaign.phonebanks.queries import board, preparing, shifts, training
from campaign.phonebanks.rules.ending import end_of, last_day_of
from campaign.phonebanks.rules.overbooking import more_for


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/new", methods=["GET", "POST"])(new)
    blueprint.get("/phonebanks/<public_id>/setup")(set_up)
    blueprint.post("/phonebanks/<public_id>/describe")(describe)
    blueprint.post("/phonebanks/<public_id>/hours")(hours)
    blueprint.route("/phonebanks/<public_id>/sessions", methods=["GET", "POST"])(sessions)
    blueprint.post("/phonebanks/<public_id>/sessions/<event_id>/detach")(detach)
    blueprint.post("/phonebanks/<public_id>/leads")(leads)
    blueprint.post("/phonebanks/<public_id>/status")(status)


def to_manage(public_id: str) -> Phonebank:
    """The phonebank, for who looks after it."""
    return access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)


@web.needs(web.SIGNED_IN)
def new() -> Response:
    """Start a phonebank for one of one's groups."""
    groups = board.groups_run_by(web.db(), web.visitor().person_id)
    form = forms.NewForm()
    form.group.choices = forms.choices_of((group.slug, group.name) for group in groups)
    if groups and form.validate_on_submit():
        with form.refusals():
            phonebank = _start(form, groups)
            flash("It is there, as a draft. Make it ready below.", "success")
            return web.see_other("phonebanks.set_up", public_id=phonebank.public_id)
    return web.page("phonebanks/new.html", form.code, form=form, groups=groups)


def _start(form: forms.NewForm, groups: list[Group]) -> Phonebank:
    group = next((group for group in groups if group.slug == form.group.data), None)
    if group is None:
        raise Refused("Choose a group that you run.", field="group")
    now, actor_id = clock.now(), web.visitor().person_id
    # The first phonebank of an installation brings the one to practise on with it.
    key = web.settings().suppression_key
    practising.provide(web.db(), group=group, actor_id=actor_id, key=key, now=now)
    return setup.found(
        web.db(),
        group=group,
        title=form.title.data,
        reason=form.reason.data,
        access=form.access.data,
        closes_at=end_of(form.last_day.data, before=None, now=now),
        actor_id=actor_id,
        now=now,
    )


@web.needs(web.SIGNED_IN)
def set_up(public_id: str) -> Response:
    """How ready it is, with all that can be changed."""
    return setup_page(to_manage(public_id), 200)


@web.needs(web.SIGNED_IN)
def describe(public_id: str) -> Response:
    """What it is called, why it rings and who may call."""
    phonebank = to_manage(public_id)
    form = forms.DescribeForm()
    if form.validate_on_submit():
        with form.refusals():
            before, now = phonebank.closes_at, clock.now()
            setup.describe(
                web.db(),
                phonebank=phonebank,
                title=form.title.data,
                reason=form.reason.data,
                access=form.access.data,
                closes_at=end_of(form.last_day.data, before=before, now=now),
                actor_id=web.visitor().person_id,
            )
            return _saved(phonebank, "Saved.")
    return setup_page(phonebank, 422, form=form)


@web.needs(web.SIGNED_IN)
def leads(public_id: str) -> Response:
    """One lead more."""
    phonebank = to_manage(public_id)
    form = forms.LeadForm()
    if form.validate_on_submit():
        with form.refusals():
            person = setup.invite_lead(
                web.db(),
                phonebank=phonebank,
                email=form.email.data,
                actor_id=web.visitor().person_id,
            )
            return _saved(phonebank, f"{person.name} leads it too.")
    return setup_page(phonebank, 422, lead_form=form)


@web.needs(web.SIGNED_IN)
def hours(public_id: str) -> Response:
    """When people are rung."""
    phonebank = to_manage(public_id)
    form = forms.HoursForm()
    if form.validate_on_submit():
        with form.refusals():
            setup.set_hours(
                web.db(),
                phonebank=phonebank,
                hours=form.hours(),
                actor_id=web.visitor().person_id,
            )
            return _saved(phonebank, "The hours are saved.")
    return setup_page(phonebank, 422, hours_form=form)


def _saved(phonebank: Phonebank, words: str) -> Response:
    flash(words, "success")
    return web.see_other("phonebanks.set_up", public_id=phonebank.public_id)


def setup_page(phonebank: Phonebank, code: int, **given: Any) -> Response:
    """The set-up page; a form that was refused stands in it as it was sent."""
    rules, now = adapters.calling_rules(), clock.now()
    week = preparing.week_of(phonebank, rules.usual)
    values: dict[str, Any] = {
        "phonebank": phonebank,
        "items": preparing.readiness(web.db(), phonebank, usual=rules.usual, now=now),
        "missing": setup.whats_missing(web.db(), phonebank, movement=web.settings().name),
        "sessions": board.sessions(web.db(), phonebank.id, now=now),
        "batches": board.batches(web.db(), phonebank.id),
        "leads": board.leads(web.db(), phonebank.id),
        "script": board.script_of(web.db(), phonebank.id),
        "week": week,
        "outer": rules.outer,
        "when": _when,
    }
    # Made only where they were not sent: a form reads whatever the request carries.
    if "form" not in given:
        last_day = last_day_of(phonebank.closes_at)
        values["form"] = forms.DescribeForm(formdata=None, obj=phonebank, last_day=last_day)
    if "lead_form" not in given:
        values["lead_form"] = forms.LeadForm(formdata=None)
    if "hours_form" not in given:
        values["hours_form"] = forms.HoursForm(formdata=None, **forms.HoursForm.typed_before(week))
    return web.page("phonebanks/setup.html", code, **values | given)


@web.needs(web.SIGNED_IN)
def sessions(public_id: str) -> Response:
    """Evenings whose roster calls: those there are, and the group's others to choose from."""
    phonebank = to_manage(public_id)
    offered = board.events_to_attach(web.db(), phonebank, now=clock.now())
    attached = board.sessions(web.db(), phonebank.id, now=clock.now())
    form = forms.AttachForm()
    form.event.choices = forms.choices_of((event.public_id, event.title) for event in offered)
    if form.validate_on_submit():
        with form.refusals():
            _attach(phonebank, offered, form.event.data)
            flash("Its roster may call now.", "success")
            return web.see_other("phonebanks.sessions", public_id=public_id)
    return web.page(
        "phonebanks/sessions.html",
        form.code,
        form=form,
        phonebank=phonebank,
        offered={event.public_id: event for event in offered},
        sessions=attached,
        ready=training.ready_of(web.db(), [event.id for event in attached]),
        languages=shifts.languages_of(web.db(), phonebank.id),
        when=_when,
        **_usually_empty(phonebank),
    )


def _usually_empty(phonebank: Phonebank) -> dict[str, Any]:
    """How many of those with a place usually stay away, and what that means for a session."""
    shown = shifts.shown_so_far(web.db(), phonebank.group_id, now=clock.now())
    return {"shown": shown, "more_places": lambda event: more_for(event, shown, now=clock.now())}


@web.needs(web.SIGNED_IN)
def detach(public_id: str, event_id: str) -> Response:
    """The roster of one session no longer calls."""
    phonebank = to_manage(public_id)
    for event in board.sessions(web.db(), phonebank.id, now=clock.now()):
        if event.public_id == event_id:
            actor_id = web.visitor().person_id
            setup.detach_session(web.db(), phonebank=phonebank, event=event, actor_id=actor_id)
    flash("Its roster no longer calls.", "success")
    return web.see_other("phonebanks.sessions", public_id=public_id)


def _attach(phonebank: Phonebank, offered: list[Event], wanted: str) -> None:
    event = next((event for event in offered if event.public_id == wanted), None)
    if event is None:
        raise Refused("Choose one of the group’s own events that are to come.", field="event")
    setup.attach_session(
        web.db(), phonebank=phonebank, event=event, actor_id=web.visitor().person_id
    )


def _when(event: Event) -> str:
    return when_of(event, now=clock.now())


@web.needs(web.SIGNED_IN)
def status(public_id: str) -> Response:
    """Open, pause, close."""
    phonebank, wanted = to_manage(public_id), request.form.get("status")
    actor_id = web.visitor().person_id
    if wanted == "open":
        movement = web.settings().name
        setup.open_up(web.db(), phonebank=phonebank, actor_id=actor_id, movement=movement)
        flash("It is open. Callers can begin.", "success")
    elif wanted == "paused":
        setup.pause(web.db(), phonebank=phonebank, actor_id=actor_id, now=clock.now())
        flash("Paused. Nobody is handed out until you go on.", "success")
    elif wanted == "closed":
        setup.close(web.db(), phonebank=phonebank, actor_id=actor_id, now=clock.now())
        flash("Closed. Late reports are still taken.", "success")
    else:
        raise Refused("Choose open, pause or close.")
    return web.see_other("phonebanks.lead", public_id=public_id)
