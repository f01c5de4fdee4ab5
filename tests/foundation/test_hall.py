"""A hall without internet: what may come over its network, and what a browser is given there."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.app import create_app
from campaign.foundation import hall
from campaign.foundation.database import Database
from campaign.foundation.hall import OPEN, is_inside, network, own_address
from campaign.foundation.settings import Settings, SettingsError, load
from campaign.meetups.routes import screen
from tests.cast import Cast
from tests.meetups.making import a_meetup
from tests.proof_reader import ProofReadingClient

HALL = "127.0.0.2/32"
AT = "127.0.0.2:8000"


@pytest.mark.parametrize(
    "text", ["192.168.4.0/24", "10.0.0.0/8", "172.20.0.0/16", "fd00:1::/64", "127.0.0.2/32"]
)
def test_a_private_network_may_be_a_hall(text: str) -> None:
    assert str(network(text)) == text
    assert load({"CAMPAIGN_HALL_NETWORK": text, "CAMPAIGN_ENVIRONMENT": "testing"}).hall


@pytest.mark.parametrize(
    "text", ["8.8.8.0/24", "0.0.0.0/0", "192.0.0.0/8", "::/0", "2001:db8::/32", "the hall", "10/40"]
)
def test_no_other_network_starts(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="it must be a private network"):
        load({"CAMPAIGN_HALL_NETWORK": text, "CAMPAIGN_DATA_DIR": str(tmp_path)})


def test_an_address_is_of_the_hall_or_it_is_not() -> None:
    there = network("192.168.4.0/24")
    for host in ("192.168.4.1", "192.168.4.77:8000"):
        assert is_inside(host, there)
    for host in ("192.168.5.1", "127.0.0.1:8000", "192.168.4.1.evil.example", "", "[::1]:80", "x"):
        assert not is_inside(host, there)
    assert is_inside("[fd00:1::5]:8000", network("fd00:1::/64"))
    assert not is_inside("192.168.4.1", None)


def test_this_machines_own_address_is_found_where_it_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = network("127.0.0.0/8")
    assert here is not None
    assert is_inside(own_address(here) or "", here)
    monkeypatch.setattr(hall, "is_inside", lambda *_: False)  # it goes out by another address
    assert own_address(here) is None


@pytest.fixture
def hall_app(settings: Settings, database: Database) -> Flask:
    """A site that knows a hall, and is itself reached by https."""
    made = create_app(
        replace(settings, hall_network=HALL, base_url="https://rents.example"), database
    )
    made.test_client_class = ProofReadingClient
    return made


@pytest.fixture
def code(database: Database, cast: Cast) -> str:
    with database.unit_of_work() as db:
        return a_meetup(db, cast).code


@dataclass
class Phone:
    """A phone on the hotspot."""

    client: ProofReadingClient

    def open(self, path: str, **given: Any) -> TestResponse:
        """One request, as its browser sends it."""
        return self.client.open(path, base_url=f"http://{AT}", **given)


def over_the_hall(app: Flask) -> Phone:
    made = app.test_client()
    assert isinstance(made, ProofReadingClient)
    return Phone(made)


JOIN = {"name": "Bea", "reach": "bea@people.example", "hold": "y"}


def test_a_phone_comes_in_over_the_hall_with_its_one_cookie(hall_app: Flask, code: str) -> None:
    phone = over_the_hall(hall_app)
    page = phone.open(f"/m/{code}")
    assert page.status_code == 200
    assert page.headers.getlist("Set-Cookie") == []
    assert "Strict-Transport-Security" not in page.headers
    joined = phone.open(
        f"/m/{code}/join", method="POST", data=JOIN, headers={"Origin": f"http://{AT}"}
    )
    assert joined.status_code == 303
    (cookie,) = joined.headers.getlist("Set-Cookie")
    assert cookie.startswith("meetup=")
    assert f"Path=/m/{code}" in cookie
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie
    for path in ("", "/state", "/talk", "/screen", "/qr.svg"):
        assert phone.open(f"/m/{code}{path}").status_code == 200, path


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", f"https://{AT}:1"])
def test_a_form_of_another_page_is_refused_in_the_hall(
    hall_app: Flask, code: str, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    sent = over_the_hall(hall_app).open(
        f"/m/{code}/join", method="POST", data=JOIN, headers=headers
    )
    assert sent.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/sign-in", "/me", "/events", "/phonebanks", "/groups", "/mailbox", "/conduct"),
        *(
            "/m/{code}/desk",
            "/m/{code}/desk/people",
            "/m/{code}/door",
            "/m/{code}/incidents",
            "/health/ready",
            "/nothing",
        ),
    ],
)
def test_everything_else_is_refused_there_with_a_sentence(
    hall_app: Flask, code: str, path: str
) -> None:
    phone, path = over_the_hall(hall_app), path.format(code=code)
    for method in ("GET", "POST"):
        answer = phone.open(path, method=method, headers={"Origin": f"http://{AT}"})
        assert answer.status_code == 403, path
        assert "Over the hall’s own network only the pages of the meetup are open" in answer.text


def test_every_page_that_wants_a_sign_in_is_closed_over_the_hall(hall_app: Flask) -> None:
    closed = [
        rule.rule
        for rule in hall_app.url_map.iter_rules()
        if getattr(hall_app.view_functions[rule.endpoint], "needs", ()) != ("everybody",)
        and rule.endpoint != "static"
    ]
    assert len(closed) > 50
    example = [
        rule.replace("<code>", "BENCHA").replace("<", "").replace(">", "") for rule in closed
    ]
    assert [path for path in example if OPEN.fullmatch(path)] == []


def test_a_sign_in_that_a_browser_sends_all_the_same_is_not_heeded_in_the_hall(
    hall_app: Flask, cast: Cast, code: str
) -> None:
    safe = hall_app.test_client()
    assert isinstance(safe, ProofReadingClient)
    token = safe.sign_in(cast.organiser)
    signer = hall_app.session_interface.get_signing_serializer(hall_app)  # type: ignore[attr-defined]
    cookie = f"{hall_app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"
    bare = hall_app.test_client(use_cookies=False)
    assert isinstance(bare, ProofReadingClient)
    on_the_laptop = {"base_url": "http://127.0.0.1", "headers": {"Cookie": cookie}}
    assert bare.open("/me", **on_the_laptop).status_code == 200
    phone = Phone(bare)
    answer = phone.open(f"/m/{code}", headers={"Cookie": cookie})
    assert answer.status_code == 200
    assert cast.organiser.name not in answer.text
    assert phone.open(f"/m/{code}/desk", headers={"Cookie": cookie}).status_code == 403


def test_other_hosts_are_as_unknown_as_ever(hall_app: Flask, app: Flask, code: str) -> None:
    for host in ("127.0.0.3:8000", "evil.example", "127.0.0.2.evil.example"):
        asked = FlaskClient(hall_app).get(f"/m/{code}", base_url=f"http://{host}")
        assert asked.status_code == 400, host
    # Without the setting no address of a hall is trusted.
    assert FlaskClient(app).get(f"/m/{code}", base_url=f"http://{AT}").status_code == 400


def test_the_laptop_itself_and_https_have_the_whole_site(hall_app: Flask, code: str) -> None:
    for host, scheme in (("127.0.0.1:8000", "http"), ("rents.example", "https")):
        answer = hall_app.test_client().open("/sign-in", base_url=f"{scheme}://{host}")
        assert answer.status_code == 200, host
        assert "Strict-Transport-Security" not in answer.headers


def test_the_code_on_the_wall_leads_to_the_laptops_own_address(
    hall_app: Flask, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "own_address", lambda _: "127.0.0.2")
    page = hall_app.test_client().open(f"/m/{code}/screen", base_url="http://127.0.0.1:8000")
    assert "127.0.0.2:8000/m" in page.text
    assert "rents.example/m" not in page.text


@pytest.mark.parametrize("address", ["127.0.0.2", None])
def test_the_desk_says_where_the_laptop_is_not_in_the_hall(
    hall_app: Flask, code: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setattr(screen, "own_address", lambda _: address)
    laptop = hall_app.test_client()
    assert isinstance(laptop, ProofReadingClient)
    laptop.sign_in(cast.organiser)
    page = laptop.get(f"/m/{code}/desk").text
    assert ("not in the hall’s network" in page) == (address is None)
    if address is None:
        assert "leads to rents.example" in page


def test_a_site_without_a_hall_says_nothing_of_one(app: Flask, code: str, cast: Cast) -> None:
    desk = app.test_client()
    assert isinstance(desk, ProofReadingClient)
    desk.sign_in(cast.organiser)
    assert "hall’s network" not in desk.get(f"/m/{code}/desk").text
