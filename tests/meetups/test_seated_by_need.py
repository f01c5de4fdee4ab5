"""What somebody needs of a table: tapped in private, marked by the organiser, seated by it."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from campaign.foundation import clock, schema
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Participant, TableMark
from campaign.meetups.operations import forgetting, joining, moving
from campaign.meetups.operations.marking import mark_table
from campaign.meetups.queries import marks, people, rooms
from campaign.meetups.rules.moving import NOT_POSSIBLE
from campaign.meetups.rules.needs import NEEDS, NOTHING
from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.meetups.holding import held_by
from tests.meetups.making import HANOVER, HOVE, LEEDS, a_meetup, a_participant, at_once, move_to
from tests.meetups.test_strategy import a_hall, go_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
QUIET, BSL = frozenset({"quiet"}), frozenset({"bsl"})
JOINING = {"name": "Bea", "where": "BN2 9QA", "hold": "y", "reach": "bea@people.example"}


def marked(db, batch: Batch, cast: Cast, *given: tuple[int, str]) -> None:  # type: ignore[no-untyped-def]
    for number, key in given:
        mark_table(db, batch=batch, number=number, key=key, on=True, actor_id=cast.organiser.id)


def seats(db, batch_id: int, kind: str = "local") -> dict[int, int]:  # type: ignore[no-untyped-def]
    return {number: table for number, table, _ in rooms.seats(db, batch_id, kind)}


def three_branches(db, cast: Cast) -> tuple[Batch, list[joining.Joined]]:  # type: ignore[no-untyped-def]
    """Five each from Hanover, Hove and Leeds: numbers 1 to 5, 6 to 10 and 11 to 15."""
    batch = rooms.batch_of(db, a_meetup(db, cast))
    joined = []
    for number in range(1, 16):
        where = (HANOVER, HOVE, LEEDS)[(number - 1) // 5]
        needs = {1: QUIET, 6: QUIET, 11: QUIET}.get(number, NOTHING)
        joined.append(a_participant(db, batch, f"P{number}", where, needs=needs))
    return batch, joined


def test_joining_asks_for_nothing_more_and_the_taps_are_folded_away(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        code = a_meetup(db, cast).code
    page = client.get(f"/m/{code}").text
    fold = page.index('<details class="needs-fold">')
    for need in NEEDS:
        assert page.index(f'name="needs_{need.key}"') > fold
    assert page.index("Join the meetup</button>") > page.index("</details>")
    tapped = {"needs_quiet": "y", "needs_bsl": "y", "access_needs": "Large print"}
    refused = client.post_form(f"/m/{code}/join", JOINING | tapped | {"reach": ""})
    assert refused.status_code == 422
    assert '<details class="needs-fold" open>' in refused.text
    assert re.search(
        r'name="needs_quiet"[^>]* checked|checked[^>]* name="needs_quiet"', refused.text
    )
    assert "Large print" in refused.text
    assert client.post_form(f"/m/{code}/join", JOINING | tapped).status_code == 303
    with database.reading() as db:
        [bea] = rooms.present(db, rooms.batch_of(db, rooms.meetup_by_code(db, code)).id)  # type: ignore[arg-type]
        assert (bea.needs, bea.access_needs) == ({"quiet", "bsl"}, "Large print")


def test_it_is_said_again_and_taken_back_on_one_s_own_page(database: Database, room: Room) -> None:
    given = {"email": "bea@people.example"}
    assert room.bea.post_form(room.at("/you"), given | {"needs_quiet": "y"}).status_code == 303
    page = room.bea.get(room.at("/you")).text
    assert "The desk looks for a quiet table for you." in page
    assert room.bea.post_form(room.at("/you"), given).status_code == 303
    assert "The desk looks" not in room.bea.get(room.at("/you")).text
    with database.reading() as db:
        assert rooms.present(db, room.batch_id)[0].needs == NOTHING


@pytest.mark.parametrize("path", ["/door", "/desk/people"])
def test_who_has_no_phone_is_asked_at_the_door_and_at_the_desk(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room, path: str
) -> None:
    client.sign_in(cast.organiser)
    given = {"name": "Winifred", "needs_step_free": "y", "access_needs": "A chair", "hold": "y"}
    assert client.post_form(room.at(path), given).status_code == 303
    with database.reading() as db:
        winifred = rooms.present(db, room.batch_id)[-1]
        assert (winifred.needs, winifred.access_needs) == ({"step_free"}, "A chair")
    listed = client.get(room.at("/desk/people")).text
    assert "A step-free table, with a seat; A chair" in listed
    assert "1 needs something" in client.get(room.at("/desk")).text


def as_it_stands(page: str) -> str:
    """A page without what is new each time: tokens, and how the clock goes."""
    anew = (
        r'name="csrf[-_]token"[^>]*|name="client_uuid"[^>]*|data-left="\d+"|\d+:\d\d<|"now":"[^"]*"'
    )
    return re.sub(anew, "", page)


def test_only_their_own_phone_and_the_desk_ever_say_what_somebody_needs(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    event = db_event(database, room)
    hall = [room.at(path) for path in ("/screen", "/door", "/door/slips", "/desk/paper", "/state")]
    hall += [f"/events/{event}/recap.json", f"/events/{event}/recap.csv", f"/events/{event}"]
    with database.unit_of_work() as db:
        marked(db, db.get_one(Batch, room.batch_id), cast, (1, "quiet"))
    client.sign_in(cast.organiser)

    def seen() -> list[str]:
        pages = [room.tom.get(room.at(p)).text for p in ("", "/table", "/you", "/move", "/state")]
        pages += [client.get(path, most_queries=40).text for path in hall]
        return [as_it_stands(page) for page in pages]

    seen()
    before = seen()
    assert before == seen(), "a page that is fetched twice is the same"
    with database.unit_of_work() as db:
        bea = rooms.present(db, room.batch_id)[0]
        bea.needs_quiet = bea.needs_bsl = True
    assert seen() == before, "nobody else's page has changed by what Bea needs"
    assert "Your table is a quiet one." in room.bea.get(room.at()).text
    assert "A quiet table; Near the BSL interpreter" in client.get(room.at("/desk/people")).text
    assert "Number 1 needs a table with the BSL interpreter" in client.get(room.at("/desk")).text
    with database.reading() as db:
        logged = [str(row.__dict__) for row in db.scalars(select(AuditRow))]
    assert not [row for row in logged if "quiet" in row or "bsl" in row]


def db_event(database: Database, room: Room) -> str:
    with database.reading() as db:
        meetup = rooms.meetup_by_code(db, room.code)
        assert meetup is not None
        return meetup.event.public_id


def test_the_organiser_marks_tables_with_a_tap_each_and_nobody_else_does(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    url = room.at("/desk/floor/marks")
    client.sign_in(cast.stranger)
    assert client.post_form(url, {"mark": "1 quiet on"}).status_code == 404
    client.sign_in(cast.organiser)
    for _ in range(2):
        sent = client.post_form(url, {"mark": "1 quiet on"})
        assert sent.status_code == 303
        assert sent.headers["Location"].endswith("#t1")
    assert client.post_form(url, {"mark": "1 bsl on"}).status_code == 303
    page = client.get(room.at("/desk/floor")).text
    assert re.search(r'value="1 quiet off" aria-pressed="true"', page)
    assert re.search(r'value="2 quiet on" aria-pressed="false"', page)
    assert client.post_form(url, {"mark": "1 bsl off"}).status_code == 303
    wrong = ("", "1", "1 loud on", "0 quiet on", "999 quiet on", "x quiet on", "1 quiet maybe")
    for given in wrong:
        assert client.post_form(url, {"mark": given}).status_code == 422, given
    with database.reading() as db:
        held = db.get_one(Batch, room.batch_id)
        assert marks.marks_of(db, held.meetup_id) == {1: QUIET}
    assert '<span class="scr-mark">Quiet <b>1</b></span>' in client.get(room.at("/screen")).text


def test_two_who_mark_one_table_at_once_both_do(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        batch_id, meetup_id, keys = batch.id, batch.meetup_id, [need.key for need in NEEDS]

    def tap(at: int) -> None:
        with database.unit_of_work() as db:
            marked(db, db.get_one(Batch, batch_id), cast, (3, keys[at]))

    assert at_once(3, tap) == [None] * 3
    with database.reading() as db:
        assert marks.marks_of(db, meetup_id) == {3: set(keys)}


def test_strategy_tables_are_dealt_by_need(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, hall, _ = a_hall(db, cast)
        for person in hall[:3]:
            person.needs_bsl = True
        marked(db, batch, cast, (3, "bsl"))
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        assert {seats(db, batch.id, "strategy")[p.number] for p in hall[:3]} == {3}
        late = a_participant(db, batch, "Late", needs=BSL).participant
        assert seats(db, batch.id, "strategy")[late.number] == 3, "though it is not the smallest"
        assert marks.unmet(db, batch, "strategy") == []


def test_the_marked_number_goes_to_neighbours_who_need_it_and_the_desk_hears_of_the_others(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        marked(db, batch, cast, (2, "quiet"))
        batch = move_to(db, batch, "local", cast.organiser.id)
        at, code = seats(db, batch.id), batch.meetup.code
        assert sorted(at[n] for n in (1, 6, 11)) == [1, 2, 3]
        served = next(n for n in (1, 6, 11) if at[n] == 2)
        assert {n for n, table in at.items() if table == 2} == set(range(served, served + 5))
        left = sorted({1, 6, 11} - {served})
        assert [line.number for line in marks.unmet(db, batch, "local")] == left
    client.sign_in(cast.organiser)
    page = client.get(f"/m/{code}/desk").text
    assert "2 to see to" in page
    if 11 in left:
        assert "Number 11 needs a quiet table: none in LS1. Marked so: table 2." in page
    assert f"Number {served} needs" not in page
    moves = client.get(f"/m/{code}/desk/moves").text
    assert moves.count(">Table 2 · Quiet</button>") == 2
    sent = client.post_form(f"/m/{code}/desk/moves", {"number": str(left[0]), "table": "2"})
    assert sent.status_code == 303
    with database.unit_of_work() as db:
        assert [line.number for line in marks.unmet(db, batch, "local")] == left[1:]
        marked(db, db.get_one(Batch, batch.id), cast, (at[left[1]], "quiet"))
    assert "to see to" not in client.get(f"/m/{code}/desk").text


def test_the_desk_hears_before_the_deal_what_no_table_is_marked_for(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        code = batch.meetup.code
    client.sign_in(cast.organiser)
    assert "3 need a quiet table, and none is marked." in client.get(f"/m/{code}/desk").text
    assert "<b>Quiet</b> 3 asked, 0 tables" in client.get(f"/m/{code}/desk/floor").text
    with database.unit_of_work() as db:
        marked(db, db.get_one(Batch, batch.id), cast, (1, "quiet"))
    assert "none is marked" not in client.get(f"/m/{code}/desk").text


def test_who_comes_late_sits_where_the_mark_is_and_is_not_moved_from_it_unasked(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, joined = three_branches(db, cast)
        marked(db, batch, cast, (1, "quiet"), (2, "quiet"), (3, "quiet"))
        batch = move_to(db, batch, "local", cast.organiser.id)
        now, who = clock.now(), {"now": clock.now(), "actor_id": cast.organiser.id}
        at = seats(db, batch.id)
        for number in {1, 2, 3} - {at[6]}:
            mark_table(db, batch=batch, number=number, key="quiet", on=False, actor_id=1)
        joining.leave(db, batch=batch, person=joined[0].participant, now=now)
        late = a_participant(db, batch, "Late", HANOVER, needs=QUIET).participant
        assert seats(db, batch.id)[late.number] == at[6], "the quiet one within 8 km"
        person = people.by_number(db, batch_id=batch.id, number=6)
        other = people.by_number(db, batch_id=batch.id, number=2)
        assert person is not None
        assert other is not None
        with pytest.raises(Refused, match="Number 6 needs a quiet table"):
            moving.move(db, batch=batch, person=person, to=at[2], **who)
        with pytest.raises(Refused, match="Number 6 needs a quiet table"):
            moving.swap(db, batch=batch, one=other, other=person, **who)
        code = batch.meetup.code
    client.sign_in(cast.organiser)
    sent = {"number": "6", "table": str(at[2])}
    assert client.post_form(f"/m/{code}/desk/moves", sent).status_code == 422
    assert client.post_form(f"/m/{code}/desk/moves", sent | {"anyway": "y"}).status_code == 303
    with database.reading() as db:
        assert seats(db, batch.id)[6] == at[2]


def test_a_chair_is_spoken_of_only_where_a_marked_table_has_none(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        batch = move_to(db, batch, "local", cast.organiser.id)
        code, here = batch.meetup.code, rooms.present(db, batch.id)
        at = seats(db, batch.id)
    client.sign_in(cast.organiser)
    url = f"/m/{code}/desk/moves"
    # Nothing is marked: there is no table whose chairs could be taken.
    page = client.get(url).text
    assert "No table is marked for it yet" in page
    assert "No chair there?" not in page
    assert "Find them a table" not in client.get(f"/m/{code}/desk").text
    with database.unit_of_work() as db:
        marked(db, db.get_one(Batch, batch.id), cast, (at[1], "quiet"))
    page = client.get(url).text
    assert f">Table {at[1]} · Quiet</button>" in page, "a chair is free there"
    assert "No chair there?" not in page
    assert "No table is marked" not in page
    with database.unit_of_work() as db:
        table_id = next(one.breakout_id for one in here if one.number == 1)
        for name in ("Ann", "Ben", "Cem", "Dot", "Eve"):
            person = a_participant(db, db.get_one(Batch, batch.id), name, HANOVER).participant
            person.breakout_id = table_id
    assert "No chair there?" in client.get(url).text


def test_a_laptop_that_helpers_share_hears_nothing_of_needs_and_takes_nobody_from_their_table(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        marked(db, batch, cast, (1, "quiet"))
        batch = move_to(db, batch, "local", cast.organiser.id)
        at, code = seats(db, batch.id), batch.meetup.code
        served = next(n for n in (1, 6, 11) if at[n] == 1)
        moving.ask_to_move(
            db, batch=batch, person=rooms.present(db, batch.id)[served - 1], now=clock.now()
        )
    client.sign_in(cast.organiser)
    laptop = held_by(client, code)
    for path in ("desk", "desk/moves"):
        told = laptop.get(f"/m/{code}/{path}").text
        assert "needs a quiet table" not in told, path
        assert "to see to" not in told, path
        assert "what they need</span>" not in told, path
    assert laptop.post_form(f"/m/{code}/desk/floor/marks", {"mark": "2 quiet on"}).status_code in (
        303,
        404,
    )
    for more in ({}, {"anyway": "y"}):
        sent = laptop.post_form(
            f"/m/{code}/desk/moves", {"number": str(served), "table": "2"} | more
        )
        assert sent.status_code == 422
        assert NOT_POSSIBLE in sent.text
        assert "quiet" not in sent.text
    with database.reading() as db:
        assert seats(db, batch.id) == at
        assert marks.marks_of(db, batch.meetup_id) == {1: QUIET}


def test_a_phone_fetches_its_page_where_its_own_table_s_mark_has_changed_and_no_other_does(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        rooms.present(db, batch.id)[0].needs_quiet = True
        batch.version += 1
    told = [one.get(room.at("/state")).json for one in (room.bea, room.tom)]
    client.sign_in(cast.organiser)
    client.post_form(room.at("/desk/floor/marks"), {"mark": "1 quiet on"})
    answers = [
        one.get(room.at(f"/state?v={seen['version']}&p={seen['page']}")).status_code
        for one, seen in zip((room.bea, room.tom), told, strict=True)
    ]
    assert answers == [200, 304]


def test_slips_and_the_card_on_the_table_print_its_mark(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        marked(db, batch, cast, (1, "quiet"), (1, "step_free"))
        who = {"now": clock.now(), "actor_id": cast.organiser.id}
        joining.bring_in(db, batch=batch, name="Winifred", **who)
    client.sign_in(cast.organiser)
    assert "Table 1, teal<br>Quiet, Step-free" in client.get(room.at("/door/slips")).text
    assert client.post_form(room.at("/desk/paper"), {"many": "1"}).status_code == 303
    printed = client.get(room.at("/desk/paper/print")).text
    assert '<p class="card-mark">Quiet, Step-free</p>' in printed


def test_it_is_shown_to_them_and_gone_when_they_are(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        into: dict[str, list[dict[str, object]]] = {}
        forgetting.export_address(db, email="p1@people.example", into=into)
        assert into["At meetups"][0]["what your table must be"] == "A quiet table"
        forgetting.forget_address(db, email="p1@people.example")
        assert rooms.present(db, batch.id)[0].needs == NOTHING


def test_the_way_down_takes_the_taps_and_the_marks_and_leaves_the_people(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = three_branches(db, cast)
        marked(db, batch, cast, (1, "quiet"))
        batch_id = batch.id
    script = ScriptDirectory.from_config(schema.configuration()).get_revision(
        "20261127_table_marks"
    )
    assert isinstance(script.down_revision, str)
    schema.downgrade(database, script.down_revision)
    with database.reading() as db:
        assert db.scalar(text("SELECT count(*) FROM participant")) == 15
    schema.upgrade(database)
    with database.reading() as db:
        assert [one.needs for one in rooms.present(db, batch_id)] == [NOTHING] * 15
        assert db.scalars(select(TableMark)).all() == []
        assert db.scalars(select(Participant.number)).all()
