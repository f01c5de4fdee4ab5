"""Drafts, and what becomes of an event under each policy of an installation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.app import create_app
from campaign.events import operations
from campaign.events.models import Event
from campaign.events.rules.states import Policy, State, first_state
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.foundation.settings import Settings, SettingsError, load
from tests.cast import Cast
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient

SIX = {
    "kind": "phonebank",
    "start": "19:00",
    "place": "venue",
    "where": "Trinity Hall",
    "postcode": "BN2 1TB",
    "group": "fair-rents-brighton",
    "capacity": "12",
    "title": "Quiet evening",
}


def six(**changed: str) -> dict[str, str]:
    day = (clock.now() + timedelta(days=4)).date().isoformat()
    return SIX | {"date": day} | changed


@pytest.mark.parametrize(
    ("policy", "confirmed", "trusted", "state"),
    [
        (Policy.OPEN, True, False, State.LISTED),
        (Policy.OPEN, False, False, State.UNLISTED),
        (Policy.HYBRID, True, True, State.LISTED),
        (Policy.HYBRID, True, False, State.UNLISTED),
        (Policy.HYBRID, False, True, State.UNLISTED),
        (Policy.PRE_MODERATED, True, True, State.WAITING),
    ],
)
def test_the_policy_decides(policy: Policy, confirmed: bool, trusted: bool, state: State) -> None:
    assert first_state(policy, confirmed=confirmed, trusted=trusted) is state


def test_a_policy_has_one_of_three_names() -> None:
    assert load({}, environment="testing").event_policy == "hybrid"
    assert {policy.value for policy in Policy} == {"open", "hybrid", "pre-moderated"}
    with pytest.raises(SettingsError, match="open, hybrid, pre-moderated"):
        load({"CAMPAIGN_EVENT_POLICY": "anarchy"}, environment="testing")


@pytest.mark.parametrize(
    ("policy", "who", "by_link", "on_the_map"),
    [
        ("open", "host", True, True),
        ("hybrid", "host", True, False),
        ("hybrid", "organiser", True, True),
        ("pre-moderated", "host", False, False),
        ("pre-moderated", "organiser", False, False),
    ],
)
def test_each_policy_on_the_pages(
    settings: Settings,
    database: Database,
    cast: Cast,
    policy: str,
    who: str,
    by_link: bool,
    on_the_map: bool,
) -> None:
    client = browser(create_app(replace(settings, event_policy=policy), database))
    client.sign_in(cast.everybody[who])
    sent = client.post_form("/events/new", six())
    where = sent.headers["Location"]
    assert "Quiet evening" in client.get(where).text, "its host sees it"
    client.sign_in(cast.organiser)
    waits = "Quiet evening" in client.get("/me").text.partition("Waiting for your look")[2]
    assert waits is not on_the_map
    client.sign_out()
    assert (client.get(where).status_code == 200) is by_link
    assert ("Quiet evening" in client.get("/events").text) is on_the_map
    assert ("Quiet evening" in client.get("/events.geojson").text) is on_the_map
    client.sign_in(cast.organiser)
    client.post_form(f"{where}/list")
    client.sign_out()
    assert "Quiet evening" in client.get("/events").text
    assert client.get(where).status_code == 200


def test_what_waits_is_seen_by_who_may_list_it_and_by_no_stranger(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host, policy=Policy.PRE_MODERATED)
    page = f"/events/{event.public_id}"
    given = {"name": "Ada Warren", "email": "ada@people.example"}
    for name, code in (("moderator", 200), ("host", 200), ("caller", 404), ("stranger", 404)):
        client.sign_in(cast.everybody[name])
        assert client.get(page).status_code == code, name
        assert client.get(f"{page}.ics").status_code == code, name
    assert client.post_form(f"{page}/rsvp", given).status_code == 404
    with database.unit_of_work() as db, pytest.raises(NotFound):
        signed_up(db, event)


def test_a_draft_is_there_for_its_team_alone(
    app: Flask, client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.host)
    sent = client.post_form("/events/new", six(draft="1"))
    where = sent.headers["Location"]
    assert "A draft." in client.get(where).text
    client.sign_in(cast.organiser)
    assert client.get(where).status_code == 200
    assert "Quiet evening" not in client.get("/me").text, "nobody is asked to look at a draft"
    client.post_form(f"{where}/list")
    for name in ("stranger", "caller", "supporter", "moderator", "administrator"):
        client.sign_in(cast.everybody[name])
        for door in ("", ".ics", "/edit", "/roster"):
            assert client.get(where + door).status_code == 404, (name, door)
        for door in ("/publish", "/cancel", "/list", "/rsvp"):
            given = {"name": "Ada", "email": "ada@people.example"}
            assert client.post_form(where + door, given).status_code == 404, (name, door)
    client.sign_out()
    assert client.get(where).status_code == 404
    group = f"/groups/{cast.group.slug}"
    for door in ("/", "/events", "/events.geojson", "/events.ics", group, f"{group}/events.ics"):
        assert "Quiet evening" not in client.get(door).text, door


def test_a_draft_is_published_later(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    where = client.post_form("/events/new", six(draft="1")).headers["Location"]
    changed = {"date_own": six()["date"], "start_own": "18:00", "title": "Loud evening"}
    client.post_form(f"{where}/edit", six(date="", start="") | changed)
    assert client.get(where).text.count("A draft.") == 1
    assert "Publish event" in client.get(where).text
    client.post_form(f"{where}/publish")
    assert client.post_form(f"{where}/publish").status_code == 409
    client.sign_out()
    assert "Loud evening" in client.get("/events").text


def test_a_draft_whose_day_has_gone_is_not_published(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, draft=True)
        clock.set_offset(30 * 86400)
        with pytest.raises(Refused, match="in the past"):
            operations.publish(db, event=event, policy=Policy.HYBRID, actor_id=event.host_id)


def test_a_draft_that_is_called_off_is_gone_and_tells_nobody(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.host)
    where = client.post_form("/events/new", six(draft="1")).headers["Location"]
    assert client.post_form(f"{where}/cancel").status_code == 303
    assert client.get(where).status_code == 404
    with database.reading() as db:
        held = select(func.count()).where(Event.title == "Quiet evening")
        assert db.scalar(held.select_from(Event)) == 0


def test_a_draft_is_not_listed_by_the_back_door(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, draft=True)
        with pytest.raises(Refused, match="still a draft"):
            operations.list_event(db, event=event, actor_id=cast.organiser.id)
        operations.publish(db, event=event, policy=Policy.HYBRID, actor_id=cast.organiser.id)
        with pytest.raises(Conflict):
            operations.publish(db, event=event, policy=Policy.HYBRID, actor_id=cast.organiser.id)


def browser(app: Flask) -> ProofReadingClient:
    app.test_client_class = ProofReadingClient
    made = app.test_client()
    assert isinstance(made, ProofReadingClient)
    return made
