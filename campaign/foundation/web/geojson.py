"""A GeoJSON collection as every site may have it: packed, marked, and kept for a minute."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from flask import Response, request

from campaign.foundation.web.cookies import for_everybody

WORTH_PACKING = 1000


def collection(content: str, *, edges: Sequence[float], now: datetime) -> Response:
    """The answer for these members of a FeatureCollection, ``"features":[…]`` among them.

    It says when it was made, and its ETag does not: the same features are the same answer. An
    answer is never cut into pages, so nothing comes next.
    """
    bounds = json.dumps(list(edges))
    mark = hashlib.sha256(f"{bounds}{content}".encode()).hexdigest()[:32]
    made = now.isoformat(timespec="seconds")
    body = (
        f'{{"type":"FeatureCollection","bbox":{bounds},"x-next":null,'
        f'"generated":"{made}",{content}}}'
    ).encode()
    packed = request.accept_encodings.quality("gzip") > 0 and len(body) > WORTH_PACKING
    response = Response(gzip.compress(body, 5) if packed else body)
    response.mimetype = "application/geo+json"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public,max-age=60"
    response.set_etag(mark, weak=True)
    response.make_conditional(request)
    for_everybody()
    return response
