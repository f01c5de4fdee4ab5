"""Callers in a closed loop: each connection reports a call, reads who is next, and goes on.

One process with plain sockets, so that the callers take as little as may be of the machine that
they share with what is measured.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from flask_wtf.csrf import generate_csrf

from campaign.commands.bench import crowd
from campaign.foundation.errors import Refused

OUTCOMES = ("no_answer", "talked", "no_answer", "voicemail_left", "no_answer", "refused_soft")
STALLED = 60


@dataclass
class Rung:
    """What came of a stretch of calling."""

    calls: int = 0
    seconds: float = 0
    waits: list[float] = field(default_factory=list)

    def percentile(self, part: float) -> float:
        """The wait in milliseconds that so many of a hundred calls did not exceed."""
        ranked = sorted(self.waits)
        return ranked[max(0, round(len(ranked) * part / 100) - 1)] * 1000


class Desk:
    """Writes the request of each caller, as the calling screen sends it."""

    def __init__(self, app: Flask, port: int) -> None:
        self.name, self.host = str(app.config["SESSION_COOKIE_NAME"]), f"127.0.0.1:{port}"
        self.signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        with app.test_request_context():
            from flask import session

            self.csrf = generate_csrf()
            self.secret = session["csrf_token"]

    def cookie(self, place: int) -> str:
        """What signs this caller in."""
        known = {"_user_id": crowd.token(place), "_fresh": True, "csrf_token": self.secret}
        return f"{self.name}={self.signer.dumps(known)}"

    def fields(self, place: int) -> dict[str, str]:
        """The report: what happened, under a key of its own, and on to the next."""
        outcome = OUTCOMES[place % len(OUTCOMES)]
        return {"outcome": outcome, "client_uuid": str(uuid4()), "then": "next"}

    def request(self, place: int) -> bytes:
        """The whole request."""
        body = urlencode(self.fields(place))
        return (
            f"POST /claims/{crowd.call_public_id(place)}/outcome HTTP/1.1\r\n"
            f"Host: {self.host}\r\nCookie: {self.cookie(place)}\r\nX-CSRFToken: {self.csrf}\r\n"
            "Accept: application/json\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def bare(self, place: int) -> bytes:
        """A request that is answered at once: what the server alone takes, without any call."""
        return f"GET /health/live HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()


class Line:
    """One connection, with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.port, self.got, self.sent_at = port, b"", 0.0
        self.socket = self._open()

    def _open(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=STALLED)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, request: bytes) -> None:
        """Send a request; a connection that the server has closed meanwhile is opened again."""
        self.got, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """The whole answer once it is there."""
        part = self.socket.recv(65536)
        if not part:
            raise Refused("The server closed a connection in the middle of an answer.")
        self.got += part
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        return self.got if len(body) >= int(length) else None


def ring(
    port: int,
    places: Iterator[int],
    write: Callable[[int], bytes],
    *,
    lines: int,
    seconds: float,
    hands_out: bool = True,
) -> Rung:
    """Let so many callers report at once, without a pause, for so many seconds.

    Refused where an answer is none, or hands nobody out although it should.
    """
    rung, started = Rung(), time.perf_counter()
    with selectors.DefaultSelector() as chosen, ExitStack() as opened:
        for place in _some(places, lines):
            line = Line(port)
            opened.callback(line.socket.close)
            chosen.register(line.socket, selectors.EVENT_READ, line)
            line.send(write(place))
        while chosen.get_map():
            for line in _answered(chosen, hands_out):
                rung.calls += 1
                rung.waits.append(time.perf_counter() - line.sent_at)
                going_on = time.perf_counter() - started < seconds
                following = next(places, None) if going_on else None
                if following is None:
                    chosen.unregister(line.socket)
                else:
                    line.send(write(following))
    rung.seconds = time.perf_counter() - started
    return rung


def _answered(chosen: selectors.BaseSelector, hands_out: bool) -> Iterator[Line]:
    """The lines whose whole answer has come; waits for the first part of one."""
    ready = chosen.select(timeout=STALLED)
    if not ready:
        raise Refused(f"No answer came for {STALLED} seconds.")
    for key, _ in ready:
        line: Line = key.data
        answer = line.receive()
        if answer is not None:
            _check(answer, hands_out)
            yield line


def _some(places: Iterator[int], many: int) -> Iterator[int]:
    for _ in range(many):
        place = next(places, None)
        if place is None:
            raise Refused("Too few callers for so long: give --callers a larger number.")
        yield place


def _check(answer: bytes, hands_out: bool) -> None:
    """A report that was not kept, or that got nobody new, is no measurement."""
    nobody = hands_out and b'"claim":null' in answer.replace(b" ", b"")
    if nobody or not answer.startswith(b"HTTP/1.1 200"):
        raise Refused("A call was not as it should be: " + answer.decode(errors="replace")[:2000])
