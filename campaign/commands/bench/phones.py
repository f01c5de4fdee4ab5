"""A hall of phones: each asks every four seconds, taps now and then, and loads its page anew where
it hears that it would look different. As the script of a phone does it, over a connection of its
own that is kept, with its own cookie.

One process with plain sockets, so that the phones take as little as may be of the machine that
they share with what is measured.
"""

from __future__ import annotations

import heapq
import json
import random
import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from campaign.foundation.errors import Refused

EVERY_S, SPREAD_S = 4.0, 1.0
STALLED_S = 60
VERSION = re.compile(rb'data-version="(\d+)" data-page="([0-9a-f]*)"')
STATE, PAGE, WRITE = "state", "page", "write"


@dataclass(frozen=True)
class Answer:
    """What came back, after how long, and what for."""

    kind: str
    status: int
    seconds: float
    sent: int
    at: float


@dataclass
class Asked:
    """A request on its way. ``then`` hears the head and the body of what comes back."""

    kind: str
    request: bytes
    then: Callable[[int, bytes, bytes], None] | None = None
    at: float = 0.0
    again: bool = False


@dataclass(eq=False)
class Phone:
    """One phone: its cookies, what its page looks like, and what it has still to send."""

    cookies: str
    version: str = "0"
    shows: str = ""
    phase: str = ""
    heard_at: float = 0.0
    loads: int = 0
    socket: socket.socket | None = None
    got: bytes = b""
    under_way: Asked | None = None
    waiting: deque[Asked] = field(default_factory=deque)
    polls: bool = True


class Crowd:
    """Many phones at one server."""

    def __init__(self, port: int, code: str, *, dice: random.Random) -> None:
        self.port, self.code, self.dice = port, code, dice
        self.host = f"127.0.0.1:{port}"
        self.answers: list[Answer] = []
        self.reopened = 0
        self.phones: list[Phone] = []
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._chosen = selectors.DefaultSelector()

    def join(self, phone: Phone, *, within: float = EVERY_S) -> None:
        """Let a phone begin to ask, some time within so many seconds."""
        self.phones.append(phone)
        self.later(self.dice.random() * within, lambda: self._poll(phone))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something in so many seconds."""
        heapq.heappush(self._due, (time.perf_counter() + seconds, next(self._order), act))

    def run(self, seconds: float) -> None:
        """Let everything happen for so long."""
        until = time.perf_counter() + seconds
        while (now := time.perf_counter()) < until:
            while self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2]()
            soonest = self._due[0][0] if self._due else until
            pause = max(0.0, min(soonest, until) - time.perf_counter())
            for key, _ in self._chosen.select(pause):
                self._receive(key.data)

    def settle(self) -> None:
        """Stop asking, and wait for what is under way."""
        for phone in self.phones:
            phone.polls = False
        for _ in range(STALLED_S * 10):
            if not any(phone.under_way for phone in self.phones):
                return
            self.run(0.1)
        raise Refused("The server left something unanswered for a minute.")

    def close(self) -> None:
        """Put every phone away."""
        for phone in self.phones:
            if phone.socket is not None:
                phone.socket.close()
        self._chosen.close()

    def post(
        self, phone: Phone, path: str, body: str, then: Callable[[int, bytes, bytes], None]
    ) -> None:
        """Send a form, as the script of the page does."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {phone.cookies}\r\n"
            "Accept: */*\r\nAccept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._send(phone, Asked(WRITE, head.encode(), then))

    def _poll(self, phone: Phone) -> None:
        if not phone.polls:
            return
        path = f"/m/{self.code}/state?v={phone.version}" + (phone.shows and f"&p={phone.shows}")
        ask = self._get(phone, path, "application/json")
        self._send(phone, Asked(STATE, ask, lambda *told: self._heard(phone, *told)))
        pause = EVERY_S + SPREAD_S * (2 * self.dice.random() - 1)
        self.later(pause, lambda: self._poll(phone))

    def _get(self, phone: Phone, path: str, accept: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {phone.cookies}\r\n"
            f"Accept: {accept}\r\nAccept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\n\r\n"
        ).encode()

    def _heard(self, phone: Phone, status: int, head: bytes, body: bytes) -> None:
        if status != 200:
            return
        told = json.loads(body)
        phone.version = told["version"]
        if phone.phase != told["phase"]:
            phone.phase, phone.heard_at = told["phase"], time.perf_counter()
        if told["page"] != phone.shows:
            shared = told["page"].partition("-")[0] == phone.shows.partition("-")[0]
            phone.shows, phone.loads = told["page"], phone.loads + 1
            within = told["spread"] * self.dice.random() if shared else 0.0
            self.later(within, partial(self._load, phone, phone.loads))

    def _load(self, phone: Phone, load: int) -> None:
        """The page anew; not where one was loaded meanwhile."""
        if load == phone.loads:
            self._send(phone, Asked(PAGE, self._get(phone, f"/m/{self.code}", "text/html")))

    def _send(self, phone: Phone, asked: Asked) -> None:
        if phone.under_way is not None:
            phone.waiting.append(asked)
            return
        asked.at = asked.at or time.perf_counter()
        phone.under_way, phone.got = asked, b""
        if phone.socket is None:
            phone.socket = socket.create_connection(("127.0.0.1", self.port), timeout=STALLED_S)
            phone.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._chosen.register(phone.socket, selectors.EVENT_READ, phone)
        try:
            phone.socket.sendall(asked.request)
        except OSError:
            self._closed(phone)

    def _receive(self, phone: Phone) -> None:
        assert phone.socket is not None
        try:
            part = phone.socket.recv(262_144)
        except OSError:
            part = b""
        if not part:
            self._closed(phone)
            return
        phone.got += part
        head, found, body = phone.got.partition(b"\r\n\r\n")
        if not found or phone.under_way is None:
            return
        status = int(head[9:12])
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if status != 304 and len(body) < int(length[1] if length else 0):
            return
        self._answered(phone, status, head, body)

    def _answered(self, phone: Phone, status: int, head: bytes, body: bytes) -> None:
        asked, now = phone.under_way, time.perf_counter()
        assert asked is not None
        size = len(phone.got)
        self.answers.append(Answer(asked.kind, status, now - asked.at, size, now))
        phone.under_way = None
        if b"connection: close" in head.lower():
            self._hang_up(phone)
        if asked.then is not None:
            asked.then(status, head, body)
        if phone.waiting and phone.under_way is None:
            self._send(phone, phone.waiting.popleft())

    def _closed(self, phone: Phone) -> None:
        """The server has closed a connection that rested; a browser opens another, and so do we."""
        asked = phone.under_way
        self._hang_up(phone)
        phone.under_way = None
        if asked is None:
            return
        if asked.again:
            raise Refused("The server closed a connection in the middle of an answer.")
        self.reopened, asked.again = self.reopened + 1, True
        self._send(phone, asked)

    def _hang_up(self, phone: Phone) -> None:
        if phone.socket is not None:
            self._chosen.unregister(phone.socket)
            phone.socket.close()
            phone.socket = None
