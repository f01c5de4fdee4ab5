"""The page that a sent form leads to, in the same answer: for a script that asks for it."""

import pytest
from flask import Flask

from campaign.foundation.web.following import Following, _with
from tests.cast import Cast
from tests.proof_reader import ProofReadingClient

FOLLOW = {"X-Follow": "1"}


def test_a_script_gets_the_page_that_the_form_leads_to(
    client: ProofReadingClient, cast: Cast
) -> None:
    client.sign_in(cast.caller)
    answer = client.post_form("/sign-in/name?next=/me", {"name": "Cal Newname"}, headers=FOLLOW)
    assert answer.status_code == 200
    assert answer.headers["X-Followed"] == "/me"
    assert "Hello, Cal Newname" in answer.text
    plain = client.post_form("/sign-in/name?next=/me", {"name": "Cal Caller"})
    assert (plain.status_code, plain.headers["Location"]) == (303, "/me")
    assert "X-Followed" not in plain.headers


def test_the_page_knows_the_cookies_that_the_form_set(
    client: ProofReadingClient, cast: Cast
) -> None:
    client.sign_in(cast.caller)
    answer = client.post_form("/sign-out", headers=FOLLOW)
    assert answer.headers["X-Followed"] == "/"
    assert "Sign in" in answer.text
    assert client.get("/me").status_code == 303, "the browser was told, too"


def test_a_refusal_is_answered_as_it_ever_was(client: ProofReadingClient, cast: Cast) -> None:
    client.sign_in(cast.caller)
    answer = client.post_form("/sign-in/name?next=/me", {"name": ""}, headers=FOLLOW)
    assert answer.status_code == 422
    assert client.post("/sign-out", headers=FOLLOW).status_code == 400, "no token, no sign-out"


def test_a_visit_is_not_followed(client: ProofReadingClient) -> None:
    answer = client.get("/me", headers=FOLLOW)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", ""]
)
def test_another_site_is_never_followed(away: str) -> None:
    asked = []

    def site(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("303 SEE OTHER", [("Location", away)])
        return [b""]

    client = Flask(__name__)
    client.wsgi_app = Following(site)  # type: ignore[method-assign]
    answer = client.test_client().post("/x", headers=FOLLOW)
    assert answer.status_code == 303
    assert asked == ["/x"]


def test_a_circle_ends() -> None:
    asked = []

    def site(environ, start_response):
        asked.append(environ["REQUEST_METHOD"])
        start_response("303 SEE OTHER", [("Location", "/round")])
        return [b""]

    client = Flask(__name__)
    client.wsgi_app = Following(site)  # type: ignore[method-assign]
    assert client.test_client().post("/round", headers=FOLLOW).status_code == 303
    assert asked == ["POST", "GET", "GET", "GET"]


def test_cookies_are_handed_on_as_they_are_written() -> None:
    baked = ["campaign=new.v-1; Path=/", "gone=; Max-Age=0; Path=/"]
    assert _with('campaign=old; gone=1; other="a b"', baked) == 'campaign=new.v-1; other="a b"'
