"""Finding a group and founding one; its public page is in events."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, request, url_for

from campaign.foundation import clock, limits, web
from campaign.foundation.errors import Refused, at_field
from campaign.groups import forms, operations, queries
from campaign.groups.models import Group
from campaign.groups.rules import KIND_LABELS, NEAR_KM, feature_of
from campaign.people.access import myself
from campaign.places import lookup
from campaign.places.rules import Precision, Spot, outcode_of


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/groups")(index)
    blueprint.get("/groups.geojson")(geojson)
    blueprint.route("/groups/new", methods=["GET", "POST"])(new)


@web.public
def index() -> Response:
    """All groups, or those near a postcode or town."""
    outcode = None
    near = (request.args.get("near") or "").strip()
    spots, problem = _spots(near)
    listed: list[queries.Listed] = []
    next_after = None
    if not near:
        listed, next_after = queries.all_groups(web.db(), after=request.args.get("after"))
    if len(spots) == 1:
        outcode = _outcode_of(spots[0])
        listed = queries.groups_for(web.db(), lat=spots[0].lat, lng=spots[0].lng, outcode=outcode)
    return web.page(
        "groups/index.html",
        near=near,
        spots=spots,
        problem=problem,
        listed=listed,
        next_url=url_for("groups.index", after=next_after) if next_after else None,
        within_km=NEAR_KM,
        kinds=KIND_LABELS,
        outcode=outcode,
    )


def _outcode_of(spot: Spot) -> str | None:
    """The outcode of a postcode; of a town that of its middle."""
    if spot.precision is not Precision.PLACE:
        return outcode_of(spot.name)
    near = lookup.outcodes_near(web.settings().data_dir, spot.lat, spot.lng, most=1)
    return near[0] if near else None


def _spots(near: str) -> tuple[list[Spot], str]:
    if not near:
        return [], ""
    try:
        return lookup.find(web.settings().data_dir, near), ""
    except Refused as refusal:
        return [], refusal.message


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


@web.public
def geojson() -> Response:
    """Groups and hubs as points, for the map and for every site."""
    features = ",".join(json.dumps(feature_of(group)) for group in queries.on_map(web.db()))
    # "<" as an escape, so that the text is harmless wherever it is put.
    content = f'"features":[{features}]'.replace("<", "\\u003c")
    return web.collection(content, edges=(-180, -90, 180, 90), now=clock.now())
