"""The proof-reader finds what it is there to find, and leaves a good page alone."""

import pytest
from flask import Flask, Response
from sqlalchemy import insert, select

from campaign.foundation import clock, web
from campaign.foundation.audit import AuditRow
from campaign.foundation.limits import LimitCount
from campaign.people.models import Person
from tests.proof_reader import ProofReadingClient, read_fragment, read_page

GOOD = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Events near you · Fair Rents</title>
<link rel="stylesheet" href="/static/css/base.css"><script src="/static/js/a.js"></script>
<script type="application/json">{"a": 1}</script></head>
<body><h1 id="h">Events near you</h1>
<form method="post" action="/events"><input type="hidden" name="csrf_token" value="abc">
<label for="q">Postcode</label><input id="q" name="q" aria-describedby="h">
<label>Day <select name="day"><option>Saturday</option></select></label>
<textarea name="note" aria-label="Note"></textarea><button>Find</button></form>
<img src="data:image/png;base64,AA==" alt=""><a href="https://example.org/">Elsewhere</a>
</body></html>"""

PLANTED = {
    "an h1 is missing": ('<h1 id="h">Events near you</h1>', '<p id="h">Events</p>', "0 h1"),
    "a second h1": ("<img", "<h1>Events near you</h1><img", "2 h1"),
    "an empty h1": ("Events near you</h1>", "</h1>", "the h1 is empty"),
    "another title": ("<title>Events", "<title>All events", "does not begin with the h1"),
    "no language": (' lang="en-GB"', "", "has no lang"),
    "no label": ('<label for="q">Postcode</label>', "", "no label on <input name='q'"),
    "an empty label": ("Postcode</label>", "</label>", "no label on <input name='q'"),
    "no label on a text": (' aria-label="Note"', "", "no label on <textarea"),
    "an id twice": ("<img", '<p id="q"></p><img', "the id “q” stands twice"),
    "no token": ('<input type="hidden" name="csrf_token" value="abc">', "", "0 CSRF tokens"),
    "an empty token": ('value="abc"', 'value=""', "CSRF"),
    "an inline script": ("<img", "<script>alert(1)</script><img", "an inline <script>"),
    "a style element": ("</head>", "<style>p{}</style></head>", "a <style> element"),
    "a style attribute": ("<button>", '<button style="color:red">', "an inline “style”"),
    "a handler": ("<button>", '<button onclick="go()">', "an inline “onclick”"),
    "a handler of htmx": ("<button>", '<button hx-on:click="go()">', "an inline “hx-on:click”"),
    "a script address": ('href="https://example.org/"', 'href="javascript:go()"', "javascript:"),
    "a sheet from elsewhere": ("/static/css/base.css", "https://cdn.example/b.css", "elsewhere"),
    "a script from elsewhere": ("/static/js/a.js", "//cdn.example/a.js", "elsewhere"),
    "a picture from elsewhere": ("data:image/png;base64,AA==", "https://x.example/p", "elsewhere"),
    "a form to elsewhere": ('action="/events"', 'action="https://x.example/"', "elsewhere"),
    "a pointer to nothing": ('aria-describedby="h"', 'aria-describedby="gone"', "“#gone”"),
    "a label for nothing": ('for="q"', 'for="p"', "“#p”"),
    "a button without words": ("<button>Find</button>", "<button></button>", "without words"),
    "a picture without alt": (' alt=""', "", "no alt"),
    "not HTML": ("</form>", "</div></form>", "not HTML5"),
    "no doctype": ("<!doctype html>\n", "", "not HTML5"),
}


def test_a_good_page_is_left_alone() -> None:
    assert read_page(GOOD) == []


@pytest.mark.parametrize("offence", list(PLANTED))
def test_an_offence_is_found(offence: str) -> None:
    before, after, finding = PLANTED[offence]
    assert before in GOOD
    assert any(finding in wrong for wrong in read_page(GOOD.replace(before, after, 1)))


def test_a_fragment_needs_no_heading_but_everything_else() -> None:
    assert read_fragment('<p id="a">Saved</p>') == []
    assert read_fragment("<tr><td>Saved</td></tr>") == []
    assert read_fragment('<p id="a" style="x">Saved</p><p id="a">') != []
    assert read_fragment('<form method="post"><button>Go</button></form>') != []


def plant(app: Flask, page: str = GOOD) -> None:
    """Endpoints that do what no endpoint may."""

    @web.public
    def lax() -> Response:
        answer = Response(page)
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self' 'unsafe-inline'"
        )
        return answer

    @web.public
    def chatty() -> Response:
        for _ in range(26):
            web.db().scalars(select(Person)).all()
        return Response(page)

    @web.public
    def adding() -> Response:
        web.db().add(Person(name="Nobody"))
        return Response(page)

    @web.public
    def inserting() -> Response:
        # Past the unit of work of the ORM, and rolled back: only the record of statements tells.
        web.db().execute(insert(LimitCount).values(key="x", window=1, count=1, ends_at=NOW))
        return Response(page)

    @web.public
    def apart() -> Response:
        with web.house().database.unit_of_work() as db:
            db.add(Person(name="Nobody", made_at=NOW))
        return Response(page)

    @web.public
    def noting() -> Response:
        with web.house().database.unit_of_work() as db:
            db.add(AuditRow(at=NOW, action="looked", subject="page:1", details=[]))
        return Response(page)

    for view in (lax, chatty, adding, inserting, apart, noting):
        app.add_url_rule(f"/planted/{view.__name__}", view.__name__, view)


NOW = clock.now()


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("lax", "the content policy is lax"),
        ("chatty", "26 queries, at most 25"),
        ("adding", "a GET changed something"),
        ("inserting", "a GET writes: INSERT INTO limit_count"),
        ("apart", "a GET writes: INSERT INTO person"),
    ],
)
def test_a_request_that_misbehaves_is_found(
    app: Flask, client: ProofReadingClient, name: str, finding: str
) -> None:
    plant(app)
    with pytest.raises(AssertionError, match=finding):
        client.get(f"/planted/{name}")


def test_what_may_be_written_beside_the_request_passes(
    app: Flask, client: ProofReadingClient
) -> None:
    plant(app)
    assert client.get("/planted/noting").status_code == 200


def test_more_queries_can_be_allowed(app: Flask, client: ProofReadingClient) -> None:
    plant(app)
    assert client.get("/planted/chatty", most_queries=26).status_code == 200


def test_a_bad_page_is_found_through_the_client(app: Flask, client: ProofReadingClient) -> None:
    plant(app, page=GOOD.replace(' lang="en-GB"', ""))
    with pytest.raises(AssertionError, match="has no lang"):
        client.get("/planted/noting")
