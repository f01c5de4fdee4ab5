"""The base map's tiles and the scripts that put a map on a page: the same for everybody."""

from flask import Blueprint, Response, request

from campaign.foundation.errors import NotFound
from campaign.foundation.web import public, settings
from campaign.places import basemap, maps

blueprint = Blueprint("places", __name__)

MONTH = 30 * 24 * 3600
HOUR = 3600


@blueprint.get("/tiles/<int:zoom>/<int:column>/<int:row>.png")
@public
def tile(zoom: int, column: int, row: int) -> Response:
    """One square of the base map."""
    picture = basemap.tile(zoom, column, row)
    if picture is None:
        raise NotFound("The map has no such square. Its zoom goes from 4 to 10.")
    return _kept(Response(picture, mimetype="image/png"), MONTH, immutable=True)


@blueprint.get("/maps/<name>.js")
@public
def map_script(name: str) -> Response:
    """The script that makes the map of a page; `campaign.places.maps` says how to use it."""
    if name not in maps.NAMES:
        raise NotFound("There is no such map.")
    held = settings()
    attribution = held.tile_attribution if held.tile_url else ""
    script = maps.map_script(name, held.tile_url, attribution)
    return _kept(Response(script, mimetype="text/javascript"), HOUR)


def _kept(response: Response, seconds: int, *, immutable: bool = False) -> Response:
    """An answer that browsers and proxies may keep; asked again, it costs 304 and no body."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.cache_control.immutable = immutable
    response.add_etag()
    response.make_conditional(request)
    return response
