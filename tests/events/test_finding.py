"""Lists, maps and calendars: what is found, in which order, and that nothing breaks them."""

import json

import pytest

from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import announced, signed_up, soon
from tests.proof_reader import ProofReadingClient

NASTY = ("<img src=x onerror=window.pwn=1>", "${window.pwn=1}", "</script><b>", "{{7*7}}")


def made(database: Database, cast: Cast, **given: object) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, **given).public_id


def test_calendars_hold_what_is_coming(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, title="Ring round Hove")
    for path in (
        "/events.ics",
        f"/events/{public_id}.ics",
        f"/groups/{cast.group.slug}/events.ics",
    ):
        answer = client.get(path)
        assert answer.mimetype == "text/calendar"
        assert "SUMMARY:Ring round Hove" in answer.text


def test_nasty_titles_stay_text(client: ProofReadingClient, database: Database, cast: Cast) -> None:
    for title in NASTY:
        public_id = made(database, cast, title=title, about=title)
        page = client.get(f"/events/{public_id}")
        assert "<img src=x" not in page.text
        assert "</script><b>" not in page.text
    assert "<img src=x" not in client.get("/events").text
    raw = client.get("/events.geojson").text
    assert "<" not in raw
    titles = {one["properties"]["title"] for one in json.loads(raw)["features"]}
    assert titles >= set(NASTY)


def test_the_map_answers_by_box(client: ProofReadingClient, database: Database, cast: Cast) -> None:
    public_id = made(database, cast)
    answer = client.get("/events.geojson?bbox=-0.2,50.8,-0.1,50.9&zoom=12")
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["Cache-Control"] == "public,max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    features = json.loads(answer.text)["features"]
    assert public_id in [one["id"] for one in features]
    again = client.get(
        "/events.geojson?bbox=-0.2,50.8,-0.1,50.9&zoom=12",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
    assert json.loads(client.get("/events.geojson?bbox=1,51,2,52").text)["features"] == []
    assert json.loads(client.get("/events.geojson?kind=rally").text)["features"] == []
    for wrong in ("bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,1,2,3", "bbox=3,1,2,2", "zoom=x"):
        assert client.get(f"/events.geojson?{wrong}").status_code == 422


def test_many_events_become_clusters_that_count_right(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        first = announced(db, cast)
        for number in range(520):
            db.add(
                Event(
                    kind="stall",
                    title=f"Stall {number}",
                    group_id=cast.group.id,
                    host_id=cast.host.id,
                    starts_at=first.starts_at,
                    ends_at=first.ends_at,
                    place_kind="venue",
                    shown_place="Somewhere",
                    shown_lat=50.5 + number % 20 / 10,
                    shown_lng=-3 + number % 13 / 10,
                    feature=first.feature,
                    state="listed",
                    made_at=clock.now(),
                )
            )
    found = json.loads(client.get("/events.geojson?bbox=-8,49,2,61&zoom=6").text)
    clusters = [one["properties"] for one in found["features"] if "cluster" in one["properties"]]
    assert clusters
    alone = len(found["features"]) - len(clusters)
    assert sum(one["point_count"] for one in clusters) + alone == found["total"] == 522
    assert len(found["features"]) < 200
    page = client.get("/events?sort=time")
    assert "522 events" in page.text
    seen: list[str] = []
    path = "/events?sort=time&kind=stall"
    for _ in range(3):
        text = client.get(path).text
        ids = [part.partition('"')[0] for part in text.split('data-event="')[1:]]
        assert not set(ids) & set(seen)
        seen += ids
        path = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        path = path.replace("&amp;", "&")
    assert len(seen) == 60


@pytest.mark.parametrize(
    "query",
    [
        "near=ZZ99+9ZZ", "near=%00", "near=Newport", "after=!!!!", "after=WzFd", "radius_km=1e999",
        "radius_km=-5", "kind=nosuch&kind=rally", "from=2026-13-99&to=x", "sort=drop", "group='--",
        "near=" + "x" * 300, "when=weekend", "when=today", "when=week&sort=distance&near=Brighton",
    ],
)  # fmt: skip
def test_no_search_breaks_the_list(client: ProofReadingClient, cast: Cast, query: str) -> None:
    assert client.get(f"/events?{query}").status_code in (200, 400)
    assert client.get(f"/events.geojson?{query}").status_code in (200, 400, 422)


def test_the_order_of_need_puts_full_last(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        full = announced(db, cast, title="Full one", capacity=1, needed=1, starts_at=soon(20))
        signed_up(db, full, "Ada Warren")
        announced(db, cast, title="Enough one", capacity=5, starts_at=soon(21))
        announced(db, cast, title="Short one", capacity=5, needed=3, starts_at=soon(60))
    for query in ("", "?near=BN1 1AA"):
        text = client.get(f"/events{query}").text
        assert text.index("Short one") < text.index("Enough one") < text.index("Full one")
    assert "Full one" not in client.get("/events?open_only=1").text
    text = client.get("/events?sort=time").text
    assert text.index("Full one") < text.index("Enough one") < text.index("Short one")
