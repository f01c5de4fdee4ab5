"""Talk to someone: on every page of a phone, with the names of who reads it, and who never does."""

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.conduct.models import Report
from campaign.foundation.database import Database
from campaign.people.rules import Role
from tests.cast import Cast, a_person
from tests.meetups.conftest import Room, to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
TALK = "Talk to someone"


def test_every_page_of_a_phone_leads_to_somebody(
    room: Room, database: Database, cast: Cast, client: ProofReadingClient
) -> None:
    assert TALK in client.get(room.at()).text
    for path in ("", "/table", "/talk"):
        assert TALK in room.bea.get(room.at(path)).text, path
    for phase in ("commit", "over"):
        to(database, cast, room, phase)
        assert TALK in room.bea.get(room.at()).text, phase


def test_the_page_says_how_we_treat_each_other_where_to_go_and_who_reads_a_report(
    room: Room, database: Database
) -> None:
    with database.unit_of_work() as db:
        for name in ("Ines Okafor", "Rob Vale"):
            a_person(db, name, role=Role.SAFEGUARDING)
    page = room.bea.get(room.at("/talk")).text
    assert "How we treat each other" in page
    assert "Ines at the desk, in the orange scarf" in page
    assert "Ines Okafor, Rob Vale" in page
    assert "Never to who runs this evening" in page


def test_a_report_from_a_phone_is_read_by_the_officers_and_never_by_who_runs_the_evening(
    app: Flask, room: Room, database: Database, cast: Cast, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        officer = a_person(db, "Ines Okafor", role=Role.SAFEGUARDING)
    talk = room.bea.get(room.at("/talk")).text
    report = talk.partition('href="/report?')[2].partition('"')[0].replace("%3A", ":")
    sent = room.bea.post_form(
        "/report",
        {
            "kind": report.partition("=")[2].partition(":")[0],
            "about": report.partition(":")[2],
            "category": "harassment",
            "text": "Somebody at table 3 will not leave me alone.",
        },
    )
    assert sent.status_code == 303
    assert room.bea.get("/report/sent").text.count("code") > 0
    with database.reading() as db:
        held = db.scalars(select(Report)).one()
        assert held.subject_kind in ("event", "meetup")
        case = f"/reports/{held.public_id}"
    client.sign_in(cast.organiser)
    assert client.get(case).status_code == 404
    reader = app.test_client()
    assert isinstance(reader, ProofReadingClient)
    reader.sign_in(officer)
    assert "will not leave me alone" in reader.get(case).text
