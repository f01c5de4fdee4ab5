"""The map's data: GeoJSON by bounding box, open to every site."""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify, make_response, request

from campaign.events.queries import features_in
from campaign.events.queries.mapping import Answer, Cluster
from campaign.events.routes import asked
from campaign.events.rules.finding import (
    MOST_FEATURES,
    Box,
    Filters,
    honest_zoom,
    parse_box,
    parse_zoom,
    snapped,
)
from campaign.foundation import clock, web

WHOLE = Box(-180, -90, 180, 90)
# As sent. Longer titles than people write would make five hundred features larger.
MOST_BYTES = 50_000


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events.geojson")(geojson)


@web.public
def geojson() -> Response:
    """Listed events from now on within a box: features, or clusters where they are many.

    The box goes outwards to a grid of half tiles, so that neighbours share what is kept.
    """
    search = asked.read()
    if search.no_feed:
        return _refused(search)
    box = parse_box(request.args["bbox"]) if "bbox" in request.args else WHOLE
    zoom = honest_zoom(parse_zoom(request.args.get("zoom"), box), box)
    box = snapped(box, zoom)
    return _answered(search.filters(box=box), box, zoom)


def _refused(search: asked.Asked) -> Response:
    """The sentence, and each place that may have been meant, as data."""
    choices = [spot.name for spot in search.spots]
    return make_response(jsonify(error=search.no_feed, choices=choices), 422)


def _answered(filters: Filters, box: Box, zoom: int) -> Response:
    now, most = clock.now(), MOST_FEATURES
    edges = (box.west, box.south, box.east, box.north)
    while True:
        answer = features_in(web.db(), filters=filters, zoom=zoom, now=now, most=most)
        response = web.collection(_written(answer), edges=edges, now=now)
        if (response.content_length or 0) <= MOST_BYTES or (not most and zoom < 1):
            return response
        # Too long for a telephone: clusters instead, and if they are too many, larger ones.
        most, zoom = 0, zoom if most else zoom - 1


def _written(answer: Answer) -> str:
    parts = [*answer.features, *map(_cluster, answer.clusters)]
    return f'"total":{answer.total},"features":[{",".join(parts)}]'


def _cluster(cluster: Cluster) -> str:
    count = cluster.count
    edges = [cluster.west, cluster.south, cluster.east, cluster.north]
    return json.dumps(
        {
            "type": "Feature",
            "id": cluster.key,
            "bbox": edges,
            "geometry": {"type": "Point", "coordinates": [cluster.lng, cluster.lat]},
            "properties": {
                "cluster": True,
                "cluster_id": cluster.key,
                "point_count": count,
                "point_count_abbreviated": str(count) if count < 1000 else f"{count / 1000:.1f}k",
                "bbox": edges,
            },
        },
        separators=(",", ":"),
    )
