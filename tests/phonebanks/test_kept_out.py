"""Whoever is kept out of everything calls nobody, and is signed up to nothing in a call."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.conduct.operations.kept_out import let_back
from campaign.conduct.rules.kept_out import LASTS, KeptOut
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import (
    Call,
    Contact,
    HeldReport,
    HelpRequest,
    Phonebank,
    PhonebankRole,
)
from campaign.phonebanks.operations import setup, shifts
from campaign.phonebanks.operations.shifts import let_in
from tests.cast import Cast, a_person, an_event
from tests.conduct.keeping import keep
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim
from tests.phonebanks.test_pages import claim_json
from tests.phonebanks.test_signing_up_in_a_call import STEPS, report, talk
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def shown_a_number(client: ProofReadingClient, cast: Cast) -> str:
    client.sign_in(cast.caller)
    claim_id = str(claim_json(client)["claim"]["id"])
    assert client.post_form(f"/claims/{claim_id}/reveal").status_code == 303
    return claim_id


def test_the_next_request_shows_no_number_and_nobody_is_in_their_hands(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = shown_a_number(client, cast)
    with database.unit_of_work() as db:
        kept = keep(db, cast, email=cast.caller.email)
    with database.reading() as db:
        assert set(db.scalars(select(Contact.state))) == {"ready"}
        assert db.scalar(select(Call.status).where(Call.public_id == claim_id)) == "revoked"
    page = client.get(f"{BANK}/call")
    assert page.status_code == 403
    assert "Your calling has been stopped" in page.text
    assert "treated" not in page.text
    assert client.post_asking_json(f"{BANK}/claims").status_code == 403
    assert client.post_asking_json(f"/claims/{claim_id}/reveal").status_code in (403, 409)
    assert client.get(f"/claims/{claim_id}").json["live"] is False  # type: ignore[index]
    assert client.get(f"{BANK}/rang-back").status_code == 403
    with database.unit_of_work() as db:
        let_back(db, case_id=kept.case_id, actor_id=cast.moderator.id)
    assert client.get(f"{BANK}/call").status_code == 200


def test_whoever_was_handed_somebody_at_that_very_moment_sees_no_number(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    with database.unit_of_work() as db:
        keep(db, cast, email=cast.caller.email)
        late = claim(db, db.get_one(Phonebank, made[0].id), db.get_one(Person, cast.caller.id))
        held = late.call.public_id
    assert client.post_asking_json(f"/claims/{held}/reveal").status_code == 403
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == held)).one()
        assert call.revealed_at is None


def test_it_ends_by_itself(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, email=cast.caller.email)
    client.sign_in(cast.caller)
    assert client.get(f"{BANK}/call").status_code == 403
    with clock.at(NOON + LASTS + timedelta(minutes=1)):
        client.sign_in(cast.caller)
        assert "Your calling has been stopped" not in client.get(f"{BANK}/call").text


def test_a_new_account_with_the_number_of_who_is_kept_out_calls_nobody(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, phone="+447700900123", name="Bea")
        db.get_one(Phonebank, made[0].id).access = "open"
        fresh = a_person(db, "Other Name", phone="+447700900123")
        unrelated = a_person(db, "Ola Berg", phone="+447700900456")
    client.sign_in(fresh)
    assert client.get(f"{BANK}/call").status_code == 403
    client.sign_in(unrelated)
    assert "has been stopped" not in client.get(f"{BANK}/call").text


def test_what_they_still_report_waits_for_a_lead_and_hands_nobody_out(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = shown_a_number(client, cast)
    with database.unit_of_work() as db:
        keep(db, cast, email=cast.caller.email)
    sent = {"outcome": "refused_soft", "client_uuid": "one", "then": "next"}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(HeldReport.state)).one() == "waiting"
        assert set(db.scalars(select(Contact.state))) == {"ready"}
    client.sign_in(cast.organiser)
    board = client.get(f"{BANK}/callers/{cast.caller.public_id}").text
    assert "treated" not in board
    assert "kept out" not in board.lower()


@pytest.mark.parametrize("who", ["organiser", "lead"])
def test_who_leads_leads_no_more_meanwhile(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, who: str
) -> None:
    person = cast.everybody[who]
    with database.unit_of_work() as db:
        db.add(PhonebankRole(phonebank_id=made[0].id, person_id=cast.lead.id))
    client.sign_in(person)
    pages = [f"{BANK}/lead", f"{BANK}/import"]
    assert {client.get(page).status_code for page in pages} == {200}
    with database.unit_of_work() as db:
        kept = keep(db, cast, email=person.email)
    assert {client.get(page).status_code for page in pages} <= {403, 404}
    with database.unit_of_work() as db:
        let_back(db, case_id=kept.case_id, actor_id=cast.moderator.id)
    assert {client.get(page).status_code for page in pages} == {200}


def test_nobody_lets_them_in_at_the_door_of_a_session(
    app: Flask, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        session = an_event(db, cast.group, cast.host, starts_at=NOON)
        shifts.knock(db, phonebank=bank, event=session, person_id=cast.supporter.id, now=NOON)
        keep(db, cast, email=cast.supporter.email)
        request = db.scalars(select(HelpRequest)).one()
        with pytest.raises(KeptOut):
            let_in(db, phonebank=bank, request=request, actor_id=cast.organiser.id, now=NOON)


def test_a_call_signs_nobody_up_who_is_kept_out_and_the_report_stands(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        for one in made:
            bank = db.get_one(Phonebank, one.id)
            setup.write_script(
                db, phonebank=bank, steps=STEPS, actor_id=cast.organiser.id, now=NOON
            )
        stall = an_event(db, cast.group, cast.host, "Stall in Hove", kind="stall")
    claim_id = talk(client, cast)
    with database.unit_of_work() as db:
        rung = select(Contact, PhoneNumber.e164).join(
            PhoneNumber, PhoneNumber.id == Contact.number_id
        )
        contact, e164 = db.execute(rung.where(Contact.state == "claimed")).one()
        keep(db, cast, phone=e164, name=contact.first_name)
    sent = report(client, claim_id, stall)
    assert sent.status_code == 303
    shown = client.get(sent.headers["Location"]).text
    assert "Not on the list for “Stall in Hove”" in shown
    assert "treated" not in shown
    with database.reading() as db:
        assert db.scalar(select(Call.status).where(Call.public_id == claim_id)) == "reported"
        assert db.scalar(select(Rsvp.id).where(Rsvp.event_id == stall.id)) is None
        assert db.get_one(Event, stall.id).taken == 0
        assert db.scalar(select(OutboxLetter.id)) is None
        assert db.get_one(Person, cast.caller.id).disabled_at is None
