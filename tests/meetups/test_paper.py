"""Sheets on paper: an id on every page, read in once, on the map as a phone's card is."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Card, Participant, Recap
from campaign.meetups.operations import paper as printing
from campaign.meetups.queries import paper, rooms
from campaign.meetups.rules.paper import is_called, shown_code, typed_code
from tests.cast import Cast
from tests.conduct.keeping import keep
from tests.meetups.conftest import Room, to
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


def filled_in(**given: str) -> dict[str, str]:
    """A sheet as the desk types it: a stall in three days, with a host and two who come."""
    return {
        "kind": "stall",
        "day": (clock.now() + timedelta(days=3)).date().isoformat(),
        "start": "11:00",
        "minutes": "120",
        "where": "venue",
        "venue": "Hanover Centre",
        "postcode": "BN2 9QA",
        "host_name": "Winifred King",
        "host_reach": "07700 900456",
        "read_back": "y",
        "coming-0-name": "Otis Lane",
        "coming-0-reach": "07700 900457",
        "coming-0-contact": "y",
        "coming-1-name": "Petra",
        "coming-1-reach": "petra@people.example",
    } | given


def a_sheet(database: Database, cast: Cast, batch_id: int) -> str:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch_id)
        made = printing.print_sheets(
            db, batch=batch, many=1, now=clock.now(), actor_id=cast.organiser.id
        )
        return made[0].code


def test_the_id_is_the_same_however_it_is_typed() -> None:
    assert shown_code("k7m2qp") == "K7M-2QP"
    assert typed_code(" K7M 2qp ") == typed_code("k7m-2QP") == "k7m2qp"


def test_every_page_bears_the_id_its_code_the_host_s_box_and_the_imprint(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.organiser)
    sent = client.post_form(room.at("/desk/paper"), {"many": "3"})
    assert sent.headers["Location"].endswith("/desk/paper/print")
    page = client.get(sent.headers["Location"]).text
    pages = page.split('<section class="paper-page')[1:]
    assert len(pages) == 9
    assert "First name and initial, on the event’s page" in pages[0], "read before it is written"
    for at, one in enumerate(pages):
        assert f"<b>Sheet {at // 3 + 1}</b>, page {at % 3 + 1} of 3" in one
        assert "<svg" in one
        assert "Host’s name" in one
        assert "Published by" in one
    ids = re.findall(r'class="page-id">([A-Z0-9]{3}-[A-Z0-9]{3})<', page)
    assert len(ids) == 9
    assert len(set(ids)) == 3
    for wrong in ("0", "41", "x", ""):
        assert client.post_form(room.at("/desk/paper"), {"many": wrong}).status_code == 422


def test_nobody_but_the_desk_prints_or_reads_in(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    code = a_sheet(database, cast, room.batch_id)
    for person in (cast.stranger, cast.supporter, cast.caller, cast.lead):
        client.sign_in(person)
        for path in ("", "/print", f"/{code}"):
            assert client.get(room.at(f"/desk/paper{path}")).status_code == 404
        assert client.post_form(room.at("/desk/paper"), {"many": "1"}).status_code == 404
        assert client.post_form(room.at(f"/desk/paper/{code}"), filled_in()).status_code == 404


def test_nothing_is_read_in_without_the_id_of_a_sheet_of_this_meetup(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.organiser)
    for wrong in ("aaaaaa", "nothing"):
        assert client.post_form(room.at(f"/desk/paper/{wrong}"), filled_in()).status_code == 404
    unknown = client.get(room.at("/desk/paper?id=AAA-AAA"))
    assert unknown.status_code == 404
    assert "No sheet of this meetup has this id" in unknown.text
    code = a_sheet(database, cast, room.batch_id)
    found = client.get(room.at(f"/desk/paper?id={shown_code(code)}"))
    assert found.headers["Location"].endswith(f"/desk/paper/{code}")


def test_a_sheet_goes_on_the_map_with_its_roster_once_the_number_was_read_back(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    code = a_sheet(database, cast, room.batch_id)
    url = room.at(f"/desk/paper/{code}")
    client.sign_in(cast.organiser)
    assert re.search(r">Name<span[^>]*>, line 10</span>", client.get(url).text)
    given = filled_in()
    unread = client.post_form(url, {k: v for k, v in given.items() if k != "read_back"})
    assert unread.status_code == 422
    assert "Read the number back" in unread.text
    assert "Otis Lane" in unread.text
    no_number = client.post_form(
        url, given | {"host_reach": "winifred@people.example"}, most_queries=200
    )
    assert no_number.status_code == 422
    assert "needs the host’s number" in no_number.text
    with database.reading() as db:
        there = len(rooms.present(db, room.batch_id))
    assert there == 2, "what was refused has left nobody behind"
    done = client.post_form(url, given, most_queries=200)
    assert done.status_code == 303
    shown = client.get(url).text
    assert "This sheet was read in" in shown
    assert "Stall at Hanover Centre" in shown
    listed = client.get("/events.geojson").json
    assert "Stall at Hanover Centre" in [f["properties"]["title"] for f in listed["features"]]
    with database.reading() as db:
        event = db.scalars(select(Event).where(Event.title == "Stall at Hanover Centre")).one()
        roster = db.execute(
            select(Rsvp.name, Rsvp.phone).where(Rsvp.event_id == event.id).order_by(Rsvp.id)
        ).all()
        card = db.scalars(select(Card).where(Card.event_id == event.id)).one()
        assert card.read_back_by == cast.organiser.id
        logged = db.scalars(select(AuditRow.action).where(AuditRow.subject == f"card:{card.id}"))
        assert "sheet read in" in logged.all()
    assert [tuple(row) for row in roster] == [
        ("Winifred K.", "+447700900456"),
        ("Otis L.", "+447700900457"),
        ("Petra", None),
    ]


def test_a_sheet_that_is_read_in_twice_is_the_first_event(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    code = a_sheet(database, cast, room.batch_id)
    url = room.at(f"/desk/paper/{code}")
    client.sign_in(cast.organiser)
    assert client.post_form(url, filled_in(), most_queries=200).status_code == 303
    again = client.post_form(url, filled_in(venue="Somewhere else"))
    assert again.status_code == 200
    assert "Stall at Hanover Centre" in again.text
    with database.reading() as db:
        assert len(db.scalars(select(Card).where(Card.event_id.is_not(None))).all()) == 1
        assert len(rooms.present(db, room.batch_id)) == 5


def test_paper_is_read_in_after_the_evening_and_in_a_hall_where_nobody_has_a_phone(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    code = a_sheet(database, cast, room.batch_id)
    to(database, cast, room, "over")
    client.sign_in(cast.organiser)
    given = filled_in(where="home", venue="3 Rose Hill", table="")
    assert (
        client.post_form(room.at(f"/desk/paper/{code}"), given, most_queries=200).status_code == 303
    )
    with database.reading() as db:
        event = db.scalars(select(Event).where(Event.kind == "stall")).one()
        assert event.shown_place != "3 Rose Hill"
        assert "Rose Hill" not in str(event.feature)
        card = db.scalars(select(Card).where(Card.event_id == event.id)).one()
        assert (card.venue, card.postcode, card.lat) == ("", None, None)
        # Bea and Tom were there; Winifred hosts, Otis and Petra come.
        recap = db.get_one(Recap, room.batch_id)
        assert (recap.people, recap.hosts, recap.seats) == (5, 1, 3)


def test_what_was_read_in_before_the_tables_are_dealt_stays(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        for number in range(8):
            a_participant(db, batch, f"P{number}")
    code = a_sheet(database, cast, batch.id)
    client.sign_in(cast.organiser)
    url = f"/m/{meetup.code}/desk/paper/{code}"
    assert client.post_form(url, filled_in(), most_queries=200).status_code == 303
    with database.unit_of_work() as db:
        move_to(db, db.get_one(Batch, batch.id), "local", cast.organiser.id)
        held = rooms.tables(db, batch.id)
        assert [(table.number, table.name, many) for table, many in held] == [
            (1, "On paper", 3),
            (2, "BN2", 8),
        ]
        sheet = paper.sheet_by_code(db, batch_id=batch.id, code=code)
        assert sheet is not None
        assert sheet.card is not None
        assert sheet.card.event is not None


def test_who_is_named_by_number_is_the_one_in_the_room(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    code = a_sheet(database, cast, room.batch_id)
    url = room.at(f"/desk/paper/{code}")
    client.sign_in(cast.organiser)
    wrong = client.post_form(url, filled_in(**{"coming-1-number": "77"}), most_queries=200)
    assert wrong.status_code == 422
    assert "Nobody here has the number 77" in wrong.text
    misread = filled_in(host_number="2", host_name="Bea K", table="1")
    other = client.post_form(url, misread, most_queries=200)
    assert other.status_code == 422, "number 2 is Tom, who would host what he never heard of"
    assert "Number 2 has another name than Bea" in other.text
    given = filled_in(host_number="1", host_name="BEA K", table="1", cohost_number="2")
    assert client.post_form(url, given, most_queries=200).status_code == 303
    with database.reading() as db:
        card = db.scalars(select(Card).where(Card.event_id.is_not(None))).one()
        bea = db.scalars(select(Participant).where(Participant.number == 1)).one()
        assert (card.host_id, card.breakout_id) == (bea.id, bea.breakout_id)
        assert card.cohost_id != bea.id


def test_a_name_on_paper_is_somebody_s_where_one_begins_like_the_other() -> None:
    assert all(is_called("Zoë", one) for one in ("zoe", "ZOË K", "Zo", "Zoëlle", ""))
    assert not any(is_called("Zoë", one) for one in ("Tom", "K. Zoë", "Ann Zoë"))


@pytest.mark.parametrize("line", ["host", "cohost"])
def test_who_cannot_be_taken_in_is_said_at_their_own_line_and_nothing_is_made(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room, line: str
) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, phone="+447700900458")
    code = a_sheet(database, cast, room.batch_id)
    client.sign_in(cast.organiser)
    given = filled_in(**{f"{line}_name": "Ula Kent", f"{line}_reach": "07700 900458"})
    refused = client.post_form(room.at(f"/desk/paper/{code}"), given, most_queries=200)
    assert refused.status_code == 422
    assert f'id="{line}_reach-error"' in refused.text
    assert "We cannot take them in by this address or number." in refused.text
    assert "go to the desk" not in refused.text, "the desk reads this"
    with database.reading() as db:
        assert db.scalars(select(Card).where(Card.event_id.is_not(None))).first() is None


@pytest.mark.parametrize("name", ["Max ßauer", "Mia ﬁsher", "Ann ŉdlovu"])
def test_an_initial_is_one_letter_whatever_it_becomes_as_a_capital(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room, name: str
) -> None:
    url = room.at(f"/desk/paper/{a_sheet(database, cast, room.batch_id)}")
    client.sign_in(cast.organiser)
    given = filled_in(**{"host_name": name, "coming-0-name": name})
    assert client.post_form(url, given, most_queries=200).status_code == 303
    with database.reading() as db:
        initials = db.scalars(select(Participant.initial).where(Participant.name == name[:3]))
        assert {len(initial) for initial in initials} == {1}
