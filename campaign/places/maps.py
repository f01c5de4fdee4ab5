"""Builds the map of a page with folium: a div for the page and a script of our own origin.

A page that shows a map

1. links the vendored Leaflet: `css/leaflet.css`, and `leaflet.js` in a `<script defer>`;
2. puts `map_markup("events", label="Map of events", lat=50.82, lng=-0.14, zoom=11)` where the map
   shall stand; where it starts is in `data-` attributes, numbers only;
3. links the script: `<script defer src="{{ url_for('places.map_script', name='events') }}">`,
   after Leaflet.

The script knows no event, no person and no search: only the tiles and the controls. A behaviour
module draws the markers. It gets the Leaflet map from the div, whichever of the two ran first:

    const place = document.getElementById("map_events");
    const start = (map) => { … };
    if (place.campaignMap) start(place.campaignMap);
    else place.addEventListener("campaign:map", (event) => start(event.detail.map), { once: true });

The event bubbles. Height and the colour of the sea (#c4dce8) are for the stylesheet. A div without
`data-lat` and `data-lng` shows the whole country. The bundled tiles end at zoom 10: with them a map
opens there at the nearest, whatever `data-zoom` says.
"""

from functools import cache
from typing import Any

from markupsafe import Markup, escape

from campaign.places import basemap

NAMES = frozenset(
    {"events", "event", "groups", "group", "meetup", "screen", "wall", "embed", "pick"}
)
"""The maps there are; a map's div has the id `map_<name>`."""

WALL = "wall"
"""The one that hangs in a hall: its tiles are those of a zoom before, drawn twice as large, so that
the names of towns on them are read from farther back."""

TILES = "/tiles/{z}/{x}/{y}.png"
CENTRE, ZOOM = (54.6, -3.4), 5
FINEST_ZOOM = 17
FINEST_BLURRED = 13
"""How far the bundled tiles are stretched past their own finest zoom: streets they do not show."""

# No header macro: folium's would bring inline styles and scripts. What stands here is fixed text
# and numbers; the page's own wishes are read in the browser, as numbers, from data attributes.
_TEMPLATE = """
{% macro html(this, kwargs) %}<div id="{{ this.get_name() }}"></div>{% endmacro %}
{% macro script(this, kwargs) %}
const place = document.getElementById({{ this.get_name()|tojson }});
if (!place || typeof L === "undefined" || place.campaignMap) return;
const number = (key, otherwise) => {
  const given = parseFloat(place.dataset[key]);
  return Number.isFinite(given) ? given : otherwise;
};
const {{ this.get_name() }} = L.map(place, {
  center: [number("lat", {{ this.location[0] }}), number("lng", {{ this.location[1] }})],
  ...{{ this.options|tojavascript }},
  zoom: Math.min(number("zoom", {{ this.options.zoom }}), {{ this.opens_at_most }})
});
{{ this.get_name() }}.attributionControl.setPrefix("Leaflet");
{% endmacro %}
"""

_WRAPPED = """(() => {{
"use strict";
{script}
place.campaignMap = {name};
place.dispatchEvent(
  new CustomEvent("campaign:map", {{ bubbles: true, detail: {{ map: {name} }} }})
);
}})();
"""


def map_id(name: str) -> str:
    """The id of a map's div. Refuses (KeyError) a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    return f"map_{name}"


def map_markup(
    name: str,
    *,
    label: str,
    lat: float | None = None,
    lng: float | None = None,
    zoom: int | None = None,
) -> Markup:
    """The div of a map, with the words a screen reader says for it and where it starts."""
    start = {"lat": lat, "lng": lng, "zoom": zoom}
    data = Markup("").join(
        Markup(' data-{}="{:.6g}"').format(key, float(value))
        for key, value in start.items()
        if value is not None
    )
    return Markup('<div id="{}" class="map" role="region" aria-label="{}"{}></div>').format(
        map_id(name), label, data
    )


@cache
def map_script(name: str, tile_url: str = "", attribution: str = "") -> str:
    """The script that makes the map: from the bundled tiles, or from the operator's tile server.

    Takes nothing from a visitor: the name is one of NAMES, the rest are settings. Folium writes
    text into JavaScript as it finds it and must never see anything a person typed.
    """
    import folium
    from folium.template import Template

    class BareMap(folium.Map):
        """A folium map without the thirteen files it would fetch from four other hosts."""

        _template = Template(_TEMPLATE)
        default_js = []  # noqa: RUF012 — folium’s own spelling
        default_css = []  # noqa: RUF012
        opens_at_most = FINEST_ZOOM if tile_url else basemap.FINEST

    chart = BareMap(location=CENTRE, zoom_start=ZOOM, tiles=None)
    chart._id = name
    back = 1 if name == WALL else 0
    larger: dict[str, Any] = {"tile_size": 256 << back, "zoom_offset": -back} if back else {}
    layer = folium.TileLayer(
        tiles=tile_url or TILES,
        attr=str(escape(attribution or basemap.ATTRIBUTION)),  # Leaflet sets it as HTML
        min_zoom=basemap.COARSEST + back,
        max_zoom=FINEST_ZOOM if tile_url else FINEST_BLURRED,
        max_native_zoom=(FINEST_ZOOM if tile_url else basemap.FINEST) + back,
        **larger,
    )
    layer._id = name
    layer.add_to(chart)
    return _WRAPPED.format(script=_rendered_script(chart), name=map_id(name))


def _rendered_script(chart: Any) -> str:
    """Only the script part of folium's page: the rest would break our security policy."""
    figure = chart.get_root()
    figure.render()
    return "\n".join(line.rstrip() for line in figure.script.render().splitlines() if line.strip())
