"""Starting a phonebank and making it ready."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request
from wtforms.fields.choices import SelectChoice

from campaign.events.models import Event
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.groups.access import group_to_see
from campaign.groups.models import Group
from campaign.people.rules import Action, require
from campaign.phonebanks import access, forms
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import practising, setup
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.scripts import simple_steps


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    both = ["GET", "POST"]
    blueprint.route("/phonebanks/new", methods=both)(new)
    blueprint.get("/phonebanks/<public_id>/setup")(set_up)
    blueprint.post("/phonebanks/<public_id>/describe")(describe)
    blueprint.post("/phonebanks/<public_id>/hours")(hours)
    blueprint.route("/phonebanks/<public_id>/script", methods=both)(script)
    blueprint.post("/phonebanks/<public_id>/sessions")(attach)
    blueprint.post("/phonebanks/<public_id>/status")(status)


@web.needs(web.SIGNED_IN)
def new() -> Response:
    """Start a phonebank for a group one runs."""
    person_id = web.visitor().person_id
    form = forms.NewForm()
    form.group.choices = [
        SelectChoice(group.slug, group.name) for group in board.groups_run_by(web.db(), person_id)
    ]
    if form.validate_on_submit():
        group = group_to_see(web.db(), form.group.data)
        require(Action.OPEN_PHONEBANK, board.standings_in_group(web.db(), group.id, person_id))
        phonebank = setup.found(
            web.db(),
            group=group,
            title=form.title.data,
            reason=form.reason.data,
            access=form.access.data,
            actor_id=person_id,
            now=clock.now(),
        )
        _provide_practice(group, person_id)
        return web.see_other("phonebanks.set_up", public_id=phonebank.public_id)
    return web.page("phonebanks/new.html", form.code, form=form)


def _provide_practice(group: Group, person_id: int) -> None:
    """The first phonebank of an installation brings the practice phonebank with it."""
    key = web.settings().suppression_key
    practising.provide(web.db(), group=group, actor_id=person_id, key=key, now=clock.now())


@web.needs(web.SIGNED_IN)
def set_up(public_id: str) -> Response:
    """What is ready and what is missing."""
    return _page(_mine(public_id))


@web.needs(web.SIGNED_IN)
def describe(public_id: str) -> Response:
    """Its name, its reason, who may call."""
    phonebank, form = _mine(public_id), forms.DescribeForm()
    if not form.validate_on_submit():
        return _page(phonebank, form.code, describe_form=form)
    setup.describe(
        web.db(),
        phonebank=phonebank,
        title=form.title.data,
        reason=form.reason.data,
        access=form.access.data,
        actor_id=web.visitor().person_id,
    )
    return _done(phonebank, "Saved.")


@web.needs(web.SIGNED_IN)
def hours(public_id: str) -> Response:
    """When people are rung."""
    phonebank, form = _mine(public_id), forms.HoursForm()
    if form.validate_on_submit():
        with form.refusals():
            setup.set_hours(
                web.db(),
                phonebank=phonebank,
                hours=form.hours(),
                actor_id=web.visitor().person_id,
            )
            return _done(phonebank, "The hours are saved.")
    return _page(phonebank, form.code, hours_form=form)


@web.needs(web.SIGNED_IN)
def script(public_id: str) -> Response:
    """What callers say."""
    phonebank, form = _mine(public_id), forms.ScriptForm()
    if form.validate_on_submit():
        with form.refusals():
            steps = simple_steps(
                opening=form.opening.data,
                questions=form.questions(),
                closing=form.closing.data or "",
            )
            setup.write_script(
                web.db(),
                phonebank=phonebank,
                steps=steps,
                actor_id=web.visitor().person_id,
                now=clock.now(),
            )
            return _done(phonebank, "The script is saved.")
    if request.method == "GET":
        _fill(form, phonebank)
    return web.page("phonebanks/script.html", form.code, form=form, phonebank=phonebank)


@web.needs(web.SIGNED_IN)
def attach(public_id: str) -> Response:
    """Let the roster of an event call."""
    phonebank, form = _mine(public_id), _attach_form(_mine(public_id))
    if form.validate_on_submit():
        with form.refusals():
            events = board.events_to_attach(web.db(), phonebank, now=clock.now())
            chosen = next(event for event in events if event.public_id == form.event.data)
            setup.attach_session(
                web.db(), phonebank=phonebank, event=chosen, actor_id=web.visitor().person_id
            )
            return _done(phonebank, "The roster of this session can call now.")
    return _page(phonebank, form.code, attach_form=form)


@web.needs(web.SIGNED_IN)
def status(public_id: str) -> Response:
    """Open, pause, close."""
    phonebank, wanted = _mine(public_id), request.form.get("status")
    actor_id = web.visitor().person_id
    if wanted == "open":
        setup.open_up(web.db(), phonebank=phonebank, actor_id=actor_id)
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


def _mine(public_id: str) -> Phonebank:
    return access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)


def _done(phonebank: Phonebank, words: str) -> Response:
    flash(words, "success")
    return web.see_other("phonebanks.set_up", public_id=phonebank.public_id)


def _attach_form(phonebank: Phonebank) -> forms.AttachForm:
    form = forms.AttachForm()
    events = board.events_to_attach(web.db(), phonebank, now=clock.now())
    form.event.choices = [(event.public_id, f"{_when(event)}: {event.title}") for event in events]
    return form


def _when(event: Event) -> str:
    return human_when(event.starts_at, event.ends_at, ZoneInfo(event.zone))


def _page(
    phonebank: Phonebank,
    code: int = 200,
    *,
    describe_form: forms.DescribeForm | None = None,
    hours_form: forms.HoursForm | None = None,
    attach_form: forms.AttachForm | None = None,
) -> Response:
    return web.page(
        "phonebanks/setup.html",
        code,
        phonebank=phonebank,
        describe_form=describe_form or forms.DescribeForm(formdata=None, obj=phonebank),
        hours_form=hours_form or forms.HoursForm(formdata=None, data=_hours_of(phonebank)),
        attach_form=attach_form or _attach_form(phonebank),
        missing=setup.whats_missing(web.db(), phonebank),
        script=board.script_of(web.db(), phonebank.id),
        progress=board.progress(web.db(), phonebank.id),
        batches=board.batches(web.db(), phonebank.id),
        sessions=[
            (event, _when(event))
            for event in board.sessions(web.db(), phonebank.id, now=clock.now())
        ],
        leads=board.leads(web.db(), phonebank.id),
    )


def _hours_of(phonebank: Phonebank) -> dict[str, str]:
    if not phonebank.hours:
        return {}
    found = {}
    for name, day in (("week", "mon"), ("sat", "sat"), ("sun", "sun")):
        pair = phonebank.hours.get(day) or ["", ""]
        found[f"{name}_from"], found[f"{name}_until"] = pair[0], pair[1]
    return found


def _fill(form: forms.ScriptForm, phonebank: Phonebank) -> None:
    last = board.script_of(web.db(), phonebank.id)
    if last is None:
        return
    asked = [step for step in last.steps if step.get("options")]
    told = [step for step in last.steps if not step.get("options")]
    form.opening.data = told[0]["say"] if told else ""
    form.closing.data = told[-1]["say"] if len(told) > 1 else ""
    for number, step in enumerate(asked[:3], 1):
        form[f"question{number}"].data = step["say"]
        labels = [option["label"] for option in step["options"]]
        form[f"answers{number}"].data = "\n".join(labels)
