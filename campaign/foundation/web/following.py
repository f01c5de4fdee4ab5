"""The page that a sent form leads to, in the same answer, for a script that asks for it.

A form answers 303, and the browser then asks for the page: two journeys, which on a slow network
are felt. A script that sends ``X-Follow: 1`` gets what it would have fetched next; how the form
was kept and what the page shows is as it ever was, request for request.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug.test import run_wsgi_app

from campaign.foundation.security import SAFE_METHODS, own_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A page may lead on once more, such as to what one agrees to; further is somewhere else.
MOST = 3
# What was said of the form and is not so of the page.
OF_THE_FORM = ("CONTENT_TYPE", "HTTP_ORIGIN", "HTTP_X_FOLLOW", "HTTP_X_CSRFTOKEN")


class Following:
    """Goes where a 303 leads, within this site, and says in ``X-Followed`` where that was."""

    def __init__(self, site: WSGIApplication) -> None:
        self.site = site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A request."""
        if environ.get("HTTP_X_FOLLOW") != "1" or environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self.site(environ, start_response)
        baked: list[str] = []
        before: list[tuple[str, str]] = []
        body, status, headers = run_wsgi_app(self.site, environ, buffered=True)
        for _ in range(MOST):
            path = own_path(headers.get("Location")) if status.startswith("303") else None
            if path is None:
                break
            baked += headers.getlist("Set-Cookie")
            environ = _asking_for(path, environ, headers.getlist("Set-Cookie"))
            body, status, headers = run_wsgi_app(self.site, environ, buffered=True)
            before = [*(("Set-Cookie", cookie) for cookie in baked), ("X-Followed", path)]
        start_response(status, [*before, *headers.to_wsgi_list()])
        return body


def _asking_for(path: str, environ: WSGIEnvironment, baked: list[str]) -> WSGIEnvironment:
    """The request a browser would make next: a GET, with the cookies it was just given."""
    root = str(environ.get("SCRIPT_NAME", ""))
    where, _, query = path.removeprefix(root).partition("?")
    asked: dict[str, Any] = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("werkzeug.", "flask.")) and name not in OF_THE_FORM
    }
    asked |= {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(where, "latin-1"),
        "QUERY_STRING": query,
    }
    asked |= {"CONTENT_LENGTH": "0", "wsgi.input": BytesIO(), "HTTP_REFERER": ""}
    asked["HTTP_COOKIE"] = _with(str(environ.get("HTTP_COOKIE", "")), baked)
    return asked


def _with(sent: str, baked: list[str]) -> str:
    """The cookies that were sent, and what the answer made of them; as they are written."""
    held = dict(_pair(cookie) for cookie in sent.split(";") if "=" in cookie)
    for cookie in baked:
        name, value = _pair(cookie.partition(";")[0])
        held[name] = value
        if "max-age=0" in cookie.lower():
            del held[name]
    return "; ".join(f"{name}={value}" for name, value in held.items())


def _pair(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.partition("=")
    return name.strip(), value.strip()
