"""The calling screen and its steps, as a browser without scripts and as a program use them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, SignInSession, Suppression
from campaign.phonebanks.models import Call, Contact
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fictitious
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("noon")


def claim_json(client: ProofReadingClient, phonebank: str = "demo-calls") -> dict[str, Any]:
    answer = client.post_asking_json(f"/phonebanks/{phonebank}/claims")
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def test_a_caller_claims_rings_reports_and_gets_the_next_without_scripts(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    page = client.get("/phonebanks/demo-calls/call")
    assert "Ready when you are" in page.text
    page = client.post_form("/phonebanks/demo-calls/claims", follow_redirects=True)
    assert "Call Amina" in page.text
    assert "Your next person is Amina" in page.text
    claim_id = page.text.split("/reveal")[0].rsplit("/claims/", 1)[1]
    page = client.post_form(f"/claims/{claim_id}/reveal", follow_redirects=True)
    assert "Fictitious: never dialled" in page.text
    assert "tel:" not in page.text
    with clock.at(NOON + timedelta(minutes=1)):
        page = client.post_form(
            f"/claims/{claim_id}/outcome",
            {"now": "no_answer", "client_uuid": "u1", "then": "next"},
            follow_redirects=True,
        )
    assert "Saved: No answer" in page.text
    assert "Call Amina" in page.text
    assert f"/claims/{claim_id}/outcome" not in page.text
    assert f"/claims/{claim_id}/undo" in page.text
    with database.reading() as db:
        assert db.scalars(select(Call.result_code).where(Call.public_id == claim_id)).one()


def test_the_number_is_nowhere_before_it_was_shown(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    page = client.get("/phonebanks/demo-calls/call").text
    for number in range(8):
        e164 = fictitious(number)
        assert e164 not in page
        assert e164[3:] not in page.replace(" ", "")
    assert "number" not in held
    assert not says(page, "Kay")


def test_a_real_number_is_a_link_to_ring_and_a_fictitious_one_never(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    with database.unit_of_work() as db:
        db.execute(update(PhoneNumber).values(fictitious=False))
    held = claim_json(client)["claim"]
    shown = client.post_asking_json(f"/claims/{held['id']}/reveal").json or {}
    e164 = shown["claim"]["number"]["e164"]
    assert shown["claim"]["number"]["fictitious"] is False
    assert f'href="tel:{e164}"' in client.get("/phonebanks/demo-calls/call").text
    with database.unit_of_work() as db:
        db.execute(update(PhoneNumber).values(fictitious=True))
    assert "tel:" not in client.get("/phonebanks/demo-calls/call").text


def test_a_program_gets_the_same_answer_to_the_same_report(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    assert claim_json(client)["claim"]["id"] == held["id"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    report = {"outcome": "talked", "client_uuid": "u1", "answer-come": "yes"}
    first = client.post_asking_json(f"/claims/{held['id']}/outcome", report).json or {}
    again = client.post_asking_json(f"/claims/{held['id']}/outcome", report).json or {}
    assert first["saved"] == again["saved"]
    other = client.post_asking_json(
        f"/claims/{held['id']}/outcome", {"outcome": "no_answer", "client_uuid": "u2"}
    )
    assert other.status_code == 409
    assert (other.json or {})["saved"]["outcome"] == "talked"


def test_never_call_is_one_confirmed_tap(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    client.post_form(f"/claims/{held['id']}/outcome", {"outcome": ["talked", "dnc"]})
    with database.reading() as db:
        assert db.scalars(select(Suppression.reason)).one() == "asked"
        assert db.scalars(select(Contact.state).where(Contact.state == "suppressed")).one()


def test_what_cannot_be_taken_back_is_a_red_button_in_a_fold_and_no_choice(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    page = client.get("/phonebanks/demo-calls/call").text
    for code in ("dnc", "under_18", "vulnerable", "deceased"):
        assert f'type="radio" name="outcome" value="{code}"' not in page
        before, _ = page.split(f'name="now" value="{code}"')
        assert before.rindex("<details") > before.rindex("</details>")
    # The button outranks what was chosen before, wherever it stands.
    client.post_form(f"/claims/{held['id']}/outcome", {"now": "under_18", "outcome": "talked"})
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == held["id"])).one()
        assert call.result_code == "under_18"


def test_who_had_their_message_is_left_no_other(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    assert 'value="voicemail_left"' in client.get("/phonebanks/demo-calls/call").text
    with database.unit_of_work() as db:
        db.execute(update(Contact).values(voicemails=1))
    page = client.get("/phonebanks/demo-calls/call").text
    assert 'value="voicemail_left"' not in page
    assert page.count('value="voicemail_none"') == 1
    assert "A message was left for Amina before" in page


def test_a_number_on_a_screen_is_gone_once_somebody_asked_never_to_be_called(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    shown = client.post_asking_json(f"/claims/{held['id']}/reveal").json or {}
    number = shown["claim"]["number"]["display"]
    lives = client.get(f"/claims/{held['id']}").json or {}
    assert (lives["live"], lives["never"], lives["shown"]) == (True, False, True)
    assert number in client.get("/phonebanks/demo-calls/call").text
    with database.unit_of_work() as db:
        hmac = db.scalars(
            select(PhoneNumber.hmac).where(PhoneNumber.e164 == shown["claim"]["number"]["e164"])
        ).one()
        people.suppress(db, hmac=hmac, reason="asked", source="test")
    assert client.get(f"/claims/{held['id']}").json == {"live": False, "never": True}
    assert number not in client.get("/phonebanks/demo-calls/call").text
    client.sign_in(cast.organiser)
    assert client.get(f"/claims/{held['id']}").status_code == 404


def test_an_open_screen_keeps_the_person_up_to_the_cap(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    extend = f"/claims/{held['id']}/extend"
    # The promise on the screen (20 minutes) stands, then grows, and stops at 80.
    for minute, until in ((1, "12:20"), (11, "12:31"), (29, "12:49"), (47, "13:07"), (65, "13:20")):
        with clock.at(NOON + timedelta(minutes=minute)):
            client.sign_in(cast.caller)
            answer = client.post_asking_json(extend).json
            assert answer == {"live": True, "never": False, "kept_until": until}
            assert (
                f"<span data-kept>{until}</span>" in client.get("/phonebanks/demo-calls/call").text
            )
    with clock.at(NOON + timedelta(minutes=79)):
        client.sign_in(cast.caller)
        assert (client.post_asking_json(extend).json or {})["kept_until"] == "13:20"
    with clock.at(NOON + timedelta(minutes=81)):
        client.sign_in(cast.caller)
        answer = client.post_asking_json(extend).json
        assert answer == {
            "live": False,
            "never": False,
            "said": "Amina is no longer kept for you. If you spoke, say how it went.",
        }


def test_nobody_extends_anothers_claim_and_a_voided_one_says_so(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    shown = client.post_asking_json(f"/claims/{held['id']}/reveal").json or {}
    for part in ("organiser", "stranger", "administrator"):
        client.sign_in(cast.everybody[part])
        assert client.post_asking_json(f"/claims/{held['id']}/extend").status_code == 404
    with database.unit_of_work() as db:
        hmac = db.scalars(
            select(PhoneNumber.hmac).where(PhoneNumber.e164 == shown["claim"]["number"]["e164"])
        ).one()
        people.suppress(db, hmac=hmac, reason="asked", source="test")
    client.sign_in(cast.caller)
    answer = client.post_asking_json(f"/claims/{held['id']}/extend")
    assert answer.json == {"live": False, "never": True}


def test_what_is_to_mend_keeps_what_was_typed(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    page = client.post_form(f"/claims/{held['id']}/outcome", {"note": "Mornings are best"})
    assert page.status_code == 422
    assert "Choose how the call went." in page.text
    assert "Mornings are best" in page.text
    page = client.post_form(
        f"/claims/{held['id']}/outcome", {"outcome": "call_later", "callback_at": "soon"}
    )
    assert page.status_code == 422


def test_a_sign_in_that_has_seen_a_number_lasts_an_hour_of_rest_and_half_a_day_in_all(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)

    def is_in(after: timedelta) -> bool:
        with clock.at(NOON + after):
            return client.get("/me").status_code == 200

    held = claim_json(client)["claim"]
    assert is_in(timedelta(hours=2)), "nothing was shown yet"
    client.sign_in(cast.caller)
    assert client.post_asking_json(f"/claims/{held['id']}/reveal").status_code == 200
    assert is_in(timedelta(minutes=59))
    with database.unit_of_work() as db:
        db.execute(update(SignInSession).values(seen_at=NOON))
    assert not is_in(timedelta(minutes=61))
    with database.unit_of_work() as db:
        db.execute(update(SignInSession).values(seen_at=NOON + timedelta(hours=12)))
    assert not is_in(timedelta(hours=12, minutes=1))
