"""The threads that answer, and the one that waits for whoever has kept a connection.

A hall of phones asks some hundred times a second whether anything has changed, and nearly always
hears that nothing has. That is said where the connection waits. A thread of the pool, a parser and
a header each would cost a request several times what the answer does.
"""

from __future__ import annotations

import re
import socket
import time
from functools import lru_cache
from typing import NamedTuple

from gunicorn import SERVER
from gunicorn.util import http_date
from gunicorn.workers.gthread import TConn, ThreadWorker

from campaign import registry

SAME = "304 NOT MODIFIED"
MOST_BYTES = 4096
REQUEST = re.compile(
    rb"GET (/[\w/-]{1,100})\?([\w=&-]{1,200}) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+: [ -~]*\r\n)+)\r\n"
)
KEPT = b"keep-alive"
MOST_LINES = 100  # as gunicorn
# A body, another protocol, the end of the connection, or what gunicorn weighs against another
# header: not for who only waits.
MORE = {
    b"content-length", b"transfer-encoding", b"trailer", b"te", b"expect", b"upgrade",
    b"http2-settings", b"x-forwarded-ssl", b"x-forwarded-protocol",
}  # fmt: skip


class Question(NamedTuple):
    """A plain GET that stands alone: its path, what follows the question mark, its cookies."""

    path: str
    query: str
    cookies: str


def question_in(sent: bytes) -> Question | None:
    """What is asked, where these bytes are one whole plain GET and nothing else."""
    found = REQUEST.fullmatch(sent)
    if found is None:
        return None
    lines = [line.split(b": ", 1) for line in found[3].split(b"\r\n")[:-1]]
    headers = {name.lower(): value for name, value in lines}
    # A name that comes twice can be read in two ways.
    if len(headers) < len(lines) or len(lines) > MOST_LINES or not MORE.isdisjoint(headers):
        return None
    if headers.get(b"connection", KEPT) != KEPT:
        return None
    path, query = found[1].decode("ascii"), found[2].decode("ascii")
    return Question(path, query, headers.get(b"cookie", b"").decode("ascii"))


@lru_cache(maxsize=1)
def same_at(second: int) -> bytes:
    """ "Nothing has changed", as gunicorn would write it at this second of Unix time."""
    return (
        f"HTTP/1.1 {SAME}\r\nServer: {SERVER}\r\nDate: {http_date(second)}\r\n"
        "Connection: keep-alive\r\nCache-Control: no-store\r\n\r\n"
    ).encode("ascii")


class Worker(ThreadWorker):
    """gunicorn's worker with threads, which says "nothing has changed" without one of them."""

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Answer at once, or let a thread do it."""
        if not self._said_same(conn, client):
            super().on_client_socket_readable(conn, client)

    def _said_same(self, conn: TConn, client: socket.socket) -> bool:
        try:
            sent = client.recv(MOST_BYTES, socket.MSG_PEEK)
        except (OSError, ValueError):  # the second where it is encrypted
            return False
        asked = question_in(sent) if self.alive else None
        if asked is None or not self._is_unchanged(asked):
            return False
        answer = same_at(int(time.time()))
        try:
            client.recv(len(sent))
            whole = client.send(answer) == len(answer)
        except OSError:
            whole = False
        self.keepalived_conns.remove(conn)
        if whole:
            conn.set_timeout()
            self.keepalived_conns.append(conn)
        else:  # somebody who does not read: they ask again on a new one
            self.poller.unregister(client)
            self.nr_conns -= 1
            conn.close()
        return True

    def _is_unchanged(self, asked: Question) -> bool:
        try:
            return registry.is_unchanged(self.wsgi.extensions["campaign"].database, *asked)
        except Exception:  # or the process would end, and all its connections
            self.log.exception("A poll could not be answered at once.")
            return False
