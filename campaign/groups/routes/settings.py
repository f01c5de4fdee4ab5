"""What a group says about itself, on one page for its convenors."""

from __future__ import annotations

from flask import Blueprint, Response, flash
from wtforms.fields.choices import SelectChoice

from campaign.foundation import web
from campaign.foundation.errors import Refused, at_field
from campaign.groups import access, forms, operations, queries
from campaign.groups.models import Group
from campaign.groups.rules import Contact, GroupKind, outcodes_of
from campaign.places import lookup


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/groups/<slug>/settings", methods=["GET", "POST"])(settings)
    blueprint.post("/groups/<slug>/priority")(weigh)


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def settings(slug: str) -> Response:
    """Kind, parent, area, who may write, who may join."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    parents = _parents(group)
    form = forms.SettingsForm(data=_held(group, parents))
    form.parent.choices = [
        SelectChoice("", "No other group"),
        *(SelectChoice(parent.slug, parent.name) for parent in parents),
    ]
    if form.validate_on_submit():
        with form.refusals():
            _check_outcodes(form.outcodes.data)
            _keep(group, form, parents)
            flash("Saved.", "success")
            return web.see_other("events.group_page", slug=group.slug)
    return web.page("groups/settings.html", form.code, form=form, group=group)


def _parents(group: Group) -> list[Group]:
    """What it may be part of: the groups one helps to run, and the one it is part of now."""
    mine = queries.groups_run_by(web.db(), web.visitor().person_id)
    held = queries.group_by_id(web.db(), group.parent_id) if group.parent_id else None
    found = {one.id: one for one in [*mine, *([held] if held else [])] if one.id != group.id}
    return list(found.values())


def _held(group: Group, parents: list[Group]) -> dict[str, str | None]:
    return {
        "about": group.about,
        "kind": group.kind,
        "parent": next((one.slug for one in parents if one.id == group.parent_id), ""),
        "outcodes": group.outcodes.replace(" ", ", "),
        "radius_km": f"{group.radius_km:g}" if group.radius_km else "",
        "contact": group.contact,
        "joining": "open" if group.is_open else "asked",
    }


def _check_outcodes(text: str | None) -> None:
    """Each must be one that there is."""
    for outcode in outcodes_of(text).split():
        with at_field("outcodes"):
            lookup.find(web.settings().data_dir, outcode)


def _keep(group: Group, form: forms.SettingsForm, parents: list[Group]) -> None:
    operations.describe(
        web.db(),
        group=group,
        actor_id=web.visitor().person_id,
        about=form.about.data or "",
        kind=GroupKind(form.kind.data),
        parent=next((one for one in parents if one.slug == form.parent.data), None),
        outcodes=form.outcodes.data,
        radius_km=float(form.radius_km.data) if form.radius_km.data else None,
        contact=Contact(form.contact.data),
        is_open=form.joining.data == "open",
    )


@web.needs(web.SIGNED_IN)
def weigh(slug: str) -> Response:
    """Say how much the group's area counts just now."""
    group = access.group_to_weigh(web.db(), slug, web.visitor().person_id)
    form = forms.PriorityForm()
    if not form.validate():
        raise Refused("Choose how much the area counts.")
    operations.weigh(
        web.db(),
        group=group,
        priority=int(form.priority.data),
        actor_id=web.visitor().person_id,
    )
    flash("Saved. The list of what is needed most goes by it at once.", "success")
    return web.see_other("events.group_page", slug=group.slug)
