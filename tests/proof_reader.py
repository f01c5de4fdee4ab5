"""The proof-reading client: every page a test fetches is read as a careful stranger would.

A page is parsed as HTML5 and held to what the house promises of every page; a request is held
to its number of queries, and a GET to changing nothing. What is found is an AssertionError that
lists every offence at once.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

MOST_QUERIES = 25
# A report stores, checks and hands out the next person in one transaction.
MOST_QUERIES_OF_A_POST = 30
REDIRECTS = (301, 302, 303, 307, 308)
SAFE = ("GET", "HEAD", "OPTIONS")
# What writes beside the transaction of the request, in one of its own: see foundation.web.
MAY_WRITE_ON_GET = ("limit_count", "sign_in_session", "audit_row")
UNSEEN = ("hidden", "submit", "button", "image", "reset")
LOADS = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "use": "href",
    "object": "data",
    "audio": "src",
    "video": "src",
}
POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def read_page(html: str, *, host: str = "localhost") -> list[str]:
    """Everything that is wrong with a whole page."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(html)
    return [
        *_parse_errors(parser),
        *([] if (root.get("lang") or "").strip() else ["<html> has no lang"]),
        *_headings(root),
        *_everywhere(root, host),
    ]


def read_fragment(html: str, *, host: str = "localhost") -> list[str]:
    """Everything that is wrong with a part of a page, as htmx swaps it in."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    # A table row is read where a table row may stand.
    container = "tbody" if html.lstrip().startswith("<tr") else "div"
    root = parser.parseFragment(html, container=container)
    return [*_parse_errors(parser), *_everywhere(root, host, whole=False)]


def read_headers(answer: TestResponse) -> list[str]:
    """Everything that is missing from the headers of any answer."""
    if answer.status_code == 304 and not answer.get_data() and "Set-Cookie" not in answer.headers:
        # Nothing to show, so nothing that a page's policy would hold back; a hall hears it often.
        kept = answer.headers.get("Cache-Control", "")
        return [] if kept else ["header Cache-Control is missing"]
    wrong = [
        f"header {name} is {answer.headers.get(name)!r}"
        for name, wanted in HEADERS.items()
        if answer.headers.get(name) != wanted
    ]
    wrong += [
        f"header {name} is missing"
        for name in ("Permissions-Policy", "Cross-Origin-Resource-Policy", "Cache-Control")
        if name not in answer.headers
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "script-src 'self'" not in policy:
        wrong.append("the content policy is missing")
    # Who may frame a page is its own matter: only those under /embed/ let anybody.
    if "unsafe-" in policy or "*" in policy.replace("frame-ancestors *;", ""):
        wrong.append(f"the content policy is lax: {policy}")
    return wrong


def says(text: str, word: str) -> bool:
    """Whether a word stands there by itself: any few letters may be part of somebody's key."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def words_of(element: Element) -> str:
    """The text of an element, its white space made one."""
    return " ".join("".join(element.itertext()).split())


def _parse_errors(parser: html5lib.HTMLParser) -> Iterator[str]:
    for (line, column), code, details in parser.errors:
        yield f"not HTML5 at {line}:{column}: {code} {details or ''}".rstrip()


def _headings(root: Element) -> Iterator[str]:
    headings = [words_of(element) for element in root.iter("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1: {headings}"
        return
    title = next((words_of(element) for element in root.iter("title")), "")
    if not headings[0]:
        yield "the h1 is empty"
    elif not title.startswith(headings[0]):
        yield f"the title “{title}” does not begin with the h1 “{headings[0]}”"


def _everywhere(root: Element, host: str, *, whole: bool = True) -> Iterator[str]:
    ids = [element.get("id", "") for element in _elements(root) if element.get("id") is not None]
    yield from (f"the id “{twice}” stands twice" for twice in _repeated(ids))
    yield from _labels(root, set(ids))
    if whole:
        yield from _pointers(root, set(ids))
    for element in _elements(root):
        yield from _inline_code(element)
        yield from _forms(element)
        yield from _strangers(element, host)
        yield from _nameless(element)


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _labels(root: Element, ids: set[str]) -> Iterator[str]:
    pointed = {
        label.get("for") for label in root.iter("label") if label.get("for") and words_of(label)
    }
    wrapped = {
        id(inner) for label in root.iter("label") if words_of(label) for inner in label.iter()
    }
    for tag in ("input", "select", "textarea"):
        for control in root.iter(tag):
            if control.get("type") in UNSEEN and tag == "input":
                continue
            named = control.get("aria-label") or (
                set((control.get("aria-labelledby") or "").split()) & ids
            )
            if not (named or control.get("id") in pointed or id(control) in wrapped):
                yield f"no label on <{tag} name={control.get('name')!r} id={control.get('id')!r}>"


def _pointers(root: Element, ids: set[str]) -> Iterator[str]:
    for element in _elements(root):
        names = [element.get("for")] if element.tag in ("label", "output") else []
        names += [name for key in POINTERS for name in (element.get(key) or "").split()]
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#"):
            names.append(href[1:])
        for name in names:
            if name is not None and name not in ids:
                yield f"<{element.tag}> points to “#{name}”, which is not on the page"


def _inline_code(element: Element) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    if tag == "style":
        yield "a <style> element"
    if tag == "script" and "src" not in element.attrib and "json" not in element.get("type", ""):
        yield "an inline <script>"
    for name, value in element.attrib.items():
        key = str(name).lower()
        if key == "style" or key.startswith(("on", "hx-on")):
            yield f"an inline “{key}” on <{tag}>"
        if key in ("href", "src", "action", "formaction") and value.lower().lstrip().startswith(
            "javascript:"
        ):
            yield f"a javascript: address on <{tag}>"


def _forms(element: Element) -> Iterator[str]:
    if element.tag != "form" or element.get("method", "get").lower() != "post":
        return
    tokens = [
        control.get("value")
        for control in element.iter("input")
        if control.get("name") == "csrf_token"
    ]
    if len(tokens) != 1 or not tokens[0]:
        yield f"the form to {element.get('action')!r} has {len(tokens)} CSRF tokens"


def _strangers(element: Element, host: str) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    keys = [LOADS[tag]] if tag in LOADS else []
    keys += ["action"] if tag == "form" else []
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] not in keys:
            continue
        parts = urlsplit(value)
        outside = parts.netloc and parts.netloc != host
        if outside or parts.scheme not in ("", "data", "http", "https"):
            yield f"<{tag}> loads from elsewhere: {value}"


def _nameless(element: Element) -> Iterator[str]:
    if element.tag == "img" and element.get("alt") is None:
        yield f"no alt on <img src={element.get('src')!r}>"
    if element.tag in ("button", "a") and not (
        words_of(element) or element.get("aria-label") or element.get("aria-labelledby")
    ):
        alts = [image.get("alt") for image in element.iter("img")]
        if not any(alts):
            yield f"a <{element.tag}> without words"


@dataclass
class Recorder:
    """What this thread asked of the database while it was recording."""

    statements: list[str] = field(default_factory=list)
    writes_while_reading: list[str] = field(default_factory=list)
    writes_apart: list[str] = field(default_factory=list)


_recording = threading.local()
BOOKKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
WRITES = ("INSERT", "UPDATE", "DELETE")


def watch(engine: Any) -> None:
    """Note what threads that record ask of this engine."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    recorder: Recorder | None = getattr(_recording, "recorder", None)
    words = statement.split(None, 3)
    if recorder is None or not words or words[0].upper().startswith(BOOKKEEPING):
        return
    recorder.statements.append(statement)
    if words[0].upper() in WRITES:
        if connection.get_execution_options().get("campaign_write"):
            recorder.writes_apart.append(statement)
        else:
            recorder.writes_while_reading.append(statement)


@contextmanager
def recording() -> Iterator[Recorder]:
    """Record what this thread asks of a watched database."""
    before = getattr(_recording, "recorder", None)
    _recording.recorder = Recorder()
    try:
        yield _recording.recorder
    finally:
        _recording.recorder = before


class ProofReadingClient(FlaskClient):
    """A test client that reads every answer, and knows how to sign in and send forms."""

    def open(  # type: ignore[override]
        self,
        *args: Any,
        follow_redirects: bool = False,
        most_queries: int = MOST_QUERIES,
        **kwargs: Any,
    ) -> TestResponse:
        """One request, read; AssertionError lists all that is wrong."""
        answer = self._once(*args, most_queries=most_queries, **kwargs)
        while follow_redirects and answer.status_code in REDIRECTS:
            answer = self._once(answer.headers["Location"], most_queries=most_queries)
        return answer

    def _once(self, *args: Any, most_queries: int, **kwargs: Any) -> TestResponse:
        with recording() as recorder:
            answer = super().open(*args, **kwargs)
            answer.get_data()
        if answer.request.method == "POST":
            most_queries = max(most_queries, MOST_QUERIES_OF_A_POST)
        wrong = [*read_answer(answer), *read_queries(answer, recorder, most_queries)]
        if wrong:
            where = f"{answer.request.method} {answer.request.full_path} → {answer.status}"
            raise AssertionError("\n  - ".join([where, *wrong]))
        return answer

    def token(self, page: str = "/privacy") -> str:
        """The CSRF token as a page tells it."""
        return token_in(self.get(page).text)

    def post_form(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = "/privacy", **kw: Any
    ) -> TestResponse:
        """Send a form as a browser does, with the token of ``page``."""
        return self.post(path, data={"csrf_token": self.token(page), **(data or {})}, **kw)

    def post_asking_json(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = "/privacy", **kw: Any
    ) -> TestResponse:
        """Send a form as a program does: token in a header, JSON wanted."""
        headers = {"X-CSRFToken": self.token(page), "Accept": "application/json"}
        return self.post(path, data=data or {}, headers=headers | kw.pop("headers", {}), **kw)

    def sign_in(self, person: Any) -> str:
        """Sign this browser in as a person, by a sign-in row like any other; its token."""
        from campaign.people import operations

        with self._house().database.unit_of_work() as db:
            token = operations.open_sign_in(db, person=person)
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session.permanent = True
        return token

    def sign_out(self) -> TestResponse:
        """Leave, by the button."""
        return self.post_form("/sign-out")

    def _house(self) -> Any:
        app: Flask = self.application
        return app.extensions["campaign"]


TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')


def token_in(html: str) -> str:
    """The CSRF token of a page, from its head; the page itself was read when it was fetched."""
    found = TOKEN.findall(html)
    if len(found) != 1:
        raise AssertionError(f"the page names {len(found)} CSRF tokens")
    return str(found[0])


def read_answer(answer: TestResponse) -> list[str]:
    """Everything that is wrong with one answer."""
    wrong = read_headers(answer)
    if answer.mimetype != "text/html" or answer.status_code in REDIRECTS:
        return wrong
    if answer.request.method == "HEAD" or not answer.get_data():
        return wrong
    fragment = any(one in answer.request.headers for one in ("HX-Request", "Door-Holds"))
    read = read_fragment if fragment and "<html" not in answer.text else read_page
    return [*wrong, *read(answer.text, host=answer.request.host)]


def read_queries(answer: TestResponse, recorder: Recorder, most: int) -> list[str]:
    """Too many queries, or a GET that writes."""
    wrong = []
    if len(recorder.statements) > most:
        asked = "\n      ".join(_short(recorder.statements))
        wrong.append(f"{len(recorder.statements)} queries, at most {most}:\n      {asked}")
    if answer.request.method in SAFE:
        apart = [
            statement
            for statement in recorder.writes_apart
            if not any(table in statement for table in MAY_WRITE_ON_GET)
        ]
        for statement in _short([*recorder.writes_while_reading, *apart]):
            wrong.append(f"a {answer.request.method} writes: {statement}")
    return wrong


def _short(statements: Iterable[str]) -> list[str]:
    return [" ".join(statement.split())[:160] for statement in statements]
