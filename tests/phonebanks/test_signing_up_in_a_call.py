"""Signing somebody up to an event in a call: with their yes, within its places, or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from campaign.phonebanks.models import Call, CallSignUp, Contact, Phonebank
from campaign.phonebanks.operations import enrolling, setup
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.queries.script_counts import script_counts
from tests.cast import Cast, a_person, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, make_person
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
STEPS: list[dict[str, Any]] = [
    {"key": "opening", "say": "Hello, {movement} here.", "options": []},
    {
        "key": "come",
        "say": "Could you come to something near you?",
        "options": [
            {"key": "yes", "label": "Yes, sign me up", "effect": "signup", "tag": "keen"},
            {"key": "no", "label": "No"},
        ],
    },
    {"key": "closing", "say": "Bye.", "options": []},
]


@pytest.fixture
def stall(database: Database, cast: Cast, made: Made) -> Event:
    """A listed event with one place, and a script that signs people up."""
    with database.unit_of_work() as db:
        for bank in made:
            held = db.get_one(Phonebank, bank.id)
            setup.write_script(
                db, phonebank=held, steps=STEPS, actor_id=cast.organiser.id, now=NOON
            )
        return an_event(db, cast.group, cast.host, "Stall in Hove", kind="stall", capacity=1)


def talk(client: ProofReadingClient, cast: Cast, bank: str = "demo-calls") -> str:
    client.sign_in(cast.caller)
    held = client.post_asking_json(f"/phonebanks/{bank}/claims").get_json()["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    return str(held["id"])


def report(client: ProofReadingClient, claim_id: str, event: Event, **given: str) -> Any:
    sent = {
        "outcome": "talked",
        "answer-come": "yes",
        "signup-come": event.public_id,
        "client_uuid": f"u-{claim_id}",
        "then": "stop",
        **given,
    }
    # A report and a sign-up in one.
    return client.post_form(f"/claims/{claim_id}/outcome", sent, most_queries=45)


def rsvps(database: Database, event: Event) -> list[Rsvp]:
    with database.reading() as db:
        found = list(db.scalars(select(Rsvp).where(Rsvp.event_id == event.id).order_by(Rsvp.id)))
        db.expunge_all()
        return found


def test_a_yes_puts_them_on_the_roster_with_name_and_number_and_writes_no_letter(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast)
    page = client.get(f"{BANK}/call").text
    assert "Stall in Hove" in page
    assert "1 place left" in page
    assert "They want the details by email" not in page
    answer = report(client, claim_id, stall)
    assert answer.status_code == 303
    assert "On the list for “Stall in Hove”." in client.get(answer.headers["Location"]).text
    (rsvp,) = rsvps(database, stall)
    assert (rsvp.name, rsvp.status) == ("Amina Kay", "accepted")
    assert rsvp.phone
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert call.answers == {"come": "yes"}
        assert db.scalars(select(CallSignUp)).one().rsvp_id == rsvp.id
        assert db.get_one(Event, stall.id).taken == 1
        assert db.get_one(Person, rsvp.person_id).email is None
        assert db.scalar(select(func.count()).select_from(OutboxLetter)) == 0
        counts = script_counts(db, call.phonebank_id)
        assert counts is not None
        assert (counts.talks, counts.sign_ups) == (1, 1)
        # Whoever was there and did not want to talk was no conversation, here as elsewhere.
        call.result_code = "refused_soft"
        db.flush()
        counts = script_counts(db, call.phonebank_id)
        assert counts is not None
        assert (counts.calls, counts.talks, counts.steps[0].asked) == (1, 0, 0)
        db.rollback()
    client.sign_in(cast.host)
    assert "Amina Kay" in client.get(f"/events/{stall.public_id}/roster").text


def test_the_same_report_again_signs_nobody_up_twice(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast)
    assert report(client, claim_id, stall).status_code == 303
    assert report(client, claim_id, stall).status_code == 303
    assert len(rsvps(database, stall)) == 1


def test_whoever_comes_to_a_full_event_waits_in_line(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    with database.unit_of_work() as db:
        an_rsvp(db, db.get_one(Event, stall.id), a_person(db, "First Comer"))
        db.get_one(Event, stall.id).taken = 1
    claim_id = talk(client, cast)
    assert "Full: they would wait in line" in client.get(f"{BANK}/call").text
    answer = report(client, claim_id, stall)
    assert "In line for “Stall in Hove”." in client.get(answer.headers["Location"]).text
    assert [rsvp.status for rsvp in rsvps(database, stall)] == ["accepted", "waiting"]
    with database.reading() as db:
        assert db.get_one(Event, stall.id).taken == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer-come": "no"}, "Nobody is signed up without their yes."),
        ({"answer-come": ""}, "Nobody is signed up without their yes."),
        ({"outcome": "no_answer"}, "say that you talked with them"),
        ({"signup-come": "nothing-here"}, "This event is over, off, or not on the map"),
    ],
)
def test_without_their_yes_nothing_is_kept_and_nothing_typed_is_lost(
    client: ProofReadingClient,
    cast: Cast,
    database: Database,
    stall: Event,
    sent: dict[str, str],
    said: str,
) -> None:
    claim_id = talk(client, cast)
    page = report(client, claim_id, stall, note="Mornings", **sent)
    assert page.status_code == 422
    assert said in page.text
    assert "Mornings" in page.text
    assert rsvps(database, stall) == []
    with database.reading() as db:
        assert db.scalars(select(Call.status)).one() == "revealed"


def test_never_call_is_kept_whatever_else_was_chosen_and_signs_nobody_up(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast)
    assert report(client, claim_id, stall, outcome="dnc").status_code == 303
    assert rsvps(database, stall) == []


def test_what_is_not_on_the_map_is_not_offered_and_not_taken(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    with database.unit_of_work() as db:
        hidden = an_event(db, cast.group, cast.host, "By link alone", state="unlisted")
        over = an_event(db, cast.group, cast.host, "Over", starts_at=NOON - timedelta(days=2))
    claim_id = talk(client, cast)
    page = client.get(f"{BANK}/call").text
    for event in (hidden, over):
        assert event.title not in page
        assert report(client, claim_id, event).status_code == 422


def test_of_a_home_a_caller_reads_the_town_alone(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    with database.unit_of_work() as db:
        home = an_event(
            db,
            cast.group,
            cast.host,
            "Kitchen table",
            place_kind="home",
            venue="7 Secret Street",
            postcode="BN3 1AA",
            shown_place="Near Hove",
            address_for="approved",
        )
    claim_id = talk(client, cast)
    page = client.get(f"{BANK}/call").text
    assert "Kitchen table" in page
    assert "Near Hove" in page
    assert "Its host says yes first" in page
    assert "Secret Street" not in page
    assert "BN3 1AA" not in page
    report(client, claim_id, home)
    assert [rsvp.status for rsvp in rsvps(database, home)] == ["waiting"]


def test_a_letter_goes_only_where_they_wanted_one_and_we_have_their_address(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    with database.unit_of_work() as db:
        for contact in db.scalars(select(Contact)):
            contact.email = f"c{contact.id}@people.example"
    claim_id = talk(client, cast)
    page = client.get(f"{BANK}/call").text
    assert "They want the details by email" in page
    assert "@people.example" not in page
    assert report(client, claim_id, stall, **{"signup-mail": "yes"}).status_code == 303
    (rsvp,) = rsvps(database, stall)
    with database.reading() as db:
        person = db.get_one(Person, rsvp.person_id)
        assert person.email is not None
        letters = list(db.scalars(select(OutboxLetter)))
        assert [letter.to for letter in letters] == [person.email]


def test_who_comes_already_is_signed_up_no_second_time(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    with database.unit_of_work() as db:
        person = a_person(db, "Amina Kay")
        an_rsvp(db, db.get_one(Event, stall.id), person)
        db.get_one(Event, stall.id).taken = 1
        for contact in db.scalars(select(Contact)):
            contact.email = person.email
    claim_id = talk(client, cast)
    assert report(client, claim_id, stall).status_code == 303
    assert len(rsvps(database, stall)) == 1


def test_practice_offers_no_event_and_signs_nobody_up(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast, "demo-practice")
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Stall in Hove" not in page
    assert "Events near them stand here" in page
    assert report(client, claim_id, stall).status_code == 303
    assert rsvps(database, stall) == []


def test_what_a_call_signed_up_can_be_taken_back_and_nothing_else(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast)
    report(client, claim_id, stall)
    with database.unit_of_work() as db:
        call = db.scalars(select(Call)).one()
        assert enrolling.take_back(db, [call]) == [stall.public_id]
        assert enrolling.take_back(db, [call]) == []
    assert [rsvp.status for rsvp in rsvps(database, stall)] == ["cancelled"]
    with database.reading() as db:
        assert db.get_one(Event, stall.id).taken == 0


def test_who_undoes_a_report_has_the_event_chosen_again_and_signs_them_up_once_more(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event
) -> None:
    claim_id = talk(client, cast)
    assert report(client, claim_id, stall).status_code == 303
    undone = client.post_form(
        f"/claims/{claim_id}/undo", {"report": f"u-{claim_id}"}, most_queries=45
    )
    assert undone.status_code == 303
    assert [rsvp.status for rsvp in rsvps(database, stall)] == ["cancelled"]
    page = client.get(f"{BANK}/call").text
    chosen = page.partition(f'value="{stall.public_id}"')[2].partition(">")[0]
    assert "checked" in chosen
    again = report(client, claim_id, stall, client_uuid="another")
    assert again.status_code == 303
    client.sign_in(cast.organiser)
    assert "<b>1</b><span>signed up</span>" in client.get(f"{BANK}/lead").text
    assert [rsvp.status for rsvp in rsvps(database, stall)][-1] == "accepted"
    with database.reading() as db:
        assert db.get_one(Event, stall.id).taken == 1


def test_answers_go_by_the_version_that_was_on_the_screen(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event, made: Made
) -> None:
    claim_id = talk(client, cast)
    assert 'name="script" value="2"' in client.get(f"{BANK}/call").text
    with database.unit_of_work() as db:
        held = db.get_one(Phonebank, made[0].id)
        other = [STEPS[0], {**STEPS[1], "key": "another"}, STEPS[2]]
        setup.write_script(db, phonebank=held, steps=other, actor_id=cast.organiser.id, now=NOON)
    assert report(client, claim_id, stall, script="2").status_code == 303
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert (call.script_number, call.answers) == (2, {"come": "yes"})


def test_a_call_without_answers_names_its_version_on_the_short_way_too(
    client: ProofReadingClient, cast: Cast, database: Database, stall: Event, made: Made
) -> None:
    claim_id = talk(client, cast)
    sent = {"outcome": "no_answer", "client_uuid": "u1", "then": "stop", "script": "1"}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(Call.script_number)).one() == 1


def test_claim_json_is_unchanged(client: ProofReadingClient, cast: Cast, stall: Event) -> None:
    client.sign_in(cast.caller)
    assert set(claim_json(client)["claim"]) == {"id", "expires_at", "contact"}


@pytest.mark.storm
def test_of_many_calls_at_once_only_as_many_get_a_place_as_there_are(
    database: Database, cast: Cast, made: Made, stall: Event
) -> None:
    with database.unit_of_work() as db:
        db.get_one(Event, stall.id).capacity = 3
        bank = db.get_one(Phonebank, made[0].id)
        callers = [make_person(db, f"Caller {n}") for n in range(8)]
        calls = [claim(db, bank, caller).call.id for caller in callers]
        for call_id in calls:
            held = db.get_one(Call, call_id)
            held.status, held.revealed_at = "revealed", NOON
    start = threading.Barrier(len(calls))

    def ring(call_id: int) -> None:
        start.wait()
        with clock.at(NOON), database.unit_of_work() as db:
            call = db.get_one(Call, call_id)
            record_outcome(
                db,
                call=call,
                phonebank=db.get_one(Phonebank, call.phonebank_id),
                outcome="talked",
                now=NOON,
                answers={"come": "yes"},
                wish=enrolling.Wish({"come": stall.public_id}),
            )

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(ring, calls))
    found = sorted(rsvp.status for rsvp in rsvps(database, stall))
    assert found == ["accepted"] * 3 + ["waiting"] * 5
    with database.reading() as db:
        assert db.get_one(Event, stall.id).taken == 3
        assert db.scalar(select(func.count()).select_from(CallSignUp)) == 8
