"""The addresses of the tiles and of the map's script."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.foundation import settings, web
from campaign.foundation.errors import DomainError
from campaign.places.basemap import sea_tile
from campaign.places.routes import blueprint


def served(**overrides: object) -> FlaskClient:
    """A bare application with nothing but this room."""
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    app.extensions["campaign"] = SimpleNamespace(settings=settings.load({}, **overrides))
    app.register_error_handler(DomainError, lambda refusal: (refusal.message, refusal.status))
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("places."):
            assert web.standing_of(app, rule.endpoint) == (web.PUBLIC,)
    return app.test_client()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with served(environment="testing", data_dir=tmp_path) as client:
        yield client


def test_a_tile_is_a_picture_that_browsers_may_keep(client: FlaskClient) -> None:
    answer = client.get("/tiles/10/511/343.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=2592000, immutable"
    assert answer.data.startswith(b"\x89PNG")
    assert "Set-Cookie" not in answer.headers


def test_out_at_sea_there_is_a_tile_too(client: FlaskClient) -> None:
    assert client.get("/tiles/10/0/0.png").data == sea_tile()


@pytest.mark.parametrize(
    "address", ["/tiles/3/0/0.png", "/tiles/10/1024/0.png", f"/tiles/{10**40}/0/0.png"]
)
def test_no_tile_where_there_is_no_world(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_script_is_a_script_and_costs_nothing_the_second_time(client: FlaskClient) -> None:
    answer = client.get("/maps/events.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get("/maps/events.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_in_the_address_reaches_the_script(client: FlaskClient) -> None:
    plain = client.get("/maps/events.js").data
    assert client.get("/maps/events.js?lat=1);alert(1)&name=pwn&tile_url=//evil").data == plain
    assert client.get("/maps/${window.pwn=1}.js").status_code == 404
    assert client.get("/maps/other.js").status_code == 404


def test_the_operator_s_tile_server_comes_from_the_settings(tmp_path: Path) -> None:
    client = served(
        environment="testing",
        data_dir=tmp_path,
        tile_url="https://tiles.example/{z}/{x}/{y}.png",
        tile_attribution="Example Maps",
    )
    script = client.get("/maps/events.js").text
    assert '"https://tiles.example/{z}/{x}/{y}.png"' in script
    assert '"attribution": "Example Maps"' in script
