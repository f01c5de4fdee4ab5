"""Pages, styles and scripts go out packed: a phone in a bad corner has half the wait.

What may not be kept is not packed either: the size of a packed answer tells a little of what
stands in it, and those answers are the ones that hold something of a person.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Response, request

WORTH_PACKING = 1000
PACKABLE = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/plain",
        "text/calendar",
        "image/svg+xml",
        "application/json",
        "application/javascript",
    }
)


def pack(response: Response) -> Response:
    """The same answer, smaller, for a browser that can unpack it."""
    if response.mimetype not in PACKABLE or "Content-Encoding" in response.headers:
        return response
    if "no-store" in response.headers.get("Cache-Control", ""):
        return response
    response.vary.add("Accept-Encoding")
    if not _may_be_packed(response):
        return response
    etag, _ = response.get_etag()
    is_file = request.endpoint == "static"
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_PACKING:
        return response
    response.set_data(_packed_file(body) if is_file else gzip.compress(body, 5))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _may_be_packed(response: Response) -> bool:
    """A whole answer, of which a part was not asked for."""
    return (
        response.status_code not in (204, 206, 304)
        and request.method != "HEAD"
        and request.accept_encodings.quality("gzip") > 0
    )


@lru_cache(maxsize=200)
def _packed_file(body: bytes) -> bytes:
    """A file of the program is packed once, and as small as it goes."""
    return gzip.compress(body, 9)
