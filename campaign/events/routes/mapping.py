"""The map's data: GeoJSON by bounding box, open to every site."""

from __future__ import annotations

import gzip
import json

from flask import Blueprint, Response, jsonify, make_response, request

from campaign.events.queries import features_in
from campaign.events.queries.mapping import Answer, Cluster
from campaign.events.routes import asked
from campaign.events.rules.finding import Box, parse_box, parse_zoom
from campaign.foundation import clock, web

WHOLE = Box(-180, -90, 180, 90)
WORTH_PACKING = 1000


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events.geojson")(geojson)


@web.public
def geojson() -> Response:
    """Listed events from now on within a box: features, or clusters where they are many."""
    search = asked.read()
    if search.no_feed:
        return _refused(search)
    box = parse_box(request.args["bbox"]) if "bbox" in request.args else WHOLE
    zoom = parse_zoom(request.args.get("zoom"), box)
    answer = features_in(web.db(), filters=search.filters(box=box), zoom=zoom, now=clock.now())
    return _kept(_written(answer, box))


def _refused(search: asked.Asked) -> Response:
    """The sentence, and each place that may have been meant, as data."""
    choices = [spot.name for spot in search.spots]
    return make_response(jsonify(error=search.no_feed, choices=choices), 422)


def _written(answer: Answer, box: Box) -> bytes:
    parts = [*answer.features, *map(_cluster, answer.clusters)]
    edges = json.dumps([box.west, box.south, box.east, box.north])
    text = (
        f'{{"type":"FeatureCollection","bbox":{edges},"total":{answer.total},'
        f'"features":[{",".join(parts)}]}}'
    )
    return text.encode()


def _cluster(cluster: Cluster) -> str:
    count = cluster.count
    return json.dumps(
        {
            "type": "Feature",
            "id": cluster.key,
            "bbox": [cluster.west, cluster.south, cluster.east, cluster.north],
            "geometry": {"type": "Point", "coordinates": [cluster.lng, cluster.lat]},
            "properties": {
                "cluster": True,
                "cluster_id": cluster.key,
                "point_count": count,
                "point_count_abbreviated": str(count) if count < 1000 else f"{count / 1000:.1f}k",
                "bbox": [cluster.west, cluster.south, cluster.east, cluster.north],
            },
        },
        separators=(",", ":"),
    )


def _kept(body: bytes) -> Response:
    """An answer for any site to keep for a minute; asked again unchanged, it costs a 304."""
    packed = request.accept_encodings.quality("gzip") > 0 and len(body) > WORTH_PACKING
    # No time in the gzip header, so that the same events give the same ETag.
    response = Response(gzip.compress(body, 6, mtime=0) if packed else body)
    response.mimetype = "application/geo+json"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public,max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
