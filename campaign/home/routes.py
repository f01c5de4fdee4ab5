"""The front page, "me", privacy, health, and the demo's own pages."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response

from campaign.foundation import web

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@web.public
def front() -> Response:
    """The front page."""
    return web.page("home/front.html", settings=web.settings())


@blueprint.get("/brand.css")
@web.public
def brand_css() -> Response:
    """The operator's one colour; everything else follows from it."""
    colour = web.settings().brand
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        colour = "#c4114e"
    response = make_response(f"@layer tokens {{ :root {{ --brand: {colour}; }} }}\n")
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/privacy")
@web.public
def privacy() -> Response:
    """What happens with people's data."""
    return web.page("home/privacy.html", settings=web.settings())


@blueprint.get("/me")
@web.needs(web.SIGNED_IN)
def me() -> Response:
    """What a signed-in person has to do next."""
    return web.page("home/me.html")


@blueprint.get("/health/live")
@web.public
def live() -> Response:
    """The process answers."""
    return make_response("alive\n")
