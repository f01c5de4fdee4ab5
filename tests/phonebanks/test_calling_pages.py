"""The calling pages further on: what a caller sees when it does not go as planned."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.models import Call, CallingSession, Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import setup
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.lists import work
from tests.phonebanks.making import NOON, fill, make_phonebank
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("noon")


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
    assert f'class="chip is-wanted" name="callback_at" value="{at}"' in page.text
    assert 'value="yes" data-next="end" checked' in page.text
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
    assert not says(after, "Kay")


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
        assert "<h1>Closed until Wed 25 Nov, 10:00" in page.text
        assert "We ring again Wed 25 Nov, 10:00 their time" in page.text
        assert "Practise meanwhile" in page.text
    for why in ("finished", "waiting", "paused", "hour_limit", "nonsense"):
        assert client.get(f"/phonebanks/demo-calls/call?why={why}&until=x").status_code == 200


def test_whoever_has_somebody_elsewhere_is_led_there_however_they_came(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        other = make_phonebank(db, cast.group, public_id="worthing", title="Worthing lifts")
        fill(db, other, range(20, 22))
    client.sign_in(cast.caller)
    kept = claim_json(client, "worthing")["claim"]
    way = 'href="/phonebanks/worthing/call">Go to your call'
    sent = client.post_form("/phonebanks/demo-calls/claims").headers["Location"]
    here = "/phonebanks/demo-calls/call"
    # By the button, by hand, and by an address that says something else.
    for address in (sent, here, f"{here}?why=elsewhere&at=nowhere", f"{here}?why=finished"):
        page = client.get(address).text
        assert "<h1>You still have somebody" in page
        assert way in page
        assert "nowhere" not in page
        assert "Give me the first person" not in page
    client.post_form(f"/claims/{kept['id']}/release", {"reason": "stop"})
    page = client.get(sent).text
    assert "You still have somebody" not in page
    assert "Give me the first person" in page


def test_the_screen_says_before_a_tap_that_nobody_is_rung_at_this_hour(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with clock.at(NOON + timedelta(hours=11)):
        client.sign_in(cast.caller)
        page = client.get("/phonebanks/demo-calls/call").text
        assert "Give me the first person" not in page
        assert "We ring again Wed 25 Nov, 10:00 their time" in page
    client.sign_in(cast.caller)
    assert "Give me the first person" in client.get("/phonebanks/demo-calls/call").text
    with database.unit_of_work() as db:
        for contact in db.scalars(select(Contact)):
            contact.state = "done"
    page = client.get("/phonebanks/demo-calls/call").text
    assert "Everyone has been rung" in page
    assert "Give me the first person" not in page


def test_the_pause_after_a_short_call_counts_down_and_a_page_come_back_to_does_not(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    with database.reading() as db:
        began = db.scalars(select(Call.claimed_at)).one()
    with clock.at(began + timedelta(seconds=5)):
        report = {"outcome": "no_answer", "then": "next"}
        answer = client.post_form(f"/claims/{held['id']}/outcome", report)
    with clock.at(began + timedelta(seconds=5)):
        page = client.get(answer.headers["Location"]).text
    shown = re.search(r'data-behaviour="wait" data-for="next-person">([1-9]|10) s<', page)
    assert shown, page
    assert '<form method="post" id="next-person"' in page
    refresh = f'content="{shown[1]}; url=/phonebanks/demo-calls/call"'
    assert f'<noscript><meta http-equiv="refresh" {refresh}></noscript>' in page
    with clock.at(began + timedelta(seconds=16)):
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
    assert "It begins in a moment" in page.text
    work(client)
    with database.reading() as db:
        batch = db.scalars(select(ImportBatch)).one()
        assert batch.counts["new"] == batch.counts["refused"] == 1
        batch_id = batch.public_id
    rejects = client.get(f"{home}/import/{batch_id}/rejects.csv").text
    assert "A UK number has 11 digits" in rejects
    assert "Nothing has changed yet" in client.get(f"{home}/import/{batch_id}").text
    client.post_form(f"{home}/import/{batch_id}")
    work(client)
    sent = {
        "steps-0-say": "Hello {first_name}, {movement} here",
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
