"""A poll of which nothing has changed is answered where its connection waits, and only that."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unittest.mock import Mock

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaign.app import create_app
from campaign.commands import opening
from campaign.commands.answering import Question, Worker, question_in
from campaign.commands.bench.hall import fill
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from tests.commands.test_serving import SECONDS, free_port
from tests.commands.test_serving import answer as up
from tests.house.tree import ROOT

KEY = "k" * 43
POLL = b"GET /m/ABCDEF/state?v=7&p=0a1b HTTP/1.1\r\nHost: hall.example\r\n"
ONE = POLL + b"Cookie: session=x; meetup=" + KEY.encode() + b"\r\n\r\n"


def test_a_poll_as_browsers_send_it_is_understood() -> None:
    sent = POLL + (
        b'Connection: keep-alive\r\nsec-ch-ua: "Chromium";v="120"\r\nAccept: */*\r\n'
        b"X-Forwarded-For: 192.0.2.1\r\nCookie: meetup=" + KEY.encode() + b"\r\n\r\n"
    )
    assert question_in(sent) == Question("/m/ABCDEF/state", "v=7&p=0a1b", f"meetup={KEY}")
    assert question_in(POLL + b"\r\n") == Question("/m/ABCDEF/state", "v=7&p=0a1b", "")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        POLL,  # not all of it yet
        ONE + ONE,  # two at once
        ONE.replace(b"GET", b"POST"),
        ONE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        ONE.replace(b"\r\n", b"\n"),
        ONE.replace(b"/m/", b"http://hall.example/m/"),
        ONE.replace(b"/m/ABC", b"/m/%41BC"),
        *(
            POLL + more + b"\r\n\r\n"
            for more in (
                b"Content-Length: 3",
                b"content-length: 0",
                b"Transfer-Encoding: chunked",
                b"Connection: close",
                b"connection: Upgrade",
                b"Connection: keep-alive, close",
                b"Upgrade: h2c",
                b"Expect: 100-continue",
                b"Cookie: a=1\r\nCookie: b=2",
                b"Host: hall.example",  # a second time
                b"x-a: 1\r\nX-A: 1",
                b"X-Forwarded-Proto: http\r\nX-Forwarded-Ssl: on",
                b"\r\n".join(b"X-%d: 1" % n for n in range(100)),
                b"X-Folded: a\r\n b",
                b"X-Byte: \xff",
                b"X-Nul: \x00",
                b"No colon",
                b"Space : before",
            )
        ),
    ],
)
def test_all_else_goes_to_a_thread(sent: bytes) -> None:
    assert question_in(sent) is None


PIECES = [
    b"Content-Length: 5\r\n", b"Connection: close\r\n", b"Connection:close\r\n", b"\r\n", b"\n",
    b"\r", b" ", b":", b"Cookie: meetup=x\r\n", b"TE: trailers\r\n", b"GET / HTTP/1.1\r\n",
    b"Transfer-Encoding : chunked\r\n", b"X: y\r\n", b"\x00", b"\xc3\xa9", b"%41", b"?", b"#",
    b"Connection: keep-alive\r\n", b"Content_Length: 4\r\n", b"\t", b"Host: b\r\n", b"//", b"..",
    b"X-Forwarded-Proto: https\r\n", b"X-Forwarded-Protocol: ssl\r\n",
    b"Date: x\r\n", b"ETag: x\r\n",
]  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A poll into which something was put, or out of which something was taken."""
    sent = ONE
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(sent)))
        if draw(st.booleans()):
            sent = sent[:at] + draw(st.sampled_from(PIECES) | st.binary(max_size=3)) + sent[at:]
        else:
            sent = sent[:at] + sent[at + draw(st.integers(1, 20)) :]
    return sent


@settings(max_examples=3000, deadline=None)
@given(requests())
@example(ONE)
@example(POLL + b"Host: hall.example\r\n\r\n")
@example(POLL + b"X-Forwarded-Proto: http\r\nX-Forwarded-Ssl: on\r\n\r\n")
@example(POLL + b"\r\n".join(b"X-%d: 1" % n for n in range(100)) + b"\r\n\r\n")
def test_whatever_is_understood_gunicorn_understands_in_the_same_way(sent: bytes) -> None:
    asked = question_in(sent)
    if asked is None:
        return
    parser = RequestParser(Config(), iter([sent]), ("127.0.0.1", 1))
    request = next(parser)
    assert (request.method, request.path, request.query) == ("GET", asked.path, asked.query)
    assert ";".join(v for name, v in request.headers if name == "COOKIE") == asked.cookies.strip()
    assert request.version == (1, 1)
    assert not request.should_close()
    assert request.body.read() == b""
    assert request.unreader.buf.getvalue() == b"", "nothing is left over"


def test_a_mistake_of_the_site_leaves_the_process_and_the_request_alone() -> None:
    worker, log = Worker.__new__(Worker), Mock()
    worker.alive, worker.log, worker.wsgi = True, log, Mock(extensions={})
    phone, here = socket.socketpair()
    with phone, here:
        phone.sendall(ONE)
        assert not worker._said_same(Mock(), here)
        assert here.recv(4096) == ONE, "a thread reads all of it"
    log.exception.assert_called_once()


# --- the server itself ---

SERVE = """
import sys
from campaign.commands import cli
from campaign.meetups.routes import looking
looking.KEPT_S = 600.0  # what this process has seen of the room is believed throughout
cli(["serve", "--no-work", "--workers", "1", "--threads", "1", "--port", sys.argv[1]])
"""


@dataclass
class Served:
    """A server with one process and one thread, and what a phone in its room knows."""

    port: int
    code: str
    cookie: str

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def poll(self, query: str) -> bytes:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return (
            f"GET /m/{self.code}/state?{query} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"{cookie}\r\n"
        ).encode()

    def known(self) -> str:
        """What a page asks that was loaded now."""
        with self.connect() as once:
            told = json.loads(answer(once, self.poll("v=0"))[1])
        return f"v={told['version']}&p={told['page']}"


def answer(kept: socket.socket, asked: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer."""
    kept.sendall(asked)
    head, _, body = read_until(kept, b"\r\n\r\n").partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += kept.recv(65536)
    return head, body


def read_until(kept: socket.socket, mark: bytes, times: int = 1) -> bytes:
    got = b""
    while got.count(mark) < times:
        more = kept.recv(65536)
        assert more, got
        got += more
    return got


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hall")
    database = Database(url := f"sqlite:///{folder}/campaign.db")
    told = load({}, environment="development", data_dir=folder, database_url=url)
    opening.bring_up(create_app(told, database).extensions["campaign"])
    room = fill(database, people=3, sessions=1)
    database.dispose()
    port = free_port()
    usual = {name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_")}
    told_it = {"CAMPAIGN_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVE, str(port)]
    with subprocess.Popen(command, env=usual | told_it) as process:
        try:
            assert up(f"http://127.0.0.1:{port}/health/live")
            yield Served(port, room.code, f"meetup={room.keys[0]}")
        finally:
            process.terminate()
            process.wait(timeout=SECONDS)


def test_the_one_thread_is_busy_and_a_phone_hears_all_the_same(server: Served) -> None:
    known = server.poll(server.known())
    with server.connect() as phone, server.connect() as slow, server.connect() as other:
        assert answer(phone, known)[0].startswith(b"HTTP/1.1 304")
        host = f"HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n"
        slow.sendall(f"POST /sign-in {host}{form}\r\nhalf".encode())
        other.sendall(f"GET /health/live {host}\r\n".encode())
        other.settimeout(1.0)
        with pytest.raises(TimeoutError):
            other.recv(1)  # the thread is busy
        for _ in range(3):
            assert answer(phone, known)[0].startswith(b"HTTP/1.1 304")
        slow.sendall(b" done")
        other.settimeout(SECONDS)
        assert other.recv(15).startswith(b"HTTP/1.1 200")


def test_both_ways_of_answering_write_the_same(server: Served) -> None:
    known = server.poll(server.known())
    with server.connect() as phone:
        by_a_thread, at_once = answer(phone, known), answer(phone, known)
    date = re.compile(rb"Date: [^\r]+")
    assert by_a_thread[0].startswith(b"HTTP/1.1 304")
    assert date.sub(b"", by_a_thread[0]) == date.sub(b"", at_once[0])
    assert by_a_thread[1] == at_once[1] == b""


def test_who_knows_less_is_told_on_the_same_connection(server: Served) -> None:
    known = server.known()
    with server.connect() as phone:
        for _ in range(2):
            assert answer(phone, server.poll(known))[0].startswith(b"HTTP/1.1 304")
            for other in (f"{known}0", "v=0", known.split("&")[0] + "&p=0", "v=999999"):
                head, body = answer(phone, server.poll(other))
                assert head.startswith(b"HTTP/1.1 200"), other
                assert json.loads(body)["you"]["number"]


def test_a_stranger_with_somebodys_page_key_is_told_that_theirs_is_another(server: Served) -> None:
    stranger = replace(server, cookie="")
    with server.connect() as phone:
        answer(phone, server.poll(server.known()))
        head, body = answer(phone, stranger.poll(server.known()))
        assert head.startswith(b"HTTP/1.1 200")
        assert json.loads(body)["you"] is None


def test_two_at_once_and_one_in_two_halves_are_each_answered_once(server: Served) -> None:
    known = server.poll(server.known())
    with server.connect() as phone:
        answer(phone, known)
        phone.sendall(known + known)
        assert read_until(phone, b"\r\n\r\n", 2).count(b"HTTP/1.1 304") == 2
        phone.sendall(known[:40])
        phone.settimeout(0.3)
        with pytest.raises(TimeoutError):
            phone.recv(1)
        phone.settimeout(SECONDS)
        assert answer(phone, known[40:])[0].startswith(b"HTTP/1.1 304")
        phone.sendall(known)
        assert read_until(phone, b"\r\n\r\n").count(b"HTTP/1.1") == 1, "nothing is left over"


def test_who_asks_and_never_reads_is_let_go(server: Served) -> None:
    known = server.poll(server.known())
    with server.connect() as deaf, server.connect() as phone:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        answer(deaf, known)
        deaf.settimeout(1.0)
        with contextlib.suppress(OSError):
            for _ in range(100_000):
                deaf.sendall(known)
        assert answer(phone, known)[0].startswith(b"HTTP/1.1 304"), "others are answered"
