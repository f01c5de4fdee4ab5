"""Setting a phonebank up through its pages: who may, what is refused, what stays."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.forms.managing import WEEKDAYS
from campaign.phonebanks.models import (
    CallingSession,
    Contact,
    ImportBatch,
    Phonebank,
    PhonebankRole,
    ScriptVersion,
)
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.screening import LONDON
from tests.cast import Cast, an_event
from tests.phonebanks.conftest import WORTHING
from tests.phonebanks.lists import work
from tests.phonebanks.making import NOON, fill
from tests.proof_reader import ProofReadingClient

CLOSED = dict.fromkeys(("sat_from", "sat_until", "sun_from", "sun_until"), "")

FILE = b"First name,Phone,OK to ring\r\nAmina,07700 900101,yes\r\nOwen,01632 960102,no\r\n"


def count(database: Database, table: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def script_form(**given: str) -> dict[str, str]:
    usual = {
        "steps-0-say": "Hello, is that {first_name}? {caller} from Fair Rents here. All right now?",
        "steps-0-answers-0-words": "Yes",
        "steps-0-answers-1-words": "No",
        "steps-0-answers-1-way": "closing",
        "steps-1-say": "Could you come to the town hall?",
        "steps-1-answers-0-words": "Yes, I’ll come",
        "steps-1-answers-1-words": "Maybe",
        "closing": "Thank you. Say the word and we take you off the list.",
    }
    return usual | given


def upload(client: ProofReadingClient, path: str, data: bytes = FILE, **given: str) -> Any:
    usual = {
        "file": (io.BytesIO(data), "people.csv"),
        "source": "Petition stall",
        "collected_on": "2026-11-14",
        "basis": "column",
    }
    answer = client.post_form(path, usual | given, content_type="multipart/form-data")
    work(client)
    return answer


def bring_in(client: ProofReadingClient, batch: str) -> None:
    assert client.post_form(batch).status_code == 303
    work(client)
    work(client)


def test_an_organiser_starts_a_phonebank_and_leads_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    assert "Start a phonebank" in client.get("/phonebanks/new").text
    sent = WORTHING | {"group": cast.group.slug, "access": "group"}
    # The first one brings the practice phonebank with it, person by person.
    answer = client.post_form("/phonebanks/new", sent, most_queries=900)
    assert answer.status_code == 303
    with database.reading() as db:
        made = db.scalars(select(Phonebank).where(~Phonebank.is_practice)).one()
        assert (made.status, made.access, made.group_id) == ("draft", "group", cast.group.id)
        assert db.get(PhonebankRole, (made.id, cast.organiser.id)) is not None
    assert "of 6 ready" in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("who", ["caller", "stranger"])
def test_nobody_starts_one_for_a_group_they_do_not_run(
    client: ProofReadingClient, database: Database, cast: Cast, who: str
) -> None:
    client.sign_in(cast.everybody[who])
    sent = WORTHING | {"group": cast.group.slug, "access": "group"}
    client.post_form("/phonebanks/new", sent)
    assert count(database, Phonebank) == 0


@pytest.mark.parametrize("page", ["setup", "script", "import", "sessions"])
def test_its_pages_open_to_the_organiser_and_to_nobody_else(
    client: ProofReadingClient, cast: Cast, bank: Phonebank, page: str
) -> None:
    path = f"/phonebanks/{bank.public_id}/{page}"
    assert client.get(path).status_code == 303  # to sign in
    client.sign_in(cast.organiser)
    assert client.get(path).status_code == 200
    for name in ("caller", "supporter", "stranger", "administrator"):
        client.sign_in(cast.everybody[name])
        assert client.get(path).status_code == 404, name


@pytest.mark.parametrize(
    "post", ["describe", "hours", "script", "import", "sessions", "status", "leads"]
)
def test_a_stranger_changes_nothing(
    client: ProofReadingClient, cast: Cast, bank: Phonebank, post: str
) -> None:
    client.sign_in(cast.stranger)
    sent = {"status": "closed", **script_form(), **WORTHING}
    assert client.post_form(f"/phonebanks/{bank.public_id}/{post}", sent).status_code == 404


def test_hours_wider_than_the_law_are_refused_in_the_page(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/hours"
    good = {"week_from": "10:00", "week_until": "19:00", **CLOSED}
    assert client.post_form(path, good).status_code == 303
    wide = client.post_form(path, good | {"sat_from": "08:00", "sat_until": "12:00"})
    assert wide.status_code == 422
    assert "Saturday: calls are between 09:00–21:00" in wide.text
    half = client.post_form(path, good | {"sat_from": "10:00"})
    assert half.status_code == 422
    with database.reading() as db:
        hours = db.get_one(Phonebank, bank.id).hours
        assert hours == {day: ["10:00", "19:00"] for day in WEEKDAYS}


def test_a_script_is_kept_in_versions_and_comes_back_as_written(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/script"
    assert client.post_form(path, script_form()).status_code == 303
    assert client.post_form(path, script_form(closing="Goodbye.")).status_code == 303
    with database.reading() as db:
        first, second = db.scalars(select(ScriptVersion).order_by(ScriptVersion.number))
        assert [step["key"] for step in first.steps] == [
            "opening",
            "could_you_come_to_the_town_hal",
            "closing",
        ]
        assert first.steps[0]["options"][1] == {"key": "no", "label": "No", "next": "closing"}
        assert second.steps[-1]["say"] == "Goodbye."
    again = client.get(path).text
    assert "Yes, I’ll come" in again
    assert "Version 2 is what callers read now" in again


def test_an_answer_that_leads_nowhere_is_named(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    sent = script_form(**{"steps-1-answers-1-way": "4"})
    answer = client.post_form(f"/phonebanks/{bank.public_id}/script", sent)
    assert answer.status_code == 422
    assert (
        "Step 2, “Could you come to the town hall?”: “Maybe” leads nowhere: step 4 has no words."
        in answer.text
    )
    assert count(database, ScriptVersion) == 0


def test_only_the_group_s_own_phonebank_events_become_sessions(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    with database.unit_of_work() as db:
        others = an_event(db, cast.other_group, cast.stranger)
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/sessions"
    page = client.get(path).text
    assert cast.event.title in page
    assert others.title not in page
    assert client.post_form(path, {"event": others.public_id}).status_code == 422
    assert client.post_form(path, {"event": cast.event.public_id}).status_code == 303
    assert client.post_form(path, {"event": cast.event.public_id}).status_code == 422
    assert count(database, CallingSession) == 1
    with database.reading() as db:
        event = db.get_one(type(cast.event), cast.event.id)
        assert event.roster_path == f"/phonebanks/{bank.public_id}/call"


def test_a_file_is_counted_first_and_brought_in_by_a_second_step(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    answer = upload(client, f"/phonebanks/{bank.public_id}/import")
    assert answer.status_code == 303
    batch = answer.headers["Location"]
    assert "Bring in 2 people" in client.get(batch).text
    assert count(database, Contact) == 0
    bring_in(client, batch)
    with database.reading() as db:
        rows = db.execute(select(Contact.first_name, Contact.state).order_by(Contact.first_name))
        assert [tuple(row) for row in rows] == [("Amina", "ready"), ("Owen", "held")]
    assert "2" in client.get(batch).text
    assert client.post_form(batch).status_code == 409


def test_a_file_can_be_thrown_away(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    batch = upload(client, f"/phonebanks/{bank.public_id}/import").headers["Location"]
    assert client.post_form(batch, {"drop": "1"}).status_code == 303
    assert count(database, Contact) == 0
    with database.reading() as db:
        held = db.scalars(select(ImportBatch)).one()
        assert held.state == "dropped"
    page = client.get(batch).text
    assert "Nobody was brought in, and nothing of it is kept." in page


@pytest.mark.parametrize(
    ("data", "given", "said"),
    [
        (b"%PDF-1.7 not a list", {}, "This is a PDF, not a CSV file."),
        (b"Name,Town\r\nAmina,Hove\r\n", {}, "No column holds telephone numbers."),
        (FILE, {"source": ""}, "Say where these people come from."),
        (FILE, {"collected_on": ""}, "Say on which day it was collected."),
        (FILE, {"collected_on": "2091-01-01"}, "This day is still to come."),
        (FILE, {"basis": ""}, "Choose one."),
        (FILE, {"basis": "because"}, "Say why you may ring them."),
    ],
)
def test_a_file_that_cannot_be_read_or_says_too_little_is_refused_at_its_field(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    bank: Phonebank,
    data: bytes,
    given: dict[str, str],
    said: str,
) -> None:
    client.sign_in(cast.organiser)
    answer = upload(client, f"/phonebanks/{bank.public_id}/import", data, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert count(database, ImportBatch) == 0


def test_the_dry_run_says_that_no_column_tells_who_agreed(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/import"
    rows = b"Amina,07700 900101,yes\r\nOwen,01632 960102,yes\r\nEve,7700 900103,yes\r\n"
    batch = upload(client, path, b"Name,Phone,Nod\r\n" + rows).headers["Location"]
    page = client.get(batch).text
    assert "No column says who agreed, so all 3 would be held." in page
    assert "<b>0</b> <span>of 3 rows can come in" in page
    bring_in(client, batch)
    with database.reading() as db:
        made = db.scalars(select(ImportBatch)).one()
        assert made.counts["held"] == sum(made.counts.values()) == 3
        assert db.scalars(select(Contact.state)).all() == ["held"] * 3
    # Once more with a heading that we know: now they have agreed, and are brought up to date.
    batch = upload(client, path, b"Name,Phone,agreed\r\n" + rows).headers["Location"]
    page = client.get(batch).text
    assert "No column says" not in page
    assert "<b>3</b> <span>of 3 rows can come in" in page


def test_the_reject_file_gives_rows_and_reasons_and_no_stranger_gets_it(
    client: ProofReadingClient, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    data = FILE + b"Eve,4.47701E+11,yes\r\n"
    batch = upload(client, f"/phonebanks/{bank.public_id}/import", data).headers["Location"]
    answer = client.get(f"{batch}/rejects.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[1] == (
        "4,Phone,The spreadsheet destroyed this number: format the column as text."
    )
    client.sign_in(cast.stranger)
    assert client.get(f"{batch}/rejects.csv").status_code == 404
    assert client.get(batch).status_code == 404


def test_it_opens_only_when_nothing_is_missing(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}"
    assert client.post_form(f"{path}/status", {"status": "open"}).status_code == 422
    bring_in(client, upload(client, f"{path}/import").headers["Location"])
    client.post_form(f"{path}/script", script_form())
    assert client.post_form(f"{path}/status", {"status": "open"}).status_code == 303
    with database.reading() as db:
        assert db.get_one(Phonebank, bank.id).status == "open"


@pytest.mark.parametrize("sent", [{}, {"closing": "Goodbye."}, {"steps-0-say": "…"}])
def test_a_script_without_a_beginning_is_no_new_version(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    bank: Phonebank,
    sent: dict[str, str],
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/script"
    assert client.post_form(path, script_form()).status_code == 303
    assert client.post_form(path, sent).status_code == 422
    assert count(database, ScriptVersion) == 1


def test_calling_does_not_go_on_with_a_script_that_has_only_a_goodbye(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    with database.unit_of_work() as db:
        held = db.get_one(Phonebank, bank.id)
        held.status = "paused"
        fill(db, held, range(1))
        steps = [{"key": "closing", "say": "Goodbye.", "options": []}]
        db.add(ScriptVersion(phonebank_id=bank.id, number=1, steps=steps, made_at=clock.now()))
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}"
    assert "Before it opens, write what callers say" in client.get(f"{path}/setup").text
    refused = client.post_form(f"{path}/status", {"status": "open"})
    assert refused.status_code == 422
    client.post_form(f"{path}/script", script_form())
    assert client.post_form(f"{path}/status", {"status": "open"}).status_code == 303


@pytest.fixture
def tuesday(app: Flask) -> Iterator[None]:
    """A day after which no holiday comes."""
    with clock.at(NOON):
        yield


@pytest.mark.usefixtures("tuesday")
def test_after_its_last_day_nobody_is_handed_out_or_shown(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/describe"
    today = clock.now().astimezone(LONDON).date()
    sent = WORTHING | {"access": "open", "last_day": today.isoformat()}
    assert client.post_form(path, sent).status_code == 303
    assert today.isoformat() in client.get(f"/phonebanks/{bank.public_id}/setup").text
    over = client.post_form(path, sent | {"last_day": "2025-03-01"})
    assert over.status_code == 422
    assert "This day is over." in over.text
    with database.unit_of_work() as db:
        held = db.get_one(Phonebank, bank.id)
        assert held.closes_at is not None
        late = held.closes_at + timedelta(seconds=1)
        held.status, held.closes_at = "open", late + timedelta(days=1)
        held.hours = {day: ["08:00", "21:00"] for day in WEEKDAYS}
        fill(db, held, range(3))
        noon = late + timedelta(hours=12)
        held.closes_at = noon + timedelta(minutes=1)
        shown = claim_next(db, phonebank=held, caller_id=cast.caller.id, now=noon, pace=False)
        assert isinstance(shown, Claim)
        after = noon + timedelta(minutes=2)
        found = reveal(db, call=shown.call, phonebank=held, now=after, pace=False)
        assert found == Nothing("ended")
        again = claim_next(db, phonebank=held, caller_id=cast.caller.id, now=after, pace=False)
        assert again == Nothing("ended")
