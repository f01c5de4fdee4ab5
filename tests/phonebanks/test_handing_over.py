"""The call goes over to the caller's own phone: for them alone, for this claim, for minutes."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.rules.hand_over import key_for, read_key
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("noon")

SECRET = "for-tests-only"
OVER = NOON + timedelta(minutes=20)


def own_key(client: ProofReadingClient, claim_id: str, person_id: int) -> str:
    secret = str(client.application.extensions["campaign"].settings.secret_key)
    return key_for(claim_id, person_id, now=clock.now(), expires_at=OVER, secret=secret)


def test_a_key_is_for_one_claim_one_caller_and_five_minutes() -> None:
    key = key_for("abc", 7, now=NOON, expires_at=OVER, secret=SECRET)
    until = NOON + timedelta(minutes=5)
    just_before = until - timedelta(seconds=1)
    assert read_key(key, 7, now=just_before, secret=SECRET) == ("abc", until)
    assert read_key(key, 7, now=until, secret=SECRET) is None
    assert read_key(key, 8, now=NOON, secret=SECRET) is None
    assert read_key(key.replace("abc", "abd"), 7, now=NOON, secret=SECRET) is None
    assert read_key(key, 7, now=NOON, secret="another") is None
    claim, ends, seal = key.split(".")
    longer = f"{claim}.{int(ends, 16) + 600:x}.{seal}"
    assert read_key(longer, 7, now=NOON, secret=SECRET) is None
    for junk in ("", "abc", "abc.zz.q", "a.ffffffffffffffffff.q", "é.1.é", "..", "abc.-1.x"):
        assert read_key(junk, 7, now=NOON, secret=SECRET) is None


def test_a_key_ends_with_its_claim() -> None:
    soon = NOON + timedelta(minutes=2)
    key = key_for("abc", 7, now=NOON, expires_at=soon, secret=SECRET)
    assert read_key(key, 7, now=soon, secret=SECRET) is None
    assert read_key(key, 7, now=soon - timedelta(seconds=1), secret=SECRET) == ("abc", soon)


def test_the_phone_shows_a_first_name_and_after_one_tap_the_number(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(PhoneNumber).values(fictitious=False))
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    code = client.get(f"/claims/{held['id']}/phone.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    assert code.headers["Cache-Control"] == "no-store"
    address = f"/ring/{own_key(client, held['id'], cast.caller.id)}"
    fetched = clock.now()
    assert client.get(f"/claims/{held['id']}").json["shown"] is False  # type: ignore[index]
    before = client.get(address)
    assert before.headers["Cache-Control"] == "no-store"
    assert "Call Amina" in before.text
    assert not says(before.text, "Kay")
    assert "tel:" not in before.text
    with database.reading() as db:
        assert db.scalars(select(Call.revealed_at)).one() is None
    after = client.post_form(address)
    assert after.headers["Cache-Control"] == "no-store"
    assert re.search(r'href="tel:\+444\d{9}"', after.text)
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert call.revealed_at == call.dialled_at is not None
    # The desk goes on to the questions; the phone, looked at again, has to ask again.
    assert client.get(f"/claims/{held['id']}").json["shown"] is True  # type: ignore[index]
    assert "tel:" not in client.get(address).text
    with clock.at(fetched + timedelta(minutes=5)):
        assert client.get(address).status_code == 404
        assert client.post_form(address).status_code == 404


def test_the_code_admits_nobody_but_its_signed_in_caller(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    address = f"/ring/{own_key(client, held['id'], cast.caller.id)}"
    for part in ("organiser", "stranger", "administrator"):
        client.sign_in(cast.everybody[part])
        assert client.get(address).status_code == 404
        assert client.post_form(address).status_code == 404
        assert client.get(f"/claims/{held['id']}/phone.svg").status_code == 404
    client.sign_out()
    answer = client.get(address)
    assert answer.status_code == 303
    assert f"next={address}" in answer.headers["Location"].replace("%2F", "/")
    with database.reading() as db:
        assert db.scalars(select(Call.revealed_at)).one() is None


def test_a_code_is_dead_once_the_call_is_reported_or_the_phonebank_paused(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    address = f"/ring/{own_key(client, held['id'], cast.caller.id)}"
    with database.unit_of_work() as db:
        db.execute(update(Phonebank).values(status="paused"))
    assert "tel:" not in client.post_form(address, follow_redirects=True).text
    with database.unit_of_work() as db:
        assert db.scalars(select(Call.revealed_at)).one() is None
        db.execute(update(Phonebank).values(status="open"))
    with clock.at(NOON + timedelta(seconds=30)):
        held = claim_json(client)["claim"]
        address = f"/ring/{own_key(client, held['id'], cast.caller.id)}"
        client.post_form(address)
        client.post_asking_json(f"/claims/{held['id']}/outcome", {"outcome": "no_answer"})
        assert client.post_form(address).status_code == 404


def test_numbers_are_written_as_they_are_dialled_from_where_the_caller_is(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    at_home = client.get("/phonebanks/demo-calls/call").text
    assert re.search(r'class="number">04\d', at_home)
    assert "it may cost you money" not in at_home
    client.post_form("/phonebanks/demo-calls/my-screen", {"region": "DE"})
    abroad = client.get("/phonebanks/demo-calls/call").text
    assert re.search(r'class="number">00 44 4', abroad)
    assert "Abroad from Germany: it may cost you money" in abroad
    client.post_form("/phonebanks/demo-calls/my-screen", {"region": "XX"})
    assert "Abroad from Germany" in client.get("/phonebanks/demo-calls/call").text
    client.post_form("/phonebanks/demo-calls/my-screen", {"region": "US"})
    assert re.search(r'class="number">011 44 4', client.get("/phonebanks/demo-calls/call").text)


def test_large_letters_and_silent_keys_stay_with_the_browser(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    page = client.get("/phonebanks/demo-calls/call").text
    assert "size-usual" in page
    assert "keys-off" not in page
    kept = client.post_asking_json("/phonebanks/demo-calls/my-screen", {"size": "wide"}).json
    assert kept == {"size": "wide"}
    client.post_form("/phonebanks/demo-calls/my-screen", {"keys": "off", "size": "huge"})
    page = client.get("/phonebanks/demo-calls/call").text
    assert "size-wide keys-off" in page
