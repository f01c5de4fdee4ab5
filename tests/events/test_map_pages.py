"""The map's data, the list beside it, what an empty view offers, and both on other sites."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import shapely
from flask import Flask
from sqlalchemy import select

from campaign.app import create_app
from campaign.events import operations
from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings, SettingsError, load
from tests.cast import Cast
from tests.conftest import KEY
from tests.events.makers import HOME, ONLINE, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient

PROPERTIES = {
    "id", "title", "type", "start", "end", "tz", "url", "venue", "area", "group", "group_url",
    "status", "places_left", "need", "accessible", "online", "precise",
}  # fmt: skip
AROUND = "bbox=-0.2,50.8,-0.1,50.9&zoom=12"


def made(database: Database, cast: Cast, **given: Any) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, **given).public_id


def collection(client: ProofReadingClient, query: str = "") -> dict[str, Any]:
    return json.loads(client.get(f"/events.geojson?{query}").text)


def titles(client: ProofReadingClient, query: str) -> list[str]:
    return [one["properties"]["title"] for one in collection(client, query)["features"]]


def cards(client: ProofReadingClient, query: str) -> list[str]:
    text = client.get(f"/events?{query}").text
    return re.findall(r'<h3 class="title"><a[^>]*>([^<]+)</a>', text)


def test_the_collection_reads_back_as_points_and_holds_what_is_promised(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="Hall calls", access={"step_free": True})
    made(database, cast, title="Front room calls", place=HOME)
    found = collection(client, AROUND)
    assert found["type"] == "FeatureCollection"
    assert found["x-next"] is None
    assert found["generated"].endswith("+00:00")
    box = shapely.box(*found["bbox"])
    features = {one["properties"]["title"]: one for one in found["features"]}
    assert set(features) == {"Hall calls", "Front room calls"}
    for one in features.values():
        point = shapely.from_geojson(json.dumps(one["geometry"]))
        assert point.geom_type == "Point"
        assert box.contains(point)
        for number in one["geometry"]["coordinates"]:
            assert round(number, 5) == number
        assert set(one["properties"]) >= PROPERTIES
        assert one["id"] == one["properties"]["id"]
    hall, home = (features[name]["properties"] for name in ("Hall calls", "Front room calls"))
    assert (hall["accessible"], hall["precise"], home["precise"]) == (True, True, False)
    assert home["area"] == "Brighton"
    point = shapely.from_geojson(json.dumps(features["Front room calls"]["geometry"]))
    assert point.distance(shapely.Point(HOME.lng, HOME.lat)) > 0.0005
    assert "Elm Grove" not in json.dumps(found)
    assert "BN2" not in json.dumps(found)


def test_every_filter_holds_on_the_map_and_in_the_list(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="Pier stall", kind="stall", access={"step_free": True})
    made(database, cast, title="Late rally", kind="rally", starts_at=soon(24 * 20))
    made(database, cast, title="100% café", group=cast.other_group, listed=True)
    made(database, cast, title="Online hour", place=ONLINE)
    far = (clock.now() + timedelta(days=10)).date().isoformat()
    for query, wanted in (
        ("kind=stall", {"Pier stall"}),
        (f"from={far}", {"Late rally"}),
        ("q=PIER", {"Pier stall"}),
        ("q=cafe+lewes", {"100% café"}),
        ("q=100%25", {"100% café"}),
        ("q=%25_", set()),
        ("group=fair-rents-lewes", {"100% café"}),
        ("accessible=1", {"Pier stall"}),
        ("near=BN1+1AA&radius_km=5&kind=stall", {"Pier stall"}),
        ("near=LS1+1UR&radius_km=5", set()),
    ):
        assert set(titles(client, query)) == wanted, query
        assert set(cards(client, query)) == wanted, query
    assert cards(client, "online=1&near=LS1+1UR") == ["Online hour"]
    assert "Online hour" not in titles(client, "")


def test_neighbouring_views_are_one_answer_and_its_mark_outlives_the_minute(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    first = client.get("/events.geojson?bbox=-0.2,50.8,-0.1,50.9&zoom=12")
    moved = client.get("/events.geojson?bbox=-0.201,50.79,-0.101,50.9&zoom=12")
    assert first.headers["ETag"] == moved.headers["ETag"]
    bbox = json.loads(first.text)["bbox"]
    assert bbox[0] <= -0.2
    assert bbox[3] >= 50.9
    on_grid = client.get(f"/events.geojson?bbox={','.join(map(str, bbox))}&zoom=12")
    assert json.loads(on_grid.text)["bbox"] == bbox
    with clock.at(clock.now() + timedelta(minutes=5)):
        later = client.get(
            "/events.geojson?bbox=-0.2,50.8,-0.1,50.9&zoom=12",
            headers={"If-None-Match": first.headers["ETag"]},
        )
    assert later.status_code == 304
    with database.unit_of_work() as db:
        event = db.query(Event).filter(Event.public_id == public_id).one()
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    gone = client.get(
        "/events.geojson?bbox=-0.2,50.8,-0.1,50.9&zoom=12",
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert gone.status_code == 200
    assert public_id not in gone.text


def test_what_everybody_may_keep_speaks_of_no_cookie(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast)
    client.sign_in(cast.supporter)
    for path in ("/events.geojson", "/groups.geojson", "/embed/map", "/embed/list"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] == "public,max-age=60"
        assert cast.supporter.name not in answer.text
    assert client.get("/me").status_code == 200


def test_long_titles_never_make_an_answer_too_long_for_a_telephone(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        first = announced(db, cast)
        for number in range(400):
            lat, lng = 50.8 + number % 20 / 200, -0.2 + number // 20 / 200
            text = json.loads(first.feature)
            text["geometry"]["coordinates"] = [lng, lat]
            words = "".join(chr(33 + (number * 7 + sign * sign * 3) % 90) for sign in range(500))
            text["properties"]["title"] = words.replace("<", "x")
            db.add(
                Event(
                    kind="stall", title=f"Stall {number}", group_id=cast.group.id,
                    host_id=cast.host.id, starts_at=first.starts_at, ends_at=first.ends_at,
                    place_kind="venue", shown_place="Somewhere", shown_lat=lat, shown_lng=lng,
                    feature=json.dumps(text), state="listed", made_at=clock.now(),
                )
            )  # fmt: skip
    answer = client.get(f"/events.geojson?{AROUND}", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) <= 50_000
    assert answer.headers["Content-Encoding"] == "gzip"
    total = collection(client, AROUND)["total"]
    assert total >= 400


@pytest.mark.parametrize(
    "bbox", ["0,50,5e-324,51", "0,50,1e-300,51", "-540,-90,540,90", "-1,50,1,50.0000001"]
)
def test_no_box_is_too_small_or_too_large(
    client: ProofReadingClient, cast: Cast, bbox: str
) -> None:
    for zoom in ("", "0", "18"):
        assert client.get(f"/events.geojson?bbox={bbox}&zoom={zoom}").status_code == 200
        assert client.get(f"/events?bbox={bbox}&zoom={zoom}").status_code == 200


def test_the_list_answers_for_the_view_that_the_map_was_left_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="By the sea")
    view = "bbox=-0.2,50.8,-0.1,50.9&zoom=12"
    text = client.get(f"/events?near=LS1+1UR&{view}").text
    assert "By the sea" in text
    assert "in this view" in text
    assert 'data-lat="50.85"' in text
    assert 'data-zoom="12"' in text
    assert "By the sea" not in client.get("/events?bbox=1,51,2,52&zoom=9").text
    part = client.get(f"/events?{view}", headers={"HX-Request": "true"}).text
    assert "By the sea" in part
    assert "<html" not in part
    for wrong in ("bbox=x", "bbox=1,2,3", "zoom=99999", "layers=%3Cb%3E", "bbox=nan,0,1,1"):
        assert client.get(f"/events?{wrong}").status_code == 200


def test_an_empty_view_says_how_far_to_look_and_how_to_host(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="In Brighton", kind="stall")
    text = client.get("/events?near=BN7+2XH&kind=stall&radius_km=5").text
    assert "Nothing within 5 km" in text
    assert "Look within 25 km: 1 event" in text
    assert "/events/new?near=BN7+2XH&amp;kind=stall" in text
    assert "Take the filters off" in text
    widened = re.search(r'href="([^"]+)">Look within', text)
    assert widened
    assert "In Brighton" in client.get(widened[1].replace("&amp;", "&")).text
    nowhere = client.get("/events?near=HS2+0AA").text
    assert "Look within" not in nowhere
    assert "See the whole country" in nowhere


def test_a_place_nobody_knows_is_answered_with_what_is_near_it_in_spelling(
    client: ProofReadingClient, cast: Cast
) -> None:
    text = client.get("/events?near=BN77+9ZZ").text
    assert "We do not know the postcode BN77 9ZZ" in text
    assert ">BN7</a>" in text
    assert ">Brighton</a>" in client.get("/events?near=Brihgton").text
    assert client.get("/events?near=%F0%9F%92%A5").status_code == 200


def test_a_browser_s_whereabouts_are_rounded_and_stand_in_no_field(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="By the sea")
    text = client.get("/events?near=50.826331,-0.140821").text
    assert "By the sea" in text
    assert "near <span" in text
    assert "where you are" in text
    assert "50.826" not in text
    assert 'value="50.83' not in text.partition("</form>")[0]
    with client.session_transaction() as kept:
        assert "50.8" not in json.dumps(dict(kept))


def test_a_row_names_who_sees_what_and_leads_to_the_shifts_where_there_are_any(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    plain, shifted = (made(database, cast, title=title) for title in ("By the sea", "On the hill"))
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == shifted)).one()
        operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=event.ends_at, capacity=3
        )
    page = client.get("/events?near=BN1+1AA").text
    rows = [
        page.partition(f'id="e-{key}"')[2].partition("</article>")[0] for key in (plain, shifted)
    ]
    assert f"The people who run this event and {cast.group.name} see your name" in rows[0]
    assert "Choose a shift" not in rows[0]
    assert "<form" not in rows[1]
    assert f'href="/events/{shifted}#sign-up"' in rows[1]


def test_signing_up_in_the_row_comes_back_to_the_row_which_says_how_it_went(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, title="By the sea", capacity=1)
    page = client.get("/events?near=BN1+1AA").text
    back = f"/events?near=BN1+1AA#e-{public_id}"
    assert f'name="back" value="{back}"' in page
    answer = client.post_form(
        f"/events/{public_id}/rsvp",
        {"name": "Ada Warren", "email": "ada@people.example", "back": back},
        page="/events?near=BN1+1AA",
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    page = client.get("/events?near=BN1+1AA").text
    card = page.partition(f'id="e-{public_id}"')[2].partition("</article>")[0]
    assert "You are in" in card
    assert "<form" not in card
    for elsewhere in ("https://evil.example/", "//evil.example", "/me", "/eventsx"):
        answer = client.post_form(
            f"/events/{public_id}/rsvp",
            {"name": "Bo Lind", "email": "bo@people.example", "back": elsewhere},
            page="/events",
        )
        assert answer.headers["Location"] == f"/events/{public_id}#sign-up"


def test_who_is_signed_in_finds_their_rows_said_and_their_name_filled_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        mine = announced(db, cast, title="Mine")
        announced(db, cast, title="Not yet mine")
        signed_up(db, mine, person=cast.supporter)
    client.sign_in(cast.supporter)
    page = client.get("/events").text
    assert page.count("You are in") == 1
    assert f'value="{cast.supporter.email}"' in page


def short_ones(client: ProofReadingClient) -> list[str]:
    return [title for title in cards(client, "") if "short" in title]


def test_need_goes_by_the_priority_that_a_moderator_sets(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    made(database, cast, title="Soon and short", needed=4, starts_at=soon(5))
    made(database, cast, title="Later and short", needed=4, group=cast.other_group, listed=True)
    assert short_ones(client) == ["Soon and short", "Later and short"]
    slug = cast.other_group.slug
    for person, code in ((cast.stranger, 403), (cast.supporter, 403), (cast.organiser, 403)):
        client.sign_in(person)
        assert client.post_form(f"/groups/{slug}/priority", {"priority": "9"}).status_code == code
        assert "needed most" not in client.get(f"/groups/{slug}").text
        client.sign_out()
    client.sign_in(cast.moderator)
    assert client.post_form(f"/groups/{slug}/priority", {"priority": "77"}).status_code == 422
    assert client.post_form(f"/groups/{slug}/priority", {"priority": "9"}).status_code == 303
    assert short_ones(client) == ["Later and short", "Soon and short"]


def test_groups_are_points_with_a_name_and_a_page(client: ProofReadingClient, cast: Cast) -> None:
    found = json.loads(client.get("/groups.geojson").text)
    names = {one["properties"]["name"]: one["properties"] for one in found["features"]}
    assert names[cast.group.name]["url"] == f"/groups/{cast.group.slug}"
    for one in found["features"]:
        shapely.from_geojson(json.dumps(one["geometry"]))


def test_another_site_may_frame_the_map_and_the_list_and_nothing_else(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, title="By the sea")
    for path in ("/embed/map?near=BN1+1AA&controls=0", f"/embed/list?group={cast.group.slug}"):
        answer = client.get(path)
        assert "frame-ancestors *;" in answer.headers["Content-Security-Policy"]
        assert "csrf" not in answer.text
        links = re.findall(r"<a [^>]*>", answer.text)
        assert links
        assert all('target="_blank" rel="noopener"' in link for link in links)
    assert f"/events/{public_id}" in client.get(f"/embed/list?group={cast.group.slug}").text
    assert "By the sea" not in client.get("/embed/list?group=fair-rents-lewes").text
    assert 'role="search"' not in client.get("/embed/map?controls=0").text
    for path in ("/events", "/", "/embed"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy


def test_the_line_to_copy_is_a_frame_with_a_title(client: ProofReadingClient, cast: Cast) -> None:
    text = client.get(f"/embed?group={cast.group.slug}&what=list").text
    shown = text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "&lt;iframe loading=&#34;lazy&#34; title=&#34;Events of Fair Rents Brighton" in shown
    assert f"/embed/list?group={cast.group.slug}" in shown


def test_an_operator_says_which_sites_may_frame_it(settings: Settings, database: Database) -> None:
    named = load(
        {"CAMPAIGN_EMBED_HOSTS": "https://branch.example, https://*.union.example"},
        environment="testing", data_dir=settings.data_dir, secret_key=KEY, suppression_key=KEY,
    )  # fmt: skip
    app: Flask = create_app(named, database)
    policy = app.test_client().get("/embed/map").headers["Content-Security-Policy"]
    sites = "frame-ancestors 'self' https://branch.example https://*.union.example;"
    assert sites in policy
    for wrong in ("branch.example", "https://x.example; script-src *", "javascript:x"):
        with pytest.raises(SettingsError, match="EMBED_HOSTS"):
            load({"CAMPAIGN_EMBED_HOSTS": wrong}, environment="testing", data_dir="var")


def test_an_empty_view_of_the_map_has_its_three_ways_on(
    client: ProofReadingClient, cast: Cast
) -> None:
    page = client.get("/events?bbox=-8,59,-7.5,59.2&zoom=9&kind=agm&accessible=1").text
    assert "Nothing in this view" in page
    assert "Show the whole country" in page
    assert "/events/new?kind=agm" in page
    assert "/follow?kind=agm&amp;accessible=1" in page
    here = client.get("/events?near=59.10,-7.80").text
    assert "Tell me when there is one" in here
    assert "/follow?near=59" not in here
