"""The shortest answer of all: "nothing has changed", before anything else of the site is asked.

A hall asks some hundred times a second and hears this nearly always. It says nothing of anybody:
who guesses learns no more than that a number is the present one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

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
        asked = (environ.get(name, "") for name in ("PATH_INFO", "QUERY_STRING", "HTTP_COOKIE"))
        if environ["REQUEST_METHOD"] == "GET" and is_unchanged(self.database, *asked):
            start_response("304 NOT MODIFIED", HEADERS[:])
            return []
        return self.site(environ, start_response)


def is_unchanged(database: Database, path: str, query: str, cookies: str) -> bool:
    """Whether this GET asks for a room of which its phone, the screen or the desk knows all.

    Answered from what this process has seen a moment ago: nothing waits, nothing is read.
    """
    asked = QUESTION.fullmatch(path)
    seen = SEEN.fullmatch(query) if asked else None
    if asked is None or seen is None:
        return False
    room = looking.known(database, asked[1], int(seen[1]), time.monotonic())
    if room is None:
        return False
    key = KEY.search(cookies)
    phone = looking.phone_of(room, key[1]) if key else None
    return looking.is_same(room, phone, newest=seen[1], shows=seen[2])
