"""Cookies and headers: over https, over http, and for who is signed in."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.app import create_app
from campaign.foundation import security
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from tests.cast import Cast
from tests.proof_reader import ProofReadingClient, token_in


def cookie_of(answer: TestResponse) -> str:
    return next(
        line for line in answer.headers.getlist("Set-Cookie") if "campaign=" in line.split(";")[0]
    )


@pytest.fixture
def https(
    settings: Settings, sqlite_template: Path, tmp_path: Path
) -> Iterator[ProofReadingClient]:
    """The site as the world reaches it, by https."""
    path = tmp_path / "https.db"
    path.write_bytes(sqlite_template.read_bytes())
    held = replace(
        settings,
        environment="production",
        base_url="https://rents.example",
        database_url=f"sqlite:///{path}",
    )
    database = Database(held.database_url)
    made = create_app(held, database)
    made.test_client_class = ProofReadingClient
    client = made.test_client()
    yield client
    database.dispose()


def test_over_https_the_cookie_and_the_headers_are_strict(https: ProofReadingClient) -> None:
    answer = https.get("/sign-in", base_url="https://rents.example")
    cookie = cookie_of(answer)
    assert cookie.startswith("__Host-campaign=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_form_without_referer_is_taken_over_https(https: ProofReadingClient) -> None:
    # The page of a sign-in link sends no Referer, so that its key goes nowhere.
    page = https.get("/do-not-call", base_url="https://rents.example")
    answer = https.post(
        "/do-not-call",
        base_url="https://rents.example",
        data={"csrf_token": token_in(page.text), "number": "020 7946 0142"},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303


def test_what_is_for_trying_out_does_not_exist_for_real(https: ProofReadingClient) -> None:
    assert https.get("/mailbox", base_url="https://rents.example").status_code == 404
    assert "/mailbox" not in https.get("/privacy", base_url="https://rents.example").text


def test_for_real_this_machine_s_names_are_not_trusted(https: ProofReadingClient) -> None:
    assert https.get("/privacy", base_url="https://localhost").status_code == 400


def test_over_http_there_is_no_promise_of_https(client: ProofReadingClient) -> None:
    answer = client.get("/sign-in")
    cookie = cookie_of(answer)
    assert cookie.startswith("campaign=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Strict-Transport-Security" not in answer.headers


def test_what_a_signed_in_person_sees_is_stored_nowhere(
    client: ProofReadingClient, cast: Cast
) -> None:
    assert client.get("/privacy").headers["Cache-Control"] == "private, no-cache"
    client.sign_in(cast.supporter)
    assert client.get("/me").headers["Cache-Control"] == "no-store"
    assert client.get("/privacy").headers["Cache-Control"] == "no-store"


def test_a_page_with_a_key_in_its_address_is_stored_nowhere(client: ProofReadingClient) -> None:
    assert client.get("/sign-in/some-key").headers["Cache-Control"] == "no-store"


def test_only_the_tile_server_the_operator_named_may_send_pictures(settings: Settings) -> None:
    assert "img-src 'self' data:;" in security.content_security_policy(settings)
    named = replace(settings, tile_url="https://tiles.example/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://tiles.example;" in security.content_security_policy(named)


def test_a_changed_file_has_another_address(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/base.css")
        assert address.startswith("/static/css/base.css?v=")
        assert len(address.partition("v=")[2]) == 10


def test_pages_and_files_go_out_packed_to_who_can_unpack_them(app: Flask) -> None:
    client = FlaskClient(app)  # the proof reader reads no packed page

    def get(path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with client.get(path, headers=named) as answer:
            return answer.status_code, answer.data, dict(answer.headers)

    _, page, headers = get("/events", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in headers["Vary"]
    assert b"<h1" in gzip.decompress(page)
    _, plain, headers = get("/static/css/base.css")
    assert "Content-Encoding" not in headers
    _, packed, headers = get("/static/css/base.css", Accept_Encoding="gzip")
    assert gzip.decompress(packed) == plain
    mark = headers["ETag"]
    again, _, _ = get("/static/css/base.css", Accept_Encoding="gzip", If_None_Match=mark)
    assert again == 304
    _, part, _ = get("/static/css/base.css", Accept_Encoding="gzip", Range="bytes=0-9")
    assert part == plain[:10]


def test_what_may_not_be_kept_is_not_packed(client: ProofReadingClient, cast: Cast) -> None:
    client.sign_in(cast.supporter)
    page = client.get("/events", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in page.headers


@pytest.mark.parametrize(
    "path",
    [
        "css/base.css",
        "js/behaviours/index.js",
        "vendor/leaflet/leaflet.js",
        "fonts/public-sans-latin.woff2",
    ],
)
def test_a_file_that_is_no_page_carries_only_what_a_file_obeys(app: Flask, path: str) -> None:
    with app.test_request_context():
        marked = url_for("static", filename=path)
    with FlaskClient(app).get(marked) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in answer.headers.get("Vary", "")
        for of_pages in ("Content-Security-Policy", "Permissions-Policy", "Content-Disposition"):
            assert of_pages not in answer.headers
        assert sum(len(name) + len(value) + 4 for name, value in answer.headers) < 500


@pytest.mark.parametrize("path", ["img/icons.svg", "nothing.css"])
def test_what_a_browser_may_show_as_a_page_keeps_the_policy_of_pages(app: Flask, path: str) -> None:
    with FlaskClient(app).get(f"/static/{path}?v=1") as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("mark", ["", "?v=of-another"])
def test_a_file_without_its_own_mark_is_kept_for_an_hour(app: Flask, mark: str) -> None:
    with FlaskClient(app).get(f"/static/js/behaviours/menu.js{mark}") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
