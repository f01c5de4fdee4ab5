"""The calling screen and its steps, as a browser without scripts and as a program use them."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Call, CallingSession, Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import setup
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.making import NOON, fictitious, fill, make_phonebank
from tests.proof_reader import ProofReadingClient

Made = tuple[Phonebank, Phonebank]


@pytest.fixture(autouse=True)
def _noon(app: Flask) -> Any:
    """After the application was made, which sets the clock by its settings."""
    with clock.at(NOON):
        yield


@pytest.fixture
def made(database: Database, cast: Cast) -> Made:
    """An open phonebank of the cast's group, and one to practise on."""
    with database.unit_of_work() as db:
        calls = make_phonebank(
            db, cast.group, public_id="demo-calls", reason="Signed the petition.", access="group"
        )
        practice = make_phonebank(
            db, cast.group, public_id="demo-practice", title="Practice", is_practice=True
        )
        fill(db, calls, range(8))
        fill(db, practice, range(100, 104))
        for phonebank in (calls, practice):
            steps = [
                {"key": "opening", "say": "Hello, is that {first_name}?", "options": []},
                {
                    "key": "come",
                    "say": "Could you come?",
                    "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
                },
            ]
            setup.write_script(
                db, phonebank=phonebank, steps=steps, actor_id=cast.organiser.id, now=NOON
            )
        setup.pass_practice(db, person_id=cast.caller.id, now=NOON)
        setup.agree(db, person_id=cast.caller.id, now=NOON)
    return calls, practice


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
            {"outcome": "no_answer", "client_uuid": "u1", "then": "next"},
            follow_redirects=True,
        )
    assert "Saved: No answer" in page.text
    assert "Call Amina" in page.text
    assert claim_id not in page.text
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
    assert "Kay" not in page


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
        before, _ = page.split(f'name="outcome" value="{code}"')
        assert before.rindex("<details") > before.rindex("</details>")
        # A later field of the same name would outrank the button.
        assert 'type="radio" name="outcome"' not in page.split(f'value="{code}"')[1]
    client.post_form(f"/claims/{held['id']}/outcome", {"outcome": ["talked", "under_18"]})
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
    assert client.get(f"/claims/{held['id']}").json == {"live": True, "never": False}
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
        assert client.post_asking_json(extend).json == {"live": False, "never": False}


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


def test_a_time_to_call_again_goes_with_talked_and_is_refused_where_it_makes_no_sense(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    # Not one of the offers any more: what was chosen stays there all the same.
    at = (NOON + timedelta(hours=2, minutes=5)).isoformat()
    sent = {"note": "After work", "callback_at": at, "answer-come": "yes", "client_uuid": "u1"}
    page = client.post_form(f"/claims/{held['id']}/outcome", {**sent, "outcome": "wrong_person"})
    assert page.status_code == 422
    assert "do not go together" in page.text
    assert "After work" in page.text
    assert f'value="{at}" checked' in page.text
    assert 'value="yes" data-key="1" checked' in page.text
    assert 'value="wrong_person" checked' in page.text
    assert (
        client.post_form(f"/claims/{held['id']}/outcome", {**sent, "outcome": "talked"}).status_code
        == 303
    )
    with database.reading() as db:
        kept = db.scalars(select(Contact).where(Contact.state == "callback")).one()
        assert kept.promised_at == NOON + timedelta(hours=2, minutes=5)
        assert kept.callback_owner_id == cast.caller.id


def test_a_claim_is_nobody_elses(client: ProofReadingClient, cast: Cast, made: Made) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    for person in (cast.organiser, cast.stranger, cast.administrator):
        client.sign_in(person)
        for step in ("reveal", "outcome", "release"):
            answer = client.post_asking_json(f"/claims/{held['id']}/{step}", {"outcome": "dnc"})
            assert answer.status_code == 404


@pytest.mark.parametrize("part", ["stranger", "administrator", "officer", "supporter"])
def test_a_link_admits_nobody(
    client: ProofReadingClient, cast: Cast, made: Made, part: str
) -> None:
    client.sign_in(cast.everybody[part])
    assert client.get("/phonebanks/demo-calls/call").status_code == 403
    assert client.post_asking_json("/phonebanks/demo-calls/claims").status_code == 403


def test_a_visitor_is_led_to_sign_in_and_back(client: ProofReadingClient, made: Made) -> None:
    answer = client.get("/phonebanks/demo-calls/call")
    assert answer.status_code == 303
    assert "next=/phonebanks/demo-calls/call" in answer.headers["Location"].replace("%2F", "/")


def test_a_newcomer_practises_agrees_and_then_rings(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.host)
    assert "Practise first" in client.get("/phonebanks/demo-calls/call").text
    assert claim_json(client) == {"claim": None, "reason": "practise", "until": None}
    held = claim_json(client, "demo-practice")["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    client.post_form(f"/claims/{held['id']}/outcome", {"outcome": "talked"})
    page = client.get("/phonebanks/demo-calls/call", follow_redirects=True)
    assert "What you agree to" in page.text
    assert "sees your number" in page.text
    assert client.post_form("/phonebanks/demo-calls/agree").status_code == 422
    page = client.post_form("/phonebanks/demo-calls/agree", {"agreed": "y"}, follow_redirects=True)
    assert "Ready when you are" in page.text


def test_the_roster_of_a_session_may_call_from_a_quarter_before(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.host, starts_at=NOON + timedelta(hours=1), capacity=5)
        an_rsvp(db, event, cast.stranger)
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.attach_session(db, phonebank=phonebank, event=event, actor_id=cast.organiser.id)
        assert event.roster_path == "/phonebanks/demo-calls/call"
        setup.pass_practice(db, person_id=cast.stranger.id, now=NOON)
        setup.agree(db, person_id=cast.stranger.id, now=NOON)
    client.sign_in(cast.stranger)
    early = client.get("/phonebanks/demo-calls/call")
    assert early.status_code == 403
    assert "quarter of an hour before" in early.text
    with clock.at(NOON + timedelta(minutes=46)):
        client.sign_in(cast.stranger)
        held = claim_json(client)["claim"]
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == held["id"])).one()
        assert call.session_id == db.scalars(select(CallingSession.id)).one()
    with clock.at(NOON + timedelta(hours=3, minutes=31)):
        client.sign_in(cast.stranger)
        assert client.get("/phonebanks/demo-calls/call").status_code == 403


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("lead", "/phonebanks/demo-calls/lead"),
        ("setup", "/phonebanks/demo-calls/setup"),
        ("import", "/phonebanks/demo-calls/import"),
        ("script", "/phonebanks/demo-calls/script"),
    ],
)
def test_only_leads_and_organisers_look_behind(
    client: ProofReadingClient, cast: Cast, made: Made, step: str, path: str
) -> None:
    client.sign_in(cast.organiser)
    assert client.get(path).status_code == 200, step
    # The group's own member is told whose it is; to everybody else the page is not there.
    expected = {"caller": 403, "stranger": 404, "administrator": 404, "officer": 404}
    for part, status in expected.items():
        client.sign_in(cast.everybody[part])
        assert client.get(path).status_code == status, (step, part)


def test_the_lead_sees_the_counts_move(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    client.sign_in(cast.organiser)
    before = client.get("/phonebanks/demo-calls/lead").text
    assert "In a call" in before
    assert "<b>7</b> <span>of 8 people are ready" in before
    client.sign_in(cast.caller)
    client.post_asking_json(f"/claims/{held['id']}/outcome", {"outcome": "talked"})
    client.sign_in(cast.organiser)
    after = client.get("/phonebanks/demo-calls/lead", headers={"HX-Request": "true"}).text
    assert "Finished" in after
    assert "<b>1</b><span>conversations" in after
    assert "Kay" not in after


def test_the_language_somebody_needs_reaches_the_lead_and_the_next_caller(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    sent = {"outcome": "language", "language": " poLISH "}
    client.post_asking_json(f"/claims/{held['id']}/outcome", sent)
    client.sign_in(cast.organiser)
    assert "<dt>Polish</dt><dd>1</dd>" in client.get("/phonebanks/demo-calls/lead").text
    with database.unit_of_work() as db:
        db.execute(update(Contact).where(Contact.language.is_(None)).values(state="done"))
    with clock.at(NOON + timedelta(days=1)):
        client.sign_in(cast.caller)
        claim_json(client)
        assert "Polish. If you do not speak it" in client.get("/phonebanks/demo-calls/call").text


def test_pausing_stops_the_handing_out_at_once(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.sign_in(cast.organiser)
    client.post_form("/phonebanks/demo-calls/status", {"status": "paused"})
    client.sign_in(cast.caller)
    assert client.post_asking_json(f"/claims/{held['id']}/reveal").status_code == 409
    assert claim_json(client)["reason"] == "paused"


def test_the_states_say_what_is_so(client: ProofReadingClient, cast: Cast, made: Made) -> None:
    client.sign_in(cast.caller)
    night = NOON + timedelta(hours=11)
    with clock.at(night):
        client.sign_in(cast.caller)
        page = client.post_form("/phonebanks/demo-calls/claims", follow_redirects=True)
        assert "Closed for now" in page.text
        assert "We ring again Wed 25 Nov, 10:00." in page.text
        assert "Practise meanwhile" in page.text
    for why in ("finished", "waiting", "paused", "hour_limit", "nonsense"):
        assert client.get(f"/phonebanks/demo-calls/call?why={why}&until=x").status_code == 200


def test_the_screen_says_before_a_tap_that_nobody_is_rung_at_this_hour(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with clock.at(NOON + timedelta(hours=11)):
        client.sign_in(cast.caller)
        page = client.get("/phonebanks/demo-calls/call").text
        assert "Give me the first person" not in page
        assert "We ring again Wed 25 Nov, 10:00." in page
    client.sign_in(cast.caller)
    assert "Give me the first person" in client.get("/phonebanks/demo-calls/call").text
    with database.unit_of_work() as db:
        for contact in db.scalars(select(Contact)):
            contact.state = "done"
    page = client.get("/phonebanks/demo-calls/call").text
    assert "Everyone has been rung" in page
    assert "Give me the first person" not in page


def test_the_pause_after_a_short_call_counts_down_and_a_page_come_back_to_does_not(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    with clock.at(NOON + timedelta(seconds=5)):
        report = {"outcome": "no_answer", "then": "next"}
        answer = client.post_form(f"/claims/{held['id']}/outcome", report)
        page = client.get(answer.headers["Location"]).text
    shown = re.search(r'data-behaviour="wait" data-for="next-person">(9|1[0-2]) s<', page)
    assert shown, page
    assert '<form method="post" id="next-person"' in page
    refresh = f'content="{shown[1]}; url=/phonebanks/demo-calls/call"'
    assert f'<noscript><meta http-equiv="refresh" {refresh}></noscript>' in page
    with clock.at(NOON + timedelta(seconds=16)):
        assert 'data-behaviour="wait"' not in client.get(answer.headers["Location"]).text


def test_who_may_not_call_is_led_to_the_sessions(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.stranger)
    page = client.get("/phonebanks/demo-calls/call")
    assert page.status_code == 403
    assert 'href="/phonebanks/demo-calls">Go to the phonebank’s page</a>' in page.text
    assert client.post_form("/phonebanks/demo-calls/claims").status_code == 403


def test_pages_for_everybody_show_numbers_only(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    assert "Hove rents vote" in client.get("/phonebanks").text
    page = client.get("/phonebanks/demo-calls").text
    assert "Signed the petition." in page
    assert "Amina" not in page


def test_a_phonebank_from_nothing_to_open(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.organiser)
    sent = {"group": cast.group.slug, "title": "Lifts", "reason": "A lift?", "access": "group"}
    page = client.post_form("/phonebanks/new", sent)
    home = page.headers["Location"].removesuffix("/setup")
    refused = client.post_form(f"{home}/status", {"status": "open"})
    assert refused.status_code == 422
    words = "First name,Mobile,OK to ring\nAmina,07700 900142,yes\nJoel,07700 900,yes\n"
    sent = {"source": "stall", "collected_on": "2026-11-14", "basis": "column"}
    page = client.post_form(
        f"{home}/import",
        {**sent, "file": (io.BytesIO(words.encode()), "list.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "Nothing has changed yet" in page.text
    with database.reading() as db:
        batch = db.scalars(select(ImportBatch)).one()
        assert batch.counts["new"] == batch.counts["refused"] == 1
        batch_id = batch.public_id
    rejects = client.get(f"{home}/import/{batch_id}/rejects.csv").text
    assert "A UK number has 11 digits" in rejects
    client.post_form(f"{home}/import/{batch_id}")
    sent = {
        "steps-0-say": "Hello {first_name}",
        "steps-1-say": "Come?",
        "steps-1-answers-0-words": "Yes",
        "steps-1-answers-1-words": "No",
    }
    client.post_form(f"{home}/script", sent)
    client.post_form(
        f"{home}/hours",
        {"week_from": "10:00", "week_until": "19:00", "sat_from": "", "sat_until": ""},
    )
    assert client.post_form(f"{home}/status", {"status": "open"}).status_code == 303
    with database.reading() as db:
        opened = db.scalars(select(Phonebank).where(Phonebank.title == "Lifts")).one()
        assert opened.status == "open"
        assert opened.hours == {
            day: ["10:00", "19:00"] for day in ("mon", "tue", "wed", "thu", "fri")
        }
