"""The pages of figures: who reads them, what stands on them, and what is never told."""

import csv
import io
import random
from datetime import timedelta

import pytest

from campaign.foundation.database import Database
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import setup
from tests.cast import Cast
from tests.figures.making import a_call, a_script, a_session, a_vote, comes
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

FIGURES = "/phonebanks/demo-calls/figures"


@pytest.fixture
def rung(database: Database, cast: Cast, made: Made) -> Phonebank:
    """Thirty calls of the last days; six talked, four of them said yes, two of those came."""
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        people = fill(db, phonebank, range(1000, 1030), source='=HYPERLINK("x")')
        vote = a_vote(db, phonebank, NOON - timedelta(hours=1))
        session = a_session(db, phonebank, NOON - timedelta(days=1))
        dice = random.Random(1)
        for place, contact in enumerate(people):
            at = NOON - timedelta(days=dice.randrange(1, 5), minutes=place)
            talked = place < 6
            a_call(
                db,
                contact,
                cast.caller,
                "talked" if talked else "no_answer",
                at=at,
                answers={"come": "yes" if place < 4 else "no"} if talked else None,
                session_id=session if place % 2 else None,
            )
            if place < 2:
                comes(db, vote, contact, came=True)
        setup.make_lead(db, phonebank=phonebank, person_id=cast.lead.id, actor_id=cast.organiser.id)
    return phonebank


def table(client: ProofReadingClient, key: str, page: str = FIGURES) -> list[list[str]]:
    answer = client.get(f"{page}/{key}.csv")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_an_organiser_sees_plots_with_their_tables_and_files(
    client: ProofReadingClient, cast: Cast, rung: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    page = client.get(FIGURES)
    assert '<h1 id="h">4 people said yes</h1>' in page.text
    for heading in ("From calls to people who come", "When people answer", "By day of the week",
                    "By group of the callers", "By session", "By version of the script",
                    "By list", "How the 30 calls ended", "30 calls in the last seven days",
                    "Could you come?"):  # fmt: skip
        assert heading in page.text, heading
    assert table(client, "funnel")[1:] == [
        ["Calls made", "30"],
        ["Somebody answered", "6"],
        ["Conversations", "6"],
        ["Asked to come", "6"],
        ["Said yes", "4"],
        ["Came", "2"],
    ]
    assert page.text.count('<svg class="chart') >= 10
    assert page.text.count("The same as a table") == page.text.count("CSV<span")


def test_every_file_has_the_rows_of_its_plot_and_no_formula(
    client: ProofReadingClient, cast: Cast, rung: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    page = client.get(FIGURES)
    keys = {part.split('.csv"')[0] for part in page.text.split(f"{FIGURES}/")[1:]}
    assert {"funnel", "days", "hours", "weekdays", "groups", "sessions", "scripts", "lists",
            "endings", "answers-come"} == keys  # fmt: skip
    for key in sorted(keys):
        rows = table(client, key)
        assert len({len(row) for row in rows}) == 1
        assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell), key
    assert table(client, "lists")[1][0] == '\'=HYPERLINK("x")'
    assert client.get(f"{FIGURES}/everything.csv").status_code == 404


def test_a_lead_reads_no_number_of_answers_under_five(
    client: ProofReadingClient, cast: Cast, rung: Phonebank
) -> None:
    client.sign_in(cast.lead)
    page = client.get(FIGURES)
    assert '<h1 id="h">30 calls so far</h1>' in page.text
    assert "4 people said yes" not in page.text
    told = dict(table(client, "funnel")[1:])  # type: ignore[arg-type]
    assert told["Said yes"] == told["Came"] == "under 5"
    assert told["Asked to come"] == "6"
    assert [row[1] for row in table(client, "answers-come")[1:]] == ["under 5", "under 5"]
    for key in ("groups", "sessions", "scripts", "lists"):
        rows = table(client, key)
        yes = rows[0].index("Said yes")
        assert {row[yes] for row in rows[1:]} <= {"under 5", "0"}, key


def test_a_caller_is_told_that_figures_are_not_theirs_and_a_stranger_finds_none(
    client: ProofReadingClient, cast: Cast, rung: Phonebank, database: Database
) -> None:
    with database.unit_of_work() as db:
        outside = make_person(db)
        a_call(db, fill(db, rung, range(2000, 2001))[0], outside)
    for who, status in ((cast.caller, 403), (outside, 403), (cast.stranger, 404),
                        (cast.supporter, 404), (cast.administrator, 404)):  # fmt: skip
        client.sign_in(who)
        for address in (FIGURES, f"{FIGURES}/funnel.csv"):
            assert client.get(address).status_code == status, (who.name, address)
    client.sign_out()
    assert client.get(FIGURES).status_code in (303, 401)


def test_a_page_without_calls_says_so_and_practice_has_none(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.organiser)
    page = client.get(FIGURES)
    assert '<h1 id="h">No calls yet</h1>' in page.text
    assert '<svg class="chart' not in page.text
    assert client.get("/phonebanks/demo-practice/figures").status_code == 404


def test_three_calls_are_plotted_and_nothing_is_foretold(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        for contact in fill(db, phonebank, range(3000, 3003)):
            a_call(db, contact, cast.caller, at=NOON - timedelta(hours=1))
    client.sign_in(cast.organiser)
    page = client.get(FIGURES)
    assert "3 calls so far" in page.text
    assert "Too little to say yet" in page.text
    assert "In the last 24 hours 3 calls and 0 conversations" in page.text


def test_who_came_is_known_once_it_has_begun(
    client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group, public_id="vote-calls")
        a_script(db, phonebank)
        a_vote(db, phonebank, NOON + timedelta(days=16))
        contact = fill(db, phonebank, range(1))[0]
        a_call(db, contact, cast.caller, "talked", answers={"come": "yes"})
    client.sign_in(cast.organiser)
    assert "known after Thu 10 Dec" in client.get("/phonebanks/vote-calls/figures").text
