"""That a number is being dialled: told by the screen, and what it changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.operations.dialling import note_dialled
from campaign.phonebanks.operations.dispensing import claim_next
from campaign.phonebanks.operations.revealing import reveal
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

LATER = NOON + timedelta(minutes=9)


def test_the_first_dialling_is_kept_and_the_number_rests_from_then(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        with pytest.raises(Conflict, match="press Call first"):
            note_dialled(db, call=held.call, phonebank=phonebank, now=NOON)
        reveal(db, call=held.call, phonebank=phonebank, now=NOON)
        assert held.call.dialled_at is None
        for now in (LATER, LATER + timedelta(minutes=2)):
            assert note_dialled(db, call=held.call, phonebank=phonebank, now=now)
        assert held.call.dialled_at == held.call.attempted_at == LATER
        assert held.number.last_attempt_at == LATER


def test_a_claim_that_ran_out_after_dialling_is_an_attempt_and_rests_from_the_dialling(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, caller)
        reveal(db, call=held.call, phonebank=phonebank, now=NOON)
        note_dialled(db, call=held.call, phonebank=phonebank, now=LATER)
        slept = NOON + timedelta(hours=2)
        claim_next(db, phonebank=phonebank, caller_id=caller.id, now=slept, pace=False)
        contact = held.contact
        assert (held.call.status, contact.state, contact.attempts) == ("expired", "ready", 1)
        assert contact.not_before == LATER + timedelta(minutes=phonebank.cooldown_minutes)


def test_what_is_told_after_the_report_changes_nothing(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        report(db, call=held.call, phonebank=phonebank, outcome="busy", now=NOON)
        assert not note_dialled(db, call=held.call, phonebank=phonebank, now=LATER)
        # An engaged line rang nobody, and a late word does not say otherwise.
        assert (held.call.dialled_at, held.call.attempted_at) == (None, None)


def test_the_screen_tells_that_it_dials_and_nobody_elses_does(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    door = f"/claims/{held['id']}/dial"
    assert client.post_asking_json(door).status_code == 409
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    for part in ("organiser", "stranger"):
        client.sign_in(cast.everybody[part])
        assert client.post_asking_json(door).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(Call.dialled_at)).one() is None
    client.sign_in(cast.caller)
    assert client.post_asking_json(door).json == {"dialled": True}
    with database.reading() as db:
        assert db.scalars(select(Call.dialled_at)).one() is not None


def test_one_tap_shows_and_dials(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal", {"dialling": "yes"})
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert call.revealed_at == call.dialled_at is not None


def test_in_practice_the_tap_is_noted_and_the_number_stays_as_it_was(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client, "demo-practice")["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal", {"dialling": "yes"})
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert call.dialled_at is not None
        assert call.attempted_at is None
        rung = select(PhoneNumber.last_attempt_at).join(Contact)
        assert db.scalars(rung.where(Contact.id == call.contact_id)).one() is None
