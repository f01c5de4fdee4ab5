"""What is proposed for each kind of event: administrators see and change it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash

from campaign.events import access, adapters, forms, operations, queries
from campaign.events.operations.templates import mark_of
from campaign.events.queries.templates import Held
from campaign.events.rules.kinds import KINDS, Kind
from campaign.events.rules.templates import Template, TemplateChanged, lines_of
from campaign.events.rules.times import ZONE
from campaign.foundation import web
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.words import human_day


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/event-templates")(templates)
    blueprint.route("/event-templates/<kind>", methods=["GET", "POST"])(template)
    blueprint.post("/event-templates/<kind>/default")(default_template)


@web.needs(web.SIGNED_IN)
def templates() -> Response:
    """Every kind with its length, and who changed what."""
    access.templates_to_manage(web.db(), web.visitor().person_id)
    held = queries.all_templates(web.db(), adapters.default_templates()).values()
    return web.page(
        "events/templates.html", rows=[(KINDS[one.kind], one, _changed(one)) for one in held]
    )


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def template(kind: str) -> Response:
    """One kind's template, and the form to change it."""
    actor_id = access.templates_to_manage(web.db(), web.visitor().person_id)
    held = _held(kind)
    form = forms.TemplateForm(**_typed_before(held))
    code = form.code
    if form.validate_on_submit():
        try:
            operations.change_template(
                web.db(),
                kind=held.kind,
                template=_typed(form),
                seen=form.seen.data or "",
                actor_id=actor_id,
            )
        except Refused as refusal:
            form.refuse(refusal)
            held, code = _held(kind), refusal.status
            if isinstance(refusal, TemplateChanged):
                form.seen.data = mark_of(held.changed)
        else:
            flash("Saved. It is proposed from now on.", "success")
            return web.see_other("events.templates")
    return _page(held, form, code)


@web.needs(web.SIGNED_IN)
def default_template(kind: str) -> Response:
    """Back to what the operator's file says."""
    actor_id = access.templates_to_manage(web.db(), web.visitor().person_id)
    held, form = _held(kind), forms.TemplateForm()
    operations.back_to_default(
        web.db(), kind=held.kind, seen=form.seen.data or "", actor_id=actor_id
    )
    flash(f"{KINDS[held.kind].label}: the default is proposed again.", "success")
    return web.see_other("events.template", kind=kind)


def _held(kind: str) -> Held:
    if kind not in KINDS:
        raise NotFound("There is no such kind of event. Choose one from the list.")
    return queries.all_templates(web.db(), adapters.default_templates())[Kind(kind)]


def _typed(form: forms.TemplateForm) -> Template:
    return Template(
        int(form.minutes.data or 0),
        form.about.data or "",
        lines_of(form.kit.data),
        lines_of(form.roles.data),
        lines_of(form.safety.data),
    )


def _typed_before(held: Held) -> dict[str, str]:
    template = held.template
    return {
        "minutes": str(template.minutes),
        "about": template.about,
        "kit": "\n".join(template.kit),
        "roles": "\n".join(template.roles),
        "safety": "\n".join(template.safety),
        "seen": mark_of(held.changed),
    }


def _changed(held: Held) -> str:
    """ "by Ada, on Friday 27 November", or nothing where it is the default."""
    if held.changed is None:
        return ""
    day = human_day(held.changed.changed_at.astimezone(ZoneInfo(ZONE)).date())
    return f"by {held.changed_by}, on {day}" if held.changed_by else f"on {day}"


def _page(held: Held, form: forms.TemplateForm, code: int) -> Response:
    return web.page(
        "events/template.html",
        code,
        kind=held.kind,
        facts=KINDS[held.kind],
        held=held,
        changed=_changed(held),
        form=form,
    )
