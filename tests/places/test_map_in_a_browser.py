"""The map in a real browser, under the policy that every page has."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from campaign.foundation import security, settings
from campaign.places.maps import map_markup
from campaign.places.routes import blueprint
from tests.journeys.conftest import leave

PAGE = """<!doctype html><html lang="en"><title>Map</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/components/map.css">
<script defer src="/static/vendor/leaflet/leaflet.js"></script>
<script defer src="/maps/events.js"></script>
<script defer src="/behaviour.js"></script>
<h1>Map</h1>{}</html>"""

BEHAVIOUR = """
const place = document.getElementById("map_events");
const start = (map) => {
  place.dataset.started = [map.getCenter().lat.toFixed(2), map.getZoom()].join(" ");
};
if (place.campaignMap) start(place.campaignMap);
else place.addEventListener("campaign:map", (event) => start(event.detail.map), { once: true });
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    held = settings.load({}, environment="testing", data_dir=tmp_path)
    app = Flask("campaign", static_folder=str(settings.files_folder("static")))
    app.register_blueprint(blueprint)
    app.extensions["campaign"] = SimpleNamespace(settings=held)

    @app.get("/")
    def page() -> str:
        return PAGE.format(
            map_markup("events", label="Map of events", lat=50.82, lng=-0.14, zoom=9)
        )

    @app.get("/behaviour.js")
    def behaviour() -> Response:
        return Response(BEHAVIOUR, mimetype="text/javascript")

    @app.after_request
    def dress(response: Response) -> Response:
        security.add_headers(response, held)
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_map_stands_under_the_strict_policy_without_a_word_in_the_console(
    address: str, browser: Browser
) -> None:
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator('#map_events[data-started="50.82 9"]').wait_for()
    page.locator("img.leaflet-tile-loaded").first.wait_for()
    page.get_by_role("button", name="Zoom in").click()
    page.locator("#map_events .leaflet-tile-pane").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    credit = page.locator(".leaflet-control-attribution").inner_text()
    leave(page.context)

    assert said == []
    assert all(url.startswith((address, "data:")) for url in asked)
    assert any("/tiles/9/" in url for url in asked)
    assert "Contains OS, Royal Mail and ONS data" in credit
