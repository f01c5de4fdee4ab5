"""What happens in the hall: help without a sound, a log that stays, and who has to leave."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.rules.kept_out import LASTS
from campaign.events.models import EventTeam
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.meetups.models import Incident, Participant, SentOut, SentOutMark
from campaign.meetups.operations import forgetting
from campaign.meetups.queries import rooms
from campaign.meetups.queries.incidents import seal_of
from campaign.people.models import Person, RoleGrant
from campaign.people.rules import Role
from tests.cast import Cast, a_person
from tests.meetups.conftest import Room
from tests.meetups.making import a_meetup
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


def a_steward(database: Database, room: Room) -> Person:
    with database.unit_of_work() as db:
        steward = a_person(db, "Stew Ward")
        found = rooms.meetup_by_code(db, room.code)
        assert found is not None
        now = clock.now()
        db.add(EventTeam(event_id=found.event_id, person_id=steward.id, role="steward", since=now))
        return steward


def the_case(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(SentOut.public_id)).one()


def bea(database: Database, room: Room, name: str = "Bea") -> str:
    with database.reading() as db:
        query = select(Participant.public_id).where(Participant.batch_id == room.batch_id)
        return db.scalars(query.where(Participant.name == name)).one()


def send_out(desk: ProofReadingClient, room: Room, person: str, **given: str) -> None:
    fields = {"reason": "behaviour", "words": "Shouted at number 2"} | given
    sent = desk.post_form(room.at(f"/desk/people/{person}/out"), fields)
    assert sent.status_code == 303, sent.text


def test_a_steward_calls_for_help_and_only_the_desk_hears_of_it(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    steward = a_steward(database, room)
    badge = desk.application.test_client()
    badge.sign_in(steward)
    phones_before = room.bea.get(room.at()).text
    before = room.bea.get(room.at("/state?v=0")).json["version"]
    sent = badge.post_form(room.at("/incidents/help"), {"where": "By the stage"})
    assert sent.status_code == 303
    assert room.bea.get(room.at("/state?v=0")).json["version"] > before, "the desk fetches itself"
    seen = desk.get(room.at("/desk")).text
    assert "Stew Ward asks for help: By the stage" in seen
    for page in (room.bea.get(room.at()).text, desk.get(room.at("/screen")).text):
        assert "By the stage" not in page
    assert "asks for help" not in phones_before
    assert "Nobody has answered yet" in badge.get(room.at("/incidents")).text
    with database.reading() as db:
        line = db.scalars(select(Incident.public_id)).one()
    going = room.at(f"/incidents/{line}/going")
    assert badge.post_form(going, {}).status_code == 404, "who runs the meetup goes"
    assert desk.post_form(going, {}).status_code == 303
    assert desk.post_form(going, {}).status_code == 409, "one goes"
    assert "By the stage" not in desk.get(room.at("/desk")).text
    assert "is coming" in badge.get(room.at("/incidents")).text


def test_a_steward_sees_their_own_lines_and_who_runs_the_meetup_all_of_them(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    steward = a_steward(database, room)
    badge = desk.application.test_client()
    badge.sign_in(steward)
    for who, done in ((desk, "Rang for a taxi"), (badge, "Fetched a chair")):
        fields = {"category": "distress", "place": "Door", "action": done}
        assert who.post_form(room.at("/incidents"), fields).status_code == 303
    assert "Rang for a taxi" not in badge.get(room.at("/incidents")).text
    assert "Fetched a chair" in badge.get(room.at("/incidents")).text
    assert "Rang for a taxi" in desk.get(room.at("/incidents")).text
    assert badge.post_form(room.at("/incidents/download"), {}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"category": "", "action": "x"},
        {"category": "help", "action": "x"},
        {"category": "other", "action": ""},
        {"category": "other", "action": "x" * 301},
    ],
)
def test_a_bad_line_is_refused_with_a_sentence_and_nothing_is_lost(
    desk: ProofReadingClient, room: Room, database: Database, fields: dict[str, str]
) -> None:
    answer = desk.post_form(room.at("/incidents"), fields | {"place": "By the bar"})
    assert answer.status_code == 422
    assert "By the bar" in answer.text
    with database.reading() as db:
        assert db.scalar(select(Incident.id)) is None


def test_the_download_is_sealed_and_the_audit_log_keeps_the_seal(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    for done in ("Opened a window", "=HYPERLINK(1)"):
        desk.post_form(room.at("/incidents"), {"category": "safety", "action": done})
    answer = desk.post_form(room.at("/incidents/download"), {})
    assert answer.headers["Cache-Control"] == "no-store"
    *rows, seal = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[1:]
    plain = [[cell.removeprefix("'") for cell in row] for row in rows]
    assert [row[4] for row in plain] == ["Opened a window", "=HYPERLINK(1)"]
    assert rows[1][4].startswith("'"), "no spreadsheet runs it"
    assert seal[3] == seal_of(plain)
    changed = [[*plain[0][:4], "Closed it", *plain[0][5:]], plain[1]]
    assert seal_of(changed) != seal[3]
    with database.reading() as db:
        noted = select(AuditRow).where(AuditRow.action == "incident log downloaded")
        assert f"sha256:{seal[3]}" in str(db.scalars(noted).one().details)


def test_the_download_asks_for_a_sign_in_of_the_last_ten_minutes(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    desk.post_form(room.at("/incidents"), {"category": "safety", "action": "Opened a window"})
    clock.set_offset(11 * 60)
    log = f"http://localhost{room.at('/incidents')}"
    asked = desk.post_form(room.at("/incidents/download"), headers={"Referer": log})
    assert asked.status_code == 303
    assert asked.headers["Location"] == f"/sign-in?next={room.at('/incidents')}&again=1"
    with database.reading() as db:
        noted = select(AuditRow.id).where(AuditRow.action == "incident log downloaded")
        assert db.scalar(noted) is None


def test_who_has_no_phone_is_told_by_the_desk_how_to_appeal(
    desk: ProofReadingClient, room: Room, database: Database, settings: Settings
) -> None:
    brought = desk.post_form(room.at("/desk/people"), {"name": "Otis", "where": "BN2 9QA"})
    assert brought.status_code == 303
    with_phone, without = bea(database, room), bea(database, room, "Otis")
    assert (
        "Their phone says how to appeal" in desk.get(room.at(f"/desk/people/{with_phone}/out")).text
    )
    assert "no phone here: you tell them" in desk.get(room.at(f"/desk/people/{without}/out")).text
    send_out(desk, room, with_phone)
    assert "Their phone says so and how to appeal." in desk.get(room.at("/desk/people")).text
    send_out(desk, room, without)
    page = desk.get(room.at("/desk/people")).text
    assert "Their phone says so" not in page
    assert "takes a second look" in page
    assert settings.contact_email in page


def test_who_is_sent_out_has_no_chair_and_does_not_come_in_again(
    desk: ProofReadingClient, room: Room, database: Database, client: ProofReadingClient
) -> None:
    person = bea(database, room)
    sure = desk.get(room.at(f"/desk/people/{person}/out")).text
    assert "Why?" in sure
    assert "<b>Bea</b>, table 1" in sure, "a number alone is easily mistaken"
    send_out(desk, room, person)
    out = room.bea.get(room.at())
    assert "You were asked to leave" in out.text
    assert "Shouted" not in out.text, "what was written is for who looks at it"
    with database.reading() as db:
        left = db.scalars(select(Participant).where(Participant.public_id == person)).one()
        assert left.left_at is not None
        assert left.fingerprint is None
        assert {len(mark) for mark in db.scalars(select(SentOutMark.hashed))} == {43}
    fresh = desk.application.test_client()
    again = fresh.post_form(room.at("/join"), joining("Bea", "BEA@people.example"))
    assert again.status_code == 422
    assert "Please go to the desk" in again.text
    at_door = desk.post_form(
        room.at("/door"), {"name": "Bea", "reach": "bea@people.example", "hold": "y"}
    )
    assert at_door.status_code == 422
    assert "We cannot take them in by this address or number." in at_door.text
    assert "go to the desk" not in at_door.text, "who reads this stands there"
    other = fresh.post_form(room.at("/join"), joining("Ola", "ola@people.example"))
    assert other.status_code == 303
    assert desk.post_form(room.at(f"/desk/out/{the_case(database)}/in"), {}).status_code == 303
    back = desk.application.test_client()
    assert back.post_form(room.at("/join"), joining("Bea", "bea@people.example")).status_code == 303


def joining(name: str, reach: str) -> dict[str, str]:
    return {"name": name, "where": "", "reach": reach, "hold": "y"}


def test_their_four_words_bring_nobody_back(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    given = desk.post_form(room.at(f"/desk/people/{bea(database, room)}/words"), {})
    assert given.status_code == 303
    told = desk.get(room.at("/desk/people")).text
    words = told.partition("on another phone: ")[2].partition(".")[0]
    assert len(words.split()) == 4
    send_out(desk, room, bea(database, room))
    fresh = desk.application.test_client()
    tried = fresh.post_form(room.at("/back"), {"words": words})
    assert tried.status_code == 422
    assert "Nobody here has these four words" in tried.text


def test_they_appeal_once_and_another_moderator_decides(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    send_out(desk, room, bea(database, room))
    assert room.bea.post_form(room.at("/appeal"), {"words": ""}).status_code == 422
    said = {"words": "It was number 7, not me"}
    assert room.bea.post_form(room.at("/appeal"), said).status_code == 303
    assert room.bea.post_form(room.at("/appeal"), said).status_code == 409
    assert room.tom.post_form(room.at("/appeal"), said).status_code == 404, "they were not sent out"
    with database.unit_of_work() as db:
        moderator = a_person(db, "Mo Derator", role=Role.MODERATOR)
    look = desk.application.test_client()
    assert desk.get("/meetups/sent-out").status_code == 404, "who sent them out does not decide"
    look.sign_in(moderator)
    assert "It was number 7, not me" in look.get("/meetups/sent-out").text
    decided = look.post_form(
        f"/meetups/sent-out/{the_case(database)}",
        {"decision": "in", "answer": "You are right. Sorry."},
    )
    assert decided.status_code == 303
    told = room.bea.get(room.at()).text
    assert "You may come in again. You are right. Sorry." in told
    fresh = desk.application.test_client()
    joined = fresh.post_form(room.at("/join"), joining("Bea", "bea@people.example"))
    assert joined.status_code == 303
    assert "It was number 7" not in look.get("/meetups/sent-out").text


def test_nobody_decides_about_whom_they_sent_out_themselves(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        a_role(db, cast.organiser, Role.MODERATOR)
    send_out(desk, room, bea(database, room))
    answer = desk.post_form(f"/meetups/sent-out/{the_case(database)}", {"decision": "in"})
    assert answer.status_code == 403


def a_role(db: Session, person: Person, role: Role) -> None:
    db.add(RoleGrant(person_id=person.id, role=role.value))
    person.entrusted = True


def test_a_moderator_keeps_somebody_out_of_every_meetup_and_the_desk_cannot_let_them_in(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    send_out(desk, room, bea(database, room))
    said = {"words": "It was number 7, not me"}
    assert room.bea.post_form(room.at("/appeal"), said).status_code == 303
    with database.unit_of_work() as db:
        moderator = a_person(db, "Mo Derator", role=Role.MODERATOR)
        other = a_meetup(db, cast)
        code = other.code
    fresh = desk.application.test_client()
    fields = joining("Bea", "bea@people.example")
    assert fresh.post_form(f"/m/{code}/join", fields).status_code == 303, "this evening alone"
    look = desk.application.test_client()
    look.sign_in(moderator)
    assert (
        look.post_form(
            f"/meetups/sent-out/{the_case(database)}", {"decision": "everywhere"}
        ).status_code
        == 303
    )
    told = room.bea.get(room.at()).text
    assert "They have read what you wrote." in told
    assert "in the next days" not in told, "it is decided"
    again = desk.application.test_client()
    assert again.post_form(f"/m/{code}/join", fields).status_code == 422
    assert desk.post_form(room.at(f"/desk/out/{the_case(database)}/in"), {}).status_code == 403
    later = desk.application.test_client()
    with clock.at(clock.now() + LASTS + timedelta(minutes=1)):
        assert later.post_form(f"/m/{code}/join", fields).status_code == 303, "it ends by itself"


def test_who_is_erased_loses_the_words_and_stays_out(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    send_out(desk, room, bea(database, room))
    room.bea.post_form(room.at("/appeal"), {"words": "I am Bea Carter"})
    with database.unit_of_work() as db:
        told: dict[str, list[dict[str, object]]] = {}
        forgetting.export_address(db, email="bea@people.example", into=told)
        assert told["Sent out of a meetup"][0]["your appeal"] == "I am Bea Carter"
        forgetting.forget_address(db, email="bea@people.example")
        held = db.scalars(select(SentOut)).one()
        assert (held.words, held.appeal) == ("", "")
    fresh = desk.application.test_client()
    assert (
        fresh.post_form(room.at("/join"), joining("Bea", "bea@people.example")).status_code == 422
    )


def test_the_log_goes_when_its_time_is_over_and_who_is_out_everywhere_stays_out(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    desk.post_form(room.at("/incidents"), {"category": "other", "action": "x"})
    send_out(desk, room, bea(database, room))
    soon = clock.now() + timedelta(days=1)
    with database.unit_of_work() as db:
        held = db.scalars(select(SentOut)).one()
        held.everywhere_until = soon + timedelta(days=1)
        db.flush()
        assert forgetting.incidents_due(db, soon) == 1
        assert forgetting.forget_incidents(db, soon) == 1
        held.everywhere_until = None
        db.flush()
        assert forgetting.forget_incidents(db, soon) == 1
        assert db.scalar(select(SentOutMark.hashed)) is None


def test_strangers_find_nothing_of_it(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    send_out(desk, room, bea(database, room))
    stranger = desk.application.test_client()
    stranger.sign_in(cast.supporter)
    person = bea(database, room, "Tom")
    for path in ("/incidents", f"/desk/people/{person}/out"):
        assert stranger.get(room.at(path)).status_code == 404, path
    for path in (
        room.at("/incidents"),
        room.at("/incidents/help"),
        room.at("/incidents/download"),
        room.at(f"/desk/people/{person}/out"),
        room.at(f"/desk/out/{the_case(database)}/in"),
        f"/meetups/sent-out/{the_case(database)}",
    ):
        assert stranger.post_form(path, {"decision": "in"}).status_code == 404, path
    assert stranger.get("/meetups/sent-out").status_code == 404


def test_a_phone_that_was_sent_out_reads_why_whatever_it_taps(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    send_out(desk, room, bea(database, room))
    for path in ("/table/hold", "/willing", "/leave"):
        answer = room.bea.post_form(room.at(path), {"answer": "host"})
        assert answer.status_code == 403
        assert "You were asked to leave" in answer.text
        assert "Come in." not in answer.text


def test_the_steward_s_page_hears_by_itself_that_somebody_comes(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    badge = desk.application.test_client()
    badge.sign_in(a_steward(database, room))
    badge.post_form(room.at("/incidents/help"), {"where": "Door"})
    page = badge.get(room.at("/incidents")).text
    assert 'data-behaviour="room"' in page
    assert f'data-state="{room.at("/state")}"' in page
    assert "data-whole" in page, "it hears of every change"
    assert 'id="log" data-live' in page
    assert '<noscript><meta http-equiv="refresh"' in page
