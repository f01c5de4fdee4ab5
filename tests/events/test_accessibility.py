"""Getting in and taking part: what is said of an event, what is not, and finding step-free ones."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaign.events.models import Event
from campaign.events.rules.accessibility import FACTS, KEYS, told_of
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import ONLINE, announced
from tests.proof_reader import ProofReadingClient


def six_answers(**given: str) -> dict[str, str]:
    return {
        "kind": "phonebank",
        "date": (clock.now() + timedelta(days=4)).date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "group": "fair-rents-brighton",
        "capacity": "12",
        "client_uuid": str(uuid4()),
        **given,
    }


def known_of(database: Database, public_id: str) -> dict[str, bool]:
    with database.reading() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        facts = {key: getattr(event, key) for key in KEYS}
        return {key: fact for key, fact in facts.items() if fact is not None}


def test_every_fact_has_a_column_and_what_nobody_said_is_a_gap() -> None:
    event = Event(place_kind="venue", step_free=True, hearing_loop=False)
    told = told_of(event)
    assert told.yes == ["Step-free from the street"]
    assert told.no == ["No hearing loop"]
    assert told.gap == (
        "Not known: accessible toilet, BSL interpreter, quiet space, childcare, help with travel,"
        " whom to ask."
    )
    assert told_of(Event(place_kind="online")).gap == "Not known: BSL interpreter, whom to ask."
    all_known = Event(place_kind="venue", access_contact="Sian", **dict.fromkeys(KEYS, True))
    assert (told_of(all_known).gap, len(told_of(all_known).yes)) == ("", len(FACTS))


def test_a_host_says_what_is_known_changes_it_and_takes_it_back(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    given = six_answers(step_free="yes", bsl="no")
    public_id = client.post_form("/events/new", given).headers["Location"].rsplit("/", 1)[1]
    assert known_of(database, public_id) == {"step_free": True, "bsl": False}
    page = client.get(f"/events/{public_id}").text
    assert "Step-free from the street" in page
    assert "No BSL interpreter" in page
    assert "Not known: accessible toilet, hearing loop, quiet space" in page
    form = client.get(f"/events/{public_id}/edit").text
    assert '<details class="fold" id="access" open>' in form
    change = {**given, "title": "Ring", "step_free": "unknown", "bsl": "no", "childcare": "yes"}
    assert client.post_form(f"/events/{public_id}/edit", change).status_code == 303
    assert known_of(database, public_id) == {"bsl": False, "childcare": True}


def test_without_the_fold_nothing_is_known_and_nothing_known_is_lost(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    assert '<details class="fold" id="access">' in client.get("/events/new").text
    where = client.post_form("/events/new", six_answers()).headers["Location"]
    assert known_of(database, where.rsplit("/", 1)[1]) == {}
    with database.unit_of_work() as db:
        public_id = announced(db, cast, access={"step_free": True}).public_id
    client.post_form(f"/events/{public_id}/edit", six_answers(title="Ring"))
    assert known_of(database, public_id) == {"step_free": True}


def test_nobody_to_ask_is_a_gap_until_somebody_is_named_and_never_by_a_telephone_number(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    where = client.post_form("/events/new", six_answers()).headers["Location"]
    assert "whom to ask." in client.get(where).text
    edit = f"{where}/edit"
    for number in ("Sian, 07700 900123", "ring 0 7 7 0 0 9 0 0 1 2 3", "+44 (0)1632 960 960"):
        refused = client.post_form(edit, six_answers(access_contact=number))
        assert refused.status_code == 422
        assert "leave the telephone number out" in refused.text
        assert number in refused.text.replace("&#43;", "+")
    assert "whom to ask." in client.get(where).text
    client.post_form(edit, six_answers(access_contact="sian@people.example"))
    page = client.get(where).text
    assert "Ask about access: <b>sian@people.example</b>" in page
    assert "whom to ask." not in page


def test_an_answer_that_is_none_of_the_three_is_refused(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    answer = client.post_form("/events/new", six_answers(step_free="maybe"))
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/events", "/events.geojson", "/events.ics"])
def test_only_step_free_events_are_found_when_asked_for(
    client: ProofReadingClient, database: Database, cast: Cast, path: str
) -> None:
    with database.unit_of_work() as db:
        for title, fact in (("With ramp", True), ("With stairs", False), ("Unsaid", None)):
            announced(db, cast, title=title, access={"step_free": fact})
    everything = client.get(path).text
    assert all(title in everything for title in ("With ramp", "With stairs", "Unsaid"))
    found = client.get(f"{path}?accessible=1").text
    assert "With ramp" in found
    assert "With stairs" not in found
    assert "Unsaid" not in found


def test_list_and_map_count_the_same_and_the_filter_stays_in_the_address(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        announced(db, cast, title="With ramp", access={"step_free": True})
        announced(db, cast, title="Without", place=ONLINE)
    page = client.get("/events?accessible=1").text
    assert json.loads(client.get("/events.geojson?accessible=1").text)["total"] == 1
    assert ">1 event<" in page
    assert "/events.geojson?accessible=1" in page
    assert 'name="accessible" value="1" checked' in page
    empty = client.get("/events?accessible=1&kind=agm").text
    assert "Take the filters off" in empty


def test_who_runs_an_event_is_led_to_the_questions_of_access_and_nobody_else(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        public_id = announced(db, cast, access=dict.fromkeys(KEYS, True)).public_id
    for who in (None, cast.stranger):
        if who:
            client.sign_in(who)
        seen = client.get(f"/events/{public_id}").text
        assert "Not known: whom to ask." in seen
        assert "Say what you know" not in seen
    client.sign_in(cast.organiser)
    # An element inside a fold: a browser that is led to it opens the fold.
    mend = f'href="/events/{public_id}/edit#access_contact">Say what you know'
    assert mend in client.get(f"/events/{public_id}").text
    form = client.get(f"/events/{public_id}/edit").text
    assert 'id="access_contact"' in form
    assert 'id="access-facts"' in form


@pytest.mark.parametrize("number", ["07700 900123", "+44 (0)7700-900.123", "020 7946 0142"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_telephone_number_is_refused_where_everybody_reads_it_and_stays_in_the_field(
    client: ProofReadingClient, cast: Cast, number: str, signed_in: bool
) -> None:
    given = six_answers(access_contact=f"Dele, {number}")
    if signed_in:
        client.sign_in(cast.organiser)
    else:
        given |= {"name": "Wren Selby", "email": "wren@people.example", "group": ""}
    answer = client.post_form("/events/new", given)
    assert answer.status_code == 422
    assert "leave the telephone number out. A name or an email address is enough." in answer.text
    assert f'value="Dele, {number}"' in answer.text
    assert '<details class="fold" id="access" open>' in answer.text


def test_a_change_that_adds_a_telephone_number_leaves_the_event_as_it_was(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        public_id = announced(db, cast, access_contact="Dele at the door").public_id
    client.sign_in(cast.organiser)
    given = six_answers(title="Ring", access_contact="07700 900123")
    assert client.post_form(f"/events/{public_id}/edit", given).status_code == 422
    assert "Ask about access: <b>Dele at the door</b>" in client.get(f"/events/{public_id}").text
