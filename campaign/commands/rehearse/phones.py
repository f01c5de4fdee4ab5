"""A browser of somebody's own: cookies, redirects, forms; and no script."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from campaign.commands.rehearse.pages import Form, Page
from campaign.foundation.errors import Refused

TRIES, PAUSE_S, MOST_HOPS = 8, 0.4, 6
_AGAIN = (500, 502, 503, 504)


class Line:
    """The way to one site: a connection for each thread, kept open."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self.secure, self.host = parts.scheme == "https", parts.netloc
        self._held = threading.local()

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Any:
        """The answer and its bytes. What cannot be reached is tried again, as a phone does."""
        last = "nothing"
        for attempt in range(TRIES):
            try:
                connection = self._connection()
                connection.request(method, path, body=body, headers=_ALWAYS | headers)
                answer = connection.getresponse()
                data = answer.read()
                if answer.headers.get("Content-Encoding") == "gzip":
                    data = gzip.decompress(data)
                if answer.status not in _AGAIN:
                    return answer, data
                last = str(answer.status)
            except (OSError, http.client.HTTPException) as trouble:
                self._held.one, last = None, type(trouble).__name__
            time.sleep(PAUSE_S * (attempt + 1))
        raise Refused(
            f"{self.host} does not answer {method} {path} ({last}). Is `campaign serve` running?"
        )

    def _connection(self) -> http.client.HTTPConnection:
        held: http.client.HTTPConnection | None = getattr(self._held, "one", None)
        if held is None:
            kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
            held = self._held.one = kind(self.host, timeout=30)
        return held


class Phone:
    """Somebody's phone. Cookies are sent to the paths they were set for."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.cookies: dict[str, tuple[str, str]] = {}

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask("GET", path, None)

    def state(self, path: str) -> dict[str, Any]:
        """What a page's script would be told."""
        answer, data = self.line.send("GET", path, None, self._headers(path) | _JSON)
        self._keep(answer)
        told: dict[str, Any] = json.loads(data) if answer.status == 200 else {}
        return told

    def press(self, form: Form, **given: str) -> Page:
        """Send a form as it stands, with these values."""
        return self._ask("POST", form.action, form.values | given)

    def send(self, page: Page, ending: str, **given: str) -> Page:
        """Fill the form whose action ends so, and press its button."""
        return self.press(page.form(ending), **given)

    def send_only(self, page: Page, ending: str, **given: str) -> Page:
        """Send what was tapped and nothing else, as the script of a phone does."""
        form = page.form(ending)
        return self._ask("POST", form.action, {"csrf_token": form.values["csrf_token"]} | given)

    def send_list(self, page: Page, ending: str, name: str, values: list[str]) -> Page:
        """Tick these boxes and send the form."""
        form = page.form(ending)
        held = [(key, value) for key, value in form.values.items() if key != name]
        return self._ask("POST", form.action, held + [(name, value) for value in values])

    def _ask(self, method: str, path: str, fields: Any) -> Page:
        for _ in range(MOST_HOPS):
            body = urlencode(fields) if fields is not None else None
            answer, data = self.line.send(method, path, body, self._headers(path))
            self._keep(answer)
            there = answer.headers.get("Location")
            if answer.status not in (301, 302, 303) or not there:
                return Page(answer.status, path, data.decode("utf-8", "replace"))
            where = urlsplit(urljoin(path, there))
            method, fields = "GET", None
            path = where.path + (f"?{where.query}" if where.query else "")
        raise Refused(f"The site sends {path} round in circles.")

    def _headers(self, path: str) -> dict[str, str]:
        held = [
            f"{name}={value}" for name, (value, at) in self.cookies.items() if path.startswith(at)
        ]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        return headers | ({"Cookie": "; ".join(held)} if held else {})

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = (morsel.value, morsel["path"] or "/")


_ALWAYS = {"Accept-Encoding": "gzip"}
_JSON = {"Accept": "application/json"}
