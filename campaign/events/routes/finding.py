"""The list with its map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, session, url_for
from markupsafe import Markup

from campaign.events import queries
from campaign.events.routes import asked
from campaign.events.rules.finding import RADII, parse_zoom
from campaign.events.rules.kinds import KINDS
from campaign.foundation import clock, web
from campaign.groups import queries as groups
from campaign.places.maps import map_markup

TOWN_ZOOM = 11
MOST_GROUPS = 40


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events")(index)


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
        values["told"] = _told(found)
        values["cards"] = queries.cards(found.rows, now=clock.now())
        if found.next_after:
            values["next_url"] = search.address(after=found.next_after)
        if not found.rows:
            values["wider"] = _wider(search)
            values["follow_url"] = _follow(search)
    if web.is_fragment():
        return web.page("events/_list.html", **values)
    return web.page(
        "events/index.html",
        map=map_of("events", search),
        kinds=KINDS,
        whens=asked.WHENS,
        layers=asked.LAYERS,
        radii=RADII,
        groups=_choice_of_groups(search),
        **values,
    )


def _told(found: queries.Found) -> dict[str, str]:
    """How the visitor's own sign-ups to these events stand, so that each row says it."""
    ids = {row.event.id: row.event.public_id for row in found.rows}
    told = {
        public_id: facts["status"]
        for public_id, facts in session.get("signed_up", {}).items()
        if public_id in ids.values()
    }
    mine = queries.statuses_of(web.db(), person_id=web.visitor().person_id, event_ids=list(ids))
    return told | {ids[key]: status for key, status in mine.items()}


def _choice_of_groups(search: asked.Asked) -> list[tuple[str, str]]:
    """Every group where that is a choice one can look through, else the one that was asked for."""
    named = groups.group_names(web.db())
    return named if len(named) <= MOST_GROUPS else [one for one in named if one[0] == search.group]


def _follow(search: asked.Asked) -> str:
    """Where to ask for a letter when there is something."""
    return url_for(
        "events.follow",
        near=search.typed if search.spot else None,
        radius_km=f"{search.radius_km:g}" if search.spot else None,
        kind=search.kinds,
        accessible="1" if search.accessible else None,
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
