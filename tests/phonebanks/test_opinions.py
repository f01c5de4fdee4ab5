"""Opinions are sensitive: noted where they agreed, read by organisers, and shown to nobody else."""

from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.models import Answer, Call, Phonebank
from campaign.phonebanks.operations import exporting, setup
from campaign.phonebanks.rules.drafts import Choice, Draft, Sheet, sheet_from, steps_from
from campaign.phonebanks.rules.scripts import kept_answers, says_who_rings
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
STEPS: list[dict[str, Any]] = [
    {"key": "opening", "say": "Hello, {movement} here.", "options": []},
    {
        "key": "cap",
        "say": "What do you think of a cap on rents?",
        "options": [{"key": "backs-it", "label": "For"}, {"key": "no", "label": "Against"}],
        "opinion": True,
    },
]
STEPS[1]["options"][0]["key"] = "backs_it"


@pytest.fixture
def asked(database: Database, cast: Cast, made: Made) -> Phonebank:
    """The phonebank of the cast, which asks for an opinion."""
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.write_script(
            db, phonebank=phonebank, steps=STEPS, actor_id=cast.organiser.id, now=NOON
        )
        return phonebank


def report(client: ProofReadingClient, cast: Cast, **given: str) -> str:
    client.sign_in(cast.caller)
    claim_id = str(claim_json(client)["claim"]["id"])
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    page = client.get(f"{BANK}/call").text
    assert "They agreed that we note their answer" in page
    assert "Nothing about health, faith or views." in page
    sent = {"outcome": "talked", "answer-cap": "backs_it", "then": "stop", **given}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    return claim_id


def test_an_opinion_is_kept_only_where_they_agreed_to_that() -> None:
    assert kept_answers(STEPS, {"cap": "backs_it"}) == {}
    assert kept_answers(STEPS, {"cap": "backs_it", "agreed:cap": "yes"}) == {"cap": "backs_it"}
    assert kept_answers(STEPS, {"cap": "another", "agreed:cap": "yes"}) == {}
    plain = [{**STEPS[1], "opinion": False}]
    assert kept_answers(plain, {"cap": "backs_it"}) == {"cap": "backs_it"}


def test_a_tick_decides_over_the_answer_without_scripts(
    client: ProofReadingClient, cast: Cast, asked: Phonebank, database: Database
) -> None:
    report(client, cast)
    with database.reading() as db:
        assert list(db.scalars(select(Answer))) == []
        assert db.scalars(select(Call.answers)).one() == {}
    with clock.at(NOON.replace(minute=2)):
        report(client, cast, **{"agreed-cap": "yes"})
    with database.reading() as db:
        assert [(row.question, row.option) for row in db.scalars(select(Answer))] == [
            ("cap", "backs_it")
        ]


def test_nobody_but_organisers_reads_an_opinion(
    client: ProofReadingClient, cast: Cast, asked: Phonebank, database: Database
) -> None:
    report(client, cast, **{"agreed-cap": "yes"})
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, asked.id)
        given = {"phonebank": phonebank, "actor_id": cast.organiser.id}
        setup.make_lead(db, person_id=cast.lead.id, **given)
        export = exporting.ask(db, shape="results", reason="For the count", now=NOON, **given)
        exporting.decide(db, export=export, yes=True, actor_id=cast.officer.id, now=NOON)
        export_id = export.public_id
    pages = ("", "/call", "/lead", "/rang-back", "/exports", "/call/late")
    for part in ("stranger", "caller", "lead", "administrator", "moderator", "supporter"):
        client.sign_in(cast.everybody[part])
        for page in pages:
            assert "backs_it" not in client.get(BANK + page).text, (part, page)
        answer = client.post_form(f"{BANK}/exports/{export_id}")
        assert answer.status_code in (403, 404), part
    client.sign_in(cast.lead)
    assert client.get(f"{BANK}/lead").status_code == 200
    page = client.get(f"{BANK}/script").text
    assert "far-steps" not in page, "one call tells what one person said"
    assert "while some answers are under 5" in page
    client.sign_in(cast.organiser)
    assert "far-steps" in client.get(f"{BANK}/script").text
    table = client.post_form(f"{BANK}/exports/{export_id}").text
    assert "cap (opinion)" in table.splitlines()[0]
    assert "For" in table


def test_the_mark_survives_the_form() -> None:
    answers = (Choice("For"), Choice("Against"))
    sheet = Sheet((Draft("Hello"), Draft("What do you think?", answers, True)), "Bye")
    steps = steps_from(sheet)
    assert [step.get("opinion") for step in steps] == [None, True, None]
    assert [step.opinion for step in sheet_from(steps).steps] == [False, True]
    # Without answers there is nothing to mark.
    assert "opinion" not in steps_from(Sheet((Draft("Hello", (), True),)))[0]


def test_who_rings_is_said_before_a_phonebank_opens(
    database: Database, cast: Cast, made: Made
) -> None:
    assert says_who_rings(STEPS)
    plain = [{"key": "opening", "say": "Hello, fair rents here?"}]
    assert says_who_rings(plain, "Fair Rents")
    assert not says_who_rings(plain, "Tidy Streets")
    assert not says_who_rings(plain)
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        missing = setup.whats_missing(db, phonebank)
        assert missing == [
            "have the script say who rings: write {movement} where our name belongs."
        ]
        setup.write_script(
            db, phonebank=phonebank, steps=STEPS, actor_id=cast.organiser.id, now=NOON
        )
        assert setup.whats_missing(db, phonebank) == []


def test_each_script_comes_with_who_we_are_and_how_to_reach_us(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    claim_id = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    page = client.get(f"{BANK}/call").text
    assert "I am a volunteer with" in page
    assert "I can take you off our list right now" in page
    assert "You can reach us at post@fairrents.example" in page
