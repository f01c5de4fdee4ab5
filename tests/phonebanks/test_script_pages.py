"""The form in which a script is written: every button is a form, and nothing typed is lost."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Answer, Call, Phonebank, ScriptDraft, ScriptVersion
from campaign.phonebanks.operations import exporting, scripting, setup
from campaign.phonebanks.queries import exporting as queries
from campaign.phonebanks.queries.scripts import sheet_of
from campaign.phonebanks.rules.drafts import Sheet, sheet_from
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, report
from tests.proof_reader import ProofReadingClient

FORM = {
    "steps-0-say": "Hello, is that {first_name}? {movement} here.",
    "steps-0-answers-0-words": "Yes",
    "steps-0-answers-1-words": "No",
    "steps-0-answers-1-way": "closing",
    "steps-1-title": "The ask",
    "steps-1-say": "Could you come?",
    "steps-1-answers-0-words": "Yes",
    "steps-1-answers-0-effect": "signup",
    "steps-1-answers-0-tag": "keen",
    "steps-1-answers-1-words": "No",
    "closing": "Thank you.",
    "voicemail": "We rang.",
    "cards-0-title": "Who pays you?",
    "cards-0-say": "Our members.",
}


def send(client: ProofReadingClient, bank: Phonebank, do: str, **more: str) -> Any:
    return client.post_form(f"/phonebanks/{bank.public_id}/script", {**FORM, "do": do, **more})


def sheet(database: Database, bank: Phonebank) -> Sheet:
    with database.reading() as db:
        return sheet_of(db, bank.id)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page, as far as text fields and selects go."""
    found = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?([^<]*)</textarea>', page))
    for field in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{part}="([^"]*)"', field) for part in ("name", "value"))
        unticked = 'type="checkbox"' in field and " checked" not in field
        if name and value and name[1] != "csrf_token" and not unticked:
            found[name[1]] = value[1]
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def test_each_button_keeps_a_draft_that_no_caller_reads(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    assert send(client, bank, "use").status_code == 303
    answer = send(client, bank, "add", **{"steps-1-say": "Would you come?"})
    assert answer.headers["Location"].endswith("/script?at=3#s3")
    page = client.get(answer.headers["Location"]).text
    assert "Would you come?" in page
    assert "Your draft is kept" in page
    assert "Step 3 has no words." in page
    with database.reading() as db:
        (version,) = db.scalars(select(ScriptVersion))
        kept = list(version.steps)
        assert kept[1]["say"] == "Could you come?"
        assert db.scalars(select(ScriptDraft.kept_by)).one() == cast.organiser.id
    assert (
        client.post_form(f"/phonebanks/{bank.public_id}/script", {**FORM, "do": "drop"}).status_code
        == 303
    )
    assert sheet(database, bank) == sheet_from(kept)


def test_what_the_page_shows_can_be_sent_as_it_stands(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    send(client, bank, "use")
    path = f"/phonebanks/{bank.public_id}/script"
    sent = fields_of(client.get(path).text)
    assert client.post_form(path, {**sent, "do": "use"}).status_code == 303
    with database.reading() as db:
        first, second = db.scalars(select(ScriptVersion).order_by(ScriptVersion.number))
        assert first.steps == second.steps
        assert first.steps[1]["options"][0] == {
            "key": "yes",
            "label": "Yes",
            "next": "",
            "effect": "signup",
            "tag": "keen",
        }
        assert [step.get("kind") for step in first.steps[2:]] == [None, "objection", "voicemail"]


def test_steps_move_and_go_and_what_led_to_one_is_named(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    more = {"steps-2-say": "Another way.", "steps-1-answers-1-way": "3"}
    send(client, bank, "up-3", **more)
    assert [step.say for step in sheet(database, bank).steps][1] == "Another way."
    assert sheet(database, bank).steps[2].answers[1].way == "2"
    path = f"/phonebanks/{bank.public_id}/script"
    sent = fields_of(client.get(path).text)
    client.post_form(path, {**sent, "do": "out-2"})
    page = client.get(path).text
    said = "Step 2, “The ask”: “No” leads nowhere. Choose where it goes, or the goodbye."
    assert f'<li><a href="#s2">{said}</a></li>' in page
    assert "Nowhere yet" in page
    refused = client.post_form(path, {**fields_of(page), "do": "use"})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Could you come?" in refused.text
    with database.reading() as db:
        assert list(db.scalars(select(ScriptVersion))) == []


def test_a_circle_is_refused_with_the_way_round(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    refused = send(client, bank, "use", **{"steps-1-answers-1-way": "1", "voicemail": "Kept words"})
    assert refused.status_code == 422
    assert "→ step 2, “The ask” → step 1: that goes round in a circle." in refused.text
    assert "Kept words" in refused.text


def test_a_phonebank_whose_script_leads_round_does_not_open(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    with database.unit_of_work() as db:
        held = db.get_one(Phonebank, bank.id)
        fill(db, held, range(1))
        steps = [
            {"key": "a", "say": "{movement}.", "next": "b"},
            {"key": "b", "say": "Round", "next": "a"},
        ]
        db.add(ScriptVersion(phonebank_id=bank.id, number=1, steps=steps, made_at=NOON))
    client.sign_in(cast.organiser)
    refused = client.post_form(f"/phonebanks/{bank.public_id}/status", {"status": "open"})
    assert refused.status_code == 422
    assert "Step 1, “{movement}.” → step 2, “Round” → step 1" in refused.text


def test_a_turning_takes_the_answers_of_its_question(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/script"
    answer = send(client, bank, "turn")
    sent = fields_of(client.get(answer.headers["Location"]).text)
    client.post_form(path, {**sent, "steps-2-on": "2", "do": "keep"})
    page = client.get(path).text
    assert "After “Yes”" in page
    assert [one.words for one in sheet(database, bank).steps[2].answers] == ["Yes", "No"]
    sent = fields_of(page)
    assert client.post_form(path, {**sent, "steps-2-answers-1-way": "end"}).status_code == 303
    with database.reading() as db:
        turning = db.scalars(select(ScriptVersion)).one().steps[2]
        assert turning["on"] == "could_you_come"
        assert [case["next"] for case in turning["cases"]] == ["", "end"]


def test_the_page_shows_how_it_reads_where_no_name_is_known(
    client: ProofReadingClient, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    send(client, bank, "keep")
    path = f"/phonebanks/{bank.public_id}/script"
    assert "“Hello, is that Amina? Fair Rents here.”" in client.get(path).text
    assert "“Hello. Fair Rents here.”" in client.get(f"{path}?unnamed=1").text


@pytest.mark.parametrize("do", ["nonsense", "up-99", "out-x", "down-", "answer-2", ""])
def test_a_button_that_is_none_changes_nothing_and_breaks_nothing(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank, do: str
) -> None:
    client.sign_in(cast.organiser)
    assert send(client, bank, do).status_code == 303
    assert [step.say for step in sheet(database, bank).steps][1] == "Could you come?"


def test_what_is_too_long_or_nonsense_is_refused_with_all_that_was_typed(
    client: ProofReadingClient, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    page = send(client, bank, "use", **{"steps-0-say": "x" * 1300})
    assert page.status_code == 422
    assert "Could you come?" in page.text
    for way in ("77", "-1", "²", "x" * 99):
        page = send(client, bank, "use", **{"steps-1-answers-1-way": way})
        assert page.status_code == 422, way
        assert "leads nowhere" in page.text


def test_callers_find_the_cards_and_the_message(
    client: ProofReadingClient, database: Database, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.organiser)
    send(client, made[0], "use")
    client.sign_in(cast.caller)

    with clock.at(NOON):
        client.sign_in(cast.caller)
        held = client.post_asking_json("/phonebanks/demo-calls/claims").get_json()["claim"]
        client.post_asking_json(f"/claims/{held['id']}/reveal")
        page = client.get("/phonebanks/demo-calls/call").text
    assert "Who pays you?" in page
    assert "“Our members.”" in page
    assert "“We rang.”" in page
    assert "“Hello, is that Amina? Fair Rents here.”" in page


def test_a_tag_goes_out_with_the_results(database: Database, cast: Cast, made: Made) -> None:

    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        steps = [
            {
                "key": "come",
                "say": "{movement}?",
                "options": [{"key": "yes", "label": "Yes", "tag": "keen"}],
            }
        ]
        setup.write_script(db, phonebank=bank, steps=steps, actor_id=cast.organiser.id, now=NOON)
        held = claim(db, bank, cast.caller)
        call = db.scalars(select(Call).where(Call.public_id == held.call.public_id)).one()
        given = {"outcome": "talked", "answers": {"come": "yes"}}
        report(db, call=call, phonebank=bank, now=NOON, **given)
        assert db.scalars(select(Answer.option)).one() == "yes"
        export = exporting.ask(
            db,
            phonebank=bank,
            shape="results",
            reason="Count",
            actor_id=cast.organiser.id,
            now=NOON,
        )
        headings, rows = queries.table_of(db, export, adapters.outcomes())
        assert headings[-2:] == ["come", "Tags"]
        assert [list(row)[-2:] for row in rows] == [["Yes", "keen"]]


def test_dropping_a_draft_that_is_none_is_harmless(database: Database, bank: Phonebank) -> None:
    with database.unit_of_work() as db:
        scripting.drop_draft(db, phonebank=db.get_one(Phonebank, bank.id))
