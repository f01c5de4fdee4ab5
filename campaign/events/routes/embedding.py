"""The map and the list on somebody else's site, and the code that puts them there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from campaign.events import queries
from campaign.events.routes import asked
from campaign.events.routes.finding import map_of
from campaign.events.rules.kinds import KINDS
from campaign.foundation import clock, security, web
from campaign.groups import queries as groups

MOST = 10
FORMS = (("map", "A map"), ("list", "A list"))
GROUPS_TO_CHOOSE = 500


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/embed")(embed)
    blueprint.get("/embed/map")(embed_map)
    blueprint.get("/embed/list")(embed_list)


@web.public
def embed() -> Response:
    """The code to copy, with a look at what it shows."""
    search = asked.read()
    what = "list" if request.args.get("what") == "list" else "map"
    path = search.address(f"/embed/{what}", controls="0" if what == "map" else "")
    response = web.page(
        "events/embed.html",
        search=search,
        what=what,
        forms=FORMS,
        groups=groups.group_names(web.db()),
        path=path,
        title=_title(search),
        origin=web.settings().base_url,
    )
    response.headers["Content-Security-Policy"] = security.content_security_policy(
        web.settings(), frames="'self'"
    )
    return response


@web.public
def embed_map() -> Response:
    """The map alone; without ``controls=0`` with the finder and the layers."""
    search = asked.read()
    return _framed(
        "events/embed_map.html",
        search,
        map=map_of("embed", search),
        kinds=KINDS,
        layers=asked.LAYERS,
        controls=request.args.get("controls") != "0",
    )


@web.public
def embed_list() -> Response:
    """The next ten events as cards, each opening a tab of its own."""
    search = asked.read()
    found = None
    if not search.no_feed:
        filters = search.in_view(most=MOST)
        found = queries.upcoming(web.db(), filters=filters, now=clock.now())
    return _framed(
        "events/embed_list.html",
        search,
        found=found,
        cards=queries.cards(found.rows, now=clock.now()) if found else [],
    )


def _title(search: asked.Asked) -> str:
    name = next((name for slug, name in groups.group_names(web.db()) if slug == search.group), "")
    if name:
        return f"Events of {name}"
    return f"Events near {search.spot.name}" if search.spot else "Events"


def _framed(template: str, search: asked.Asked, **values: Any) -> Response:
    """A page that may stand in other sites' frames: no cookie is read for it or set by it."""
    whole = web.settings().base_url + search.address("/events")
    response = web.page(template, search=search, title=_title(search), whole=whole, **values)
    settings = web.settings()
    response.headers["Content-Security-Policy"] = security.content_security_policy(
        settings, ancestors=settings.embed_hosts
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public,max-age=60"
    web.for_everybody()
    return response
