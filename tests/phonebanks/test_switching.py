"""Someone else answered: the call goes on with them, if they live there and are on the list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.operations.switching import switch
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.households import ref_of
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

HOUR = timedelta(hours=1)


def in_a_call(db: Session, **other: Any) -> tuple[Phonebank, Claim, Contact, Person]:
    """Amina's number was shown to a caller; Bilal lives with her."""
    phonebank, caller = make_phonebank(db), make_person(db)
    fill(db, phonebank, range(1), household_key="one", priority=1)
    bilal = fill(db, phonebank, range(1, 2), household_key="one", first_name="Bilal", state="held")[
        0
    ]
    held = claim(db, phonebank, caller)
    assert held.contact.first_name == "Amina"
    bilal.state = "ready"
    for name, value in other.items():
        setattr(bilal, name, value)
    db.flush()
    reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
    return phonebank, held, bilal, caller


def go_on(db: Session, phonebank: Phonebank, held: Claim, to: Contact, **given: Any) -> Any:
    ref = ref_of(held.call.public_id, to.id)
    usual = {"now": NOON, "client_uuid": "one", "pace": False}
    return switch(db, call=held.call, phonebank=phonebank, to=ref, **{**usual, **given})


def test_one_tap_reports_that_somebody_else_answered_and_goes_on_with_them(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, caller = in_a_call(db)
        found = go_on(db, phonebank, held, bilal)
        assert isinstance(found, Claim)
        assert found.contact.id == bilal.id
        assert (found.contact.state, found.contact.claimed_by) == ("claimed", caller.id)
        assert found.call.revealed_at == NOON
        assert held.call.result_code == "other_person"
        assert held.contact.state == "ready"
        assert held.contact.not_before == NOON + 3 * HOUR
        # Sent once more, because the answer was lost on its way.
        assert go_on(db, phonebank, held, bilal).call.id == found.call.id
        assert len(db.scalars(select(Call.id)).all()) == 2


def test_nobody_is_kept_beyond_the_end_of_the_phonebank(database: Database) -> None:
    ends = NOON + timedelta(minutes=3)
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db)
        phonebank.closes_at = ends
        found = go_on(db, phonebank, held, bilal)
        assert isinstance(found, Claim)
        assert (found.call.expires_at, found.contact.claimed_until) == (ends, ends)


@pytest.mark.parametrize(
    "other",
    [
        {"state": "done"},
        {"state": "held"},
        {"consent": False},
        {"not_before": NOON + HOUR},
        {"attempts": 4},
        {"goal_met_at": NOON},
        {"household_key": "another"},
    ],
)
def test_nobody_is_gone_on_with_who_could_not_be_claimed(
    database: Database, other: dict[str, Any]
) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db, **other)
        assert go_on(db, phonebank, held, bilal) == Nothing("not_at_home")
        assert held.call.result_code == "other_person"
        assert bilal.claimed_by is None


def test_the_rest_of_their_number_holds_for_them_too(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db)
        number = db.get_one(PhoneNumber, bilal.number_id)
        number.last_attempt_at = NOON - HOUR
        db.flush()
        assert go_on(db, phonebank, held, bilal) == Nothing("not_at_home")


def test_who_asked_never_to_be_called_is_not_gone_on_with(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db)
        number = db.get_one(PhoneNumber, bilal.number_id)
        people.suppress(db, hmac=number.hmac, reason="asked", source="call", actor_id=None)
        assert go_on(db, phonebank, held, bilal) == Nothing("not_at_home")


def test_a_third_of_the_household_who_was_spoken_to_is_no_hindrance(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db)
        fill(
            db,
            make_phonebank(db),
            range(2, 3),
            household_key="one",
            state="done",
            reached_at=NOON - HOUR,
        )
        assert isinstance(go_on(db, phonebank, held, bilal), Claim)


def test_a_name_of_the_screen_holds_for_that_call_alone(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held, bilal, _ = in_a_call(db)
        strange = ref_of("another-call", bilal.id)
        found = switch(db, call=held.call, phonebank=phonebank, to=strange, now=NOON)
        assert found == Nothing("not_at_home")


@pytest.mark.usefixtures("noon")
def test_the_screen_names_who_lives_there_and_switches_without_scripts(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    with database.unit_of_work() as db:
        shown = db.scalars(select(Contact).where(Contact.state == "claimed")).one()
        shown.household_key = "one"
        home = {"household_key": "one", "last_name": "Secret", "town": "Elsewhere"}
        fill(db, made[0], range(40, 41), first_name="Bilal", **home)
        fill(db, made[0], range(41, 42), first_name="Carys", state="done", **home)
        fill(db, make_phonebank(db, cast.group), range(42, 43), first_name="Dilys", **home)
    before = client.get("/phonebanks/demo-calls/call").text
    assert "Bilal" not in before
    client.post_form(f"/claims/{held['id']}/reveal", {})
    page = client.get("/phonebanks/demo-calls/call").text
    assert "Bilal" in page
    for hidden in ("Carys", "Dilys", "Secret", "Elsewhere"):
        assert hidden not in page
    switch_to = re.search(r'name="switch" value="(\w+)"', page)
    assert switch_to
    sent = {"switch": switch_to[1], "client_uuid": "u1", "then": "next"}
    answer = client.post_form(f"/claims/{held['id']}/outcome", sent)
    assert answer.status_code == 303
    after = client.get("/phonebanks/demo-calls/call").text
    assert "<h1>Bilal</h1>" in after
    assert "This call goes on with Bilal." in after
    assert "How did it go?" in after
