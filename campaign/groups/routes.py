"""Finding, founding, joining and running a group; its public page is in events."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, request, url_for

from campaign.foundation import clock, limits, web
from campaign.foundation.errors import Refused, at_field
from campaign.groups import access, forms, operations, queries
from campaign.groups.models import Group
from campaign.groups.rules import LABELS, NEAR_KM, GroupRole, feature_of
from campaign.people.access import myself
from campaign.places import lookup
from campaign.places.rules import Spot

blueprint = Blueprint("groups", __name__)


@blueprint.get("/groups")
@web.public
def index() -> Response:
    """All groups, or those near a postcode or town."""
    near = (request.args.get("near") or "").strip()
    spots, problem = _spots(near)
    listed: list[queries.Listed] = []
    next_after = None
    if not near:
        listed, next_after = queries.all_groups(web.db(), after=request.args.get("after"))
    if len(spots) == 1:
        listed = queries.groups_near(web.db(), lat=spots[0].lat, lng=spots[0].lng, km=NEAR_KM)
    return web.page(
        "groups/index.html",
        near=near,
        spots=spots,
        problem=problem,
        listed=listed,
        next_url=url_for("groups.index", after=next_after) if next_after else None,
        within_km=NEAR_KM,
    )


@blueprint.get("/groups.geojson")
@web.public
def geojson() -> Response:
    """Groups and hubs as points, for the map and for every site."""
    features = ",".join(json.dumps(feature_of(group)) for group in queries.on_map(web.db()))
    # "<" as an escape, so that the text is harmless wherever it is put.
    content = f'"features":[{features}]'.replace("<", "\\u003c")
    return web.collection(content, edges=(-180, -90, 180, 90), now=clock.now())


def _spots(near: str) -> tuple[list[Spot], str]:
    if not near:
        return [], ""
    try:
        return lookup.find(web.settings().data_dir, near), ""
    except Refused as refusal:
        return [], refusal.message


@blueprint.route("/groups/new", methods=["GET", "POST"])
@web.keeps_typing
@web.needs(web.SIGNED_IN)
def new() -> Response:
    """Found a group."""
    form = forms.FoundForm(near=request.args.get("near"))
    spots: list[Spot] = []
    if form.validate_on_submit():
        with form.refusals():
            spots = _places_for(form)
            if len(spots) == 1:
                web.limit_of_person(limits.GROUPS_FOUNDED)
                group = _found(form, spots[0])
                flash("Your group is there. You are its convenor.", "success")
                return web.see_other("events.group_page", slug=group.slug)
    return web.page("groups/new.html", form.code, form=form, spots=spots)


def _places_for(form: forms.FoundForm) -> list[Spot]:
    with at_field("near"):
        spots = lookup.find(web.settings().data_dir, form.near.data)
    spots = [spot for spot in spots if spot.name == form.chosen_place.data] or spots
    if len(spots) > 1:
        form.near.errors = ["There are several. Choose yours below, or give the postcode."]
    return spots


def _found(form: forms.FoundForm, spot: Spot) -> Group:
    return operations.found(
        web.db(),
        founder=myself(web.db(), web.visitor().person_id),
        name=form.name.data,
        about=form.about.data or "",
        place=spot.name,
        council=spot.council,
        lat=spot.lat,
        lng=spot.lng,
        client_uuid=form.once,
    )


@blueprint.post("/groups/<slug>/join")
@web.needs(web.SIGNED_IN)
def join(slug: str) -> Response:
    """Join or follow, by one's own act."""
    group = access.group_to_see(web.db(), slug)
    form = forms.JoinForm()
    role = GroupRole.FOLLOWER if form.role.data == "follower" else GroupRole.MEMBER
    operations.join(web.db(), group=group, person_id=web.visitor().person_id, role=role)
    flash("You follow the group." if role is GroupRole.FOLLOWER else "You are a member.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@blueprint.post("/groups/<slug>/leave")
@web.needs(web.SIGNED_IN)
def leave(slug: str) -> Response:
    """Leave with one tap."""
    group = access.group_to_see(web.db(), slug)
    operations.leave(web.db(), group=group, person_id=web.visitor().person_id)
    flash("You have left the group.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@blueprint.get("/groups/<slug>/members")
@web.needs(web.SIGNED_IN)
def members(slug: str) -> Response:
    """Who belongs to the group, for its convenors."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    after = request.args.get("after")
    listed, next_after = queries.members(web.db(), group.id, after=after)
    return web.page(
        "groups/members.html",
        group=group,
        members=listed,
        total=queries.belonging_count(web.db(), group.id),
        next_url=url_for("groups.members", slug=slug, after=next_after) if next_after else None,
        labels=LABELS,
        form=forms.AppointForm(),
        about_form=forms.DescribeForm(about=group.about),
    )


@blueprint.post("/groups/<slug>/about")
@web.keeps_typing
@web.needs(web.SIGNED_IN)
def describe(slug: str) -> Response:
    """Change what the group says about itself."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    form = forms.DescribeForm()
    if not form.validate():
        raise Refused("That is too long: at most 2,000 characters fit.")
    operations.describe(
        web.db(), group=group, about=form.about.data or "", actor_id=web.visitor().person_id
    )
    return web.see_other("events.group_page", slug=group.slug)


@blueprint.post("/groups/<slug>/priority")
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


@blueprint.post("/groups/<slug>/members/<person_id>")
@web.needs(web.SIGNED_IN)
def appoint(slug: str, person_id: str) -> Response:
    """Give a member a role."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    form = forms.AppointForm()
    if not form.validate():
        raise Refused("Choose one of the roles.")
    operations.appoint(
        web.db(),
        group=group,
        person_id=access.member_of(web.db(), group, person_id).person_id,
        role=GroupRole(form.role.data),
        actor_id=web.visitor().person_id,
    )
    flash("Saved.", "success")
    return web.see_other("groups.members", slug=group.slug)
