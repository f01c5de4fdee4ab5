"""The list with its map, and a group's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from markupsafe import Markup

from campaign.events import queries
from campaign.events.routes import asked
from campaign.events.rules.finding import RADII, Filters, parse_zoom
from campaign.events.rules.kinds import KINDS
from campaign.events.rules.signups import initials
from campaign.foundation import clock, web
from campaign.groups import forms as group_forms
from campaign.groups import queries as groups
from campaign.groups.access import group_to_see
from campaign.groups.rules import LABELS
from campaign.people.rules import Action, may
from campaign.places.maps import map_markup

TOWN_ZOOM = 11


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events")(index)
    blueprint.get("/groups/<slug>")(group_page)


@web.public
def index() -> Response:
    """What is coming, as a list and on a map."""
    search = asked.read()
    if search.problem or len(search.spots) > 1:
        return _page(search, None)
    found = queries.upcoming(web.db(), filters=search.in_view(after=asked.after()), now=clock.now())
    return _page(search, found)


def _page(search: asked.Asked, found: queries.Found | None) -> Response:
    values: dict[str, Any] = {"search": search, "found": found, "cards": []}
    if found is not None:
        values["cards"] = queries.cards(found.rows, now=clock.now())
        if found.next_after:
            values["next_url"] = search.address(after=found.next_after)
        if not found.rows:
            values["wider"] = _wider(search)
    if web.is_fragment():
        return web.page("events/_list.html", **values)
    return web.page(
        "events/index.html",
        map=map_of("events", search),
        kinds=KINDS,
        whens=asked.WHENS,
        layers=asked.LAYERS,
        radii=RADII,
        groups=groups.group_names(web.db()),
        **values,
    )


def _wider(search: asked.Asked) -> queries.Wider | None:
    """What stands further away, where a place was asked for and nothing is near it."""
    if search.spot is None:
        return None
    return queries.wider(web.db(), filters=search.filters(), now=clock.now())


def map_of(name: str, search: asked.Asked) -> Markup:
    """The map where it was left, else at the place that was asked for, else the country."""
    lat, lng, zoom = None, None, None
    if search.box is not None:
        lat = (search.box.south + search.box.north) / 2
        lng = (search.box.west + search.box.east) / 2
        zoom = search.zoom if search.zoom is not None else parse_zoom(None, search.box)
    elif search.spot is not None:
        lat, lng, zoom = search.spot.lat, search.spot.lng, TOWN_ZOOM
    return map_markup(name, label="Map of events", lat=lat, lng=lng, zoom=zoom)


@web.public
def group_page(slug: str) -> Response:
    """A group with its next events, and how to join."""
    db, person_id = web.db(), web.visitor().person_id
    group = group_to_see(db, slug)
    now = clock.now()
    found = queries.upcoming(db, filters=Filters(group=slug, sort="time", most=6), now=now)
    standings = groups.standings_in(db, group.id, person_id)
    return web.page(
        "groups/show.html",
        group=group,
        cards=queries.cards(found.rows, now=now),
        total=found.total,
        waiting=queries.waiting_for_look(db, person_id=person_id, group_id=group.id, now=now),
        members=groups.member_count(db, group.id),
        runners=[(held, initials(held.person.name)) for held in groups.runners(db, group.id)],
        labels=LABELS,
        role=groups.role_in(db, group_id=group.id, person_id=person_id),
        may_manage=may(Action.MANAGE_GROUP, standings),
        may_announce=may(Action.ANNOUNCE_EVENT, standings),
        join_form=group_forms.JoinForm(),
        map=map_markup(
            "group", label=f"Map: {group.place}", lat=group.lat, lng=group.lng, zoom=TOWN_ZOOM
        ),
    )
