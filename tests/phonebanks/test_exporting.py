"""Exports: two people stand behind one, it lasts a day, and it comes back in unchanged."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.foundation import clock, signals
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.spreadsheets import write_csv
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber
from campaign.people.rules import Role
from campaign.phonebanks.models import Answer, Call, Contact, ContactExport, Phonebank
from campaign.phonebanks.operations import exporting
from campaign.phonebanks.queries import exporting as queries
from campaign.phonebanks.rules.exports import Decided, NotYours, OwnExport
from campaign.phonebanks.rules.households import key_of
from tests.cast import Cast, a_person
from tests.phonebanks.conftest import Made
from tests.phonebanks.lists import bring, open_shop
from tests.phonebanks.making import KEY, NOON, claim, fictitious, fill, make_person, make_phonebank
from tests.phonebanks.making import report as note
from tests.proof_reader import ProofReadingClient

DAY = timedelta(days=1)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


def asked(db: Session, bank: Phonebank, shape: str = "results", **given: Any) -> ContactExport:
    usual = {"reason": "Back into our own list", "now": NOON}
    actor_id = given.pop("actor_id", None) or make_person(db).id
    return exporting.ask(db, phonebank=bank, shape=shape, actor_id=actor_id, **{**usual, **given})


def approved(db: Session, bank: Phonebank, shape: str = "results") -> ContactExport:
    export = asked(db, bank, shape)
    second = make_person(db, "Second Person")
    return exporting.decide(db, export=export, yes=True, actor_id=second.id, now=NOON)


def table(db: Session, export: ContactExport, now: Any = NOON) -> list[dict[str, str]]:
    headings, rows = exporting.fetch(db, export=export, actor_id=export.asked_by, now=now)
    text = b"".join(write_csv(headings, rows)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_nobody_approves_their_own_export_also_in_the_database(db: Session) -> None:
    export = asked(db, make_phonebank(db))
    with pytest.raises(OwnExport):
        exporting.decide(db, export=export, yes=True, actor_id=export.asked_by, now=NOON)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(ContactExport).values(decided_by=ContactExport.asked_by))


@pytest.mark.parametrize(
    ("mine", "other", "one"),
    [
        (("kim@people.example", None), ("Kim+two@People.example", None), True),
        (("kim@people.example", None), ("kim@other.example", None), False),
        (("kim@people.example", "+447700900001"), (None, "+447700900001"), True),
        ((None, None), (None, None), False),
    ],
)
def test_two_accounts_of_one_mailbox_or_telephone_are_one_person(
    db: Session, mine: tuple[str, str], other: tuple[str, str], one: bool
) -> None:
    asker, second = make_person(db), make_person(db)
    for person, (email, phone) in ((asker, mine), (second, other)):
        person.email, person.phone = email, phone
    db.flush()
    export = asked(db, make_phonebank(db), actor_id=asker.id)
    decided = {"export": export, "yes": True, "actor_id": second.id, "now": NOON}
    if one:
        with pytest.raises(OwnExport):
            exporting.decide(db, **decided)
    else:
        assert exporting.decide(db, **decided).state == "approved"


def test_a_yes_ends_with_the_standing_of_who_gave_it(db: Session) -> None:
    export = approved(db, make_phonebank(db))
    signals.standing_changed.send(db, person_id=export.decided_by)
    with pytest.raises(NotYours):
        table(db, export)


def test_nothing_is_fetched_before_a_yes_nor_a_day_after_it(db: Session) -> None:
    bank = make_phonebank(db)
    export = asked(db, bank)
    with pytest.raises(NotYours):
        table(db, export)
    second = make_person(db)
    exporting.decide(db, export=export, yes=True, actor_id=second.id, now=NOON)
    assert table(db, export, NOON + DAY - timedelta(seconds=1)) == []
    with pytest.raises(NotYours):
        table(db, export, NOON + DAY)
    with pytest.raises(NotYours):
        exporting.fetch(db, export=export, actor_id=second.id, now=NOON)


def test_an_export_is_decided_on_once_and_within_a_week(db: Session) -> None:
    bank = make_phonebank(db)
    export, late = asked(db, bank), asked(db, bank)
    second = make_person(db)
    exporting.decide(db, export=export, yes=False, actor_id=second.id, now=NOON)
    for one, now in ((export, NOON), (late, NOON + timedelta(days=7))):
        with pytest.raises(Decided):
            exporting.decide(db, export=one, yes=True, actor_id=second.id, now=now)
    with pytest.raises(NotYours):
        table(db, export)


def test_asking_twice_is_asking_once_and_a_reason_is_needed(db: Session) -> None:
    bank, asker = make_phonebank(db), make_person(db)
    first = asked(db, bank, actor_id=asker.id)
    assert asked(db, bank, actor_id=asker.id).id == first.id
    for shape, reason in (("results", " "), ("everything", "A good reason")):
        with pytest.raises(Refused):
            asked(db, bank, shape, reason=reason, actor_id=asker.id)


def test_a_changed_standing_ends_exports_and_the_claim_in_hand(db: Session) -> None:
    bank = make_phonebank(db)
    fill(db, bank, range(2))
    export = approved(db, bank)
    asker = export.asked_by
    person = db.get_one(Person, asker)
    held = claim(db, bank, person)
    signals.standing_changed.send(db, person_id=asker)
    with pytest.raises(NotYours):
        table(db, export)
    db.refresh(held.contact)
    assert held.contact.state == "ready"


def test_results_are_in_the_shape_of_a_bulk_upload_without_suppressed_numbers(
    db: Session,
) -> None:
    bank = make_phonebank(db)
    first, second = fill(db, bank, range(2))
    first.external_id = "M-1"
    caller = make_person(db)
    for at, outcome in ((NOON, "talked"), (NOON + timedelta(minutes=1), "dnc")):
        call = claim(db, bank, caller, at).call
        note(db, call=call, phonebank=bank, outcome=outcome, now=at)
    rows = table(db, approved(db, bank))
    assert [list(row)[:6] for row in rows[:1]] == [
        ["VAN ID", "First name", "Last name", "Date Contacted", "Phone Number", "Canvass Result"]
    ]
    by_result = {row["Canvass Result"]: row for row in rows}
    assert by_result["Do Not Call"]["Phone Number"] == ""
    assert by_result["(responses)"]["Phone Number"] != ""
    assert {row["VAN ID"] for row in rows} == {"M-1", f"C{second.id}"}


def test_who_signed_up_and_then_asked_never_to_be_called_stands_in_no_table(db: Session) -> None:
    bank = make_phonebank(db)
    contact = fill(db, bank, range(1))[0]
    call = claim(db, bank, make_person(db)).call
    note(db, call=call, phonebank=bank, outcome="talked", now=NOON)
    contact.state, contact.goal_met_at = "withdrawn", NOON
    number = db.get_one(PhoneNumber, contact.number_id)
    db.flush()
    assert number.e164 in str(table(db, approved(db, bank, "people")))
    people.suppress(db, hmac=number.hmac, reason="asked", source="page")
    for shape in ("people", "results", "attempts"):
        rows = str(table(db, approved(db, bank, shape)))
        assert number.e164[3:] not in rows.replace(" ", ""), shape
    assert queries.size_of(db, approved(db, bank, "people")) == 0


def test_answers_and_attempts_stand_row_by_row_with_stable_ids(db: Session) -> None:
    bank = make_phonebank(db)
    fill(db, bank, range(3))
    caller = make_person(db)
    calls = []
    for n in range(3):
        at = NOON + timedelta(minutes=n)
        call = claim(db, bank, caller, at).call
        note(db, call=call, phonebank=bank, outcome="talked", now=at)
        call.answers = {"come": "yes", "lift": "no"}
        for question, option in call.answers.items():
            db.add(Answer(call_id=call.id, question=question, option=option))
        calls.append(call.public_id)
    db.flush()
    answers = table(db, approved(db, bank, "answers"))
    assert [(row["Call"], row["Question"], row["Answer"]) for row in answers] == [
        (call, question, option)
        for call in calls
        for question, option in (("come", "yes"), ("lift", "no"))
    ]
    attempts = table(db, approved(db, bank, "attempts"))
    assert [row["Call"] for row in attempts] == calls
    assert {row["Caller"] for row in attempts} == {caller.public_id}
    assert caller.name not in str(attempts)


def dump(db: Session) -> list[Any]:
    db.flush()
    table_ = Contact.__table__
    return [tuple(row) for row in db.execute(select(table_).order_by(table_.c.id))]


def test_what_goes_out_comes_in_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as db:
        bank, data, before = gone_out(db)
    shop = open_shop(database, tmp_path, allow_unassigned=True)
    batch = bring(shop, bank, data, source="round trip")
    assert batch.counts["refused"] == batch.counts["new"] == 0
    with database.reading() as db:
        assert dump(db) == before


def gone_out(db: Session) -> tuple[Phonebank, bytes, list[Any]]:
    bank = make_phonebank(db)
    people = fill(db, bank, range(6))
    people[0].first_name, people[0].external_id = "=Zoë", "A-1"
    people[1].consent, people[1].state, people[1].hold_reason = False, "held", "no_consent"
    people[2].state = "suppressed"
    people[3].state, people[3].postcode = "done", "BN1 1AA"
    # Told by an address, which does not go out with the list.
    people[3].household_key = key_of("house|BN1 1AA|12", KEY)
    people[4].last_name = "O'Neill, Jr"
    export = approved(db, bank, "people")
    before = dump(db)
    headings, rows = exporting.fetch(db, export=export, actor_id=export.asked_by, now=NOON)
    data = b"".join(write_csv(headings, rows))
    return bank, data, before


@pytest.fixture
def officer(database: Database) -> Person:
    with database.unit_of_work() as db:
        return a_person(db, "Olu Officer", role=Role.DATA_OFFICER)


@pytest.mark.usefixtures("noon")
def test_an_organiser_asks_the_officer_decides_and_the_organiser_fetches(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, officer: Person
) -> None:
    client.sign_in(cast.organiser)
    page = client.post_form(
        "/phonebanks/demo-calls/exports",
        {"shape": "people", "reason": "Our own list is out of date"},
        follow_redirects=True,
    )
    assert "Waits for a second person" in page.text
    assert "Fetch the table" not in page.text
    with database.reading() as db:
        key = db.scalars(select(ContactExport.public_id)).one()
    fetch = f"/phonebanks/demo-calls/exports/{key}"
    assert client.post_form(fetch).status_code == 409
    assert client.post_form(f"/exports/{key}").status_code == 404
    client.sign_in(officer)
    assert "Our own list is out of date" in client.get("/exports").text
    done = client.post_form(f"/exports/{key}", {"decision": "yes"}, follow_redirects=True)
    assert "Nothing waits" in done.text
    assert client.post_form(fetch).status_code == 404
    client.sign_in(cast.organiser)
    table_ = client.post_form(fetch)
    assert table_.headers["Content-Type"].startswith("text/csv")
    assert table_.headers["Cache-Control"] == "no-store"
    assert fictitious(0)[1:] in table_.text
    with database.reading() as db:
        noted = set(db.scalars(select(AuditRow.action)))
    assert {"export asked for", "export approved", "export fetched"} <= noted


@pytest.mark.usefixtures("noon")
def test_a_sign_in_of_an_hour_ago_is_asked_for_again(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/phonebanks/demo-calls/exports", {"shape": "people", "reason": "Out of date"})
    with database.unit_of_work() as db:
        db.execute(update(ContactExport).values(state="approved", decided_at=NOON))
        key = db.scalars(select(ContactExport.public_id)).one()
    with clock.at(NOON + timedelta(minutes=11)):
        answer = client.post_form(f"/phonebanks/demo-calls/exports/{key}")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
    assert "again=1" in answer.headers["Location"]


@pytest.mark.usefixtures("noon")
def test_exports_are_for_organisers_and_decided_on_by_two_roles_alone(
    client: ProofReadingClient, cast: Cast, made: Made, officer: Person
) -> None:
    for person, status in (
        (cast.stranger, 404),
        (cast.administrator, 404),
        (cast.caller, 403),
        (cast.lead, 403),
        (cast.organiser, 200),
    ):
        client.sign_in(person)
        got = client.get("/phonebanks/demo-calls/exports").status_code
        assert got == status, person.name
    for person in (cast.stranger, cast.administrator, cast.caller, cast.organiser):
        client.sign_in(person)
        assert client.get("/exports").status_code == 404, person.name
    for person in (cast.moderator, officer):
        client.sign_in(person)
        assert client.get("/exports").status_code == 200


@pytest.mark.usefixtures("noon")
def test_a_call_stays_reportable_after_a_change_of_standing(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    from tests.phonebanks.test_pages import claim_json

    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    with database.unit_of_work() as db:
        signals.standing_changed.send(db, person_id=cast.caller.id)
    answer = client.post_asking_json(
        f"/claims/{held['id']}/outcome", {"outcome": "talked", "client_uuid": "u1"}
    )
    assert answer.status_code == 200, answer.text
    with database.reading() as db:
        assert db.scalars(select(Call.result_code)).one() == "talked"
