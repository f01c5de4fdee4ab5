"""The shortest answer of all: "nothing has changed", before anything else of the site is asked.

A hall asks some hundred times a second and hears this nearly always. It says nothing of anybody:
who guesses learns no more than that a number is the present one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from campaign.foundation.database import Database
from campaign.meetups.routes import looking
from campaign.meetups.routes.here import COOKIE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

QUESTION = re.compile(r"/m/([A-Z]{6})/state")
SEEN = re.compile(r"v=(\d{1,9})(?:&p=([0-9a-f-]{1,80}))?")
KEY = re.compile(rf"(?:^|; ?){COOKIE}=([\w-]{{20,80}})(?:;|$)")
HEADERS = [("Cache-Control", "no-store")]


class Unchanged:
    """Answers 304 from what this process knows; everything else goes on to the site."""

    def __init__(self, site: WSGIApplication, database: Database) -> None:
        self.site, self.database = site, database

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A request."""
        asked = QUESTION.fullmatch(environ.get("PATH_INFO", ""))
        if asked and environ["REQUEST_METHOD"] == "GET" and self._same(asked[1], environ):
            start_response("304 NOT MODIFIED", HEADERS[:])
            return []
        return self.site(environ, start_response)

    def _same(self, code: str, environ: dict[str, Any]) -> bool:
        seen = SEEN.fullmatch(environ.get("QUERY_STRING", ""))
        if seen is None:
            return False
        newest = int(seen[1])
        room = looking.known(self.database, code, newest, time.monotonic())
        key = KEY.search(environ.get("HTTP_COOKIE", ""))
        phone = looking.phone_of(room, key[1]) if room and key else None
        return room is not None and looking.is_same(room, phone, newest=seen[1], shows=seen[2])
