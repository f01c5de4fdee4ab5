"""The strategy tables: dealt mixed, written on one phone, weighed with dots, kept in the notes."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.conduct.operations.apart import keep_apart
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.groups.models import GroupNoteRevision
from campaign.meetups.models import Batch, Dot, Participant, Proposal
from campaign.meetups.operations import joining, running, sheets
from campaign.meetups.queries import rooms
from campaign.meetups.queries import sheets as written
from campaign.meetups.rules.sheets import Hands, Line, hands_of, wishes
from campaign.people.operations import meet
from tests.cast import Cast
from tests.meetups.conftest import phone
from tests.meetups.making import HANOVER, HOVE, a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient


def go_to(db: Session, batch: Batch, phase: str, actor_id: int) -> Batch:
    return move_to(db, batch, phase, actor_id, preset="meetup")


def a_hall(db: Session, cast: Cast, many: int = 20) -> tuple[Batch, list[Participant], list[str]]:
    """A room of so many people from two towns, before its strategy tables."""
    meetup = a_meetup(db, cast, preset="meetup", question="What would bring your neighbours?")
    batch = rooms.batch_of(db, meetup)
    joined = [
        a_participant(db, batch, f"P{number}", HANOVER if number % 2 else HOVE)
        for number in range(1, many + 1)
    ]
    return batch, [one.participant for one in joined], [one.key for one in joined]


def tables(db: Session, batch: Batch) -> list[set[int]]:
    return [
        {person.number for person in written.at_table(db, view.table.id)}
        for view in written.sheets_of(db, batch.id)
    ]


def note_an_idea(db: Session, batch: Batch, person: Participant, text: str, position: int = 1):  # type: ignore[no-untyped-def]
    sheets.hold_pen(db, batch=batch, person=person)
    sheets.write_proposal(
        db, batch=batch, person=person, position=position,
        line=Line(text, Hands(5, 1, 0)), now=clock.now(),
    )  # fmt: skip
    return next(v.proposal for v in written.proposals_of(db, batch.id) if v.proposal.text == text)


def test_everybody_sits_at_one_strategy_table_and_later_at_a_local_one(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        assert sorted(map(len, tables(db, batch))) == [6, 7, 7]
        first = tables(db, batch)
        batch = go_to(db, batch, "local", cast.organiser.id)
        assert tables(db, batch) == first
        local = rooms.tables(db, batch.id)
        assert sum(sitting for _, sitting in local) == 20
        assert {table.kind for table, _ in local} == {"local"}
        assert all(person.breakout_id != person.strategy_id for person in people)


def test_the_desk_names_the_tables_that_write_nothing_before_what_is_written(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        by_table = {person.strategy_id: person for person in people}
        writer, holder, _ = by_table.values()
        note_an_idea(db, batch, writer, "Ring every tenant")
        sheets.hold_pen(db, batch=batch, person=holder)
        code = batch.meetup.code
    client.sign_in(cast.organiser)
    desk = client.get(f"/m/{code}/desk").text
    lines = ["Nobody writes yet: 1 table", "Somebody writes, still blank: 1 table", "1 of 3 ideas"]
    assert sorted(lines, key=desk.index) == lines, "what needs a hand comes first"
    assert "0 of 3 ideas" not in desk


def test_going_back_and_forth_keeps_the_tables(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        before = tables(db, batch)
        for to in ("plenary", "strategy"):
            batch = running.move_on(
                db, batch=batch, seen=batch.phase, to=to, now=clock.now(),
                actor_id=cast.organiser.id, naming=lambda _: "",
            )  # fmt: skip
        assert tables(db, batch) == before


def test_who_is_kept_apart_never_shares_a_table_and_nothing_says_why(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        pairs = [(people[n], people[n + 1]) for n in range(0, 8, 2)]
        for one, other in pairs:
            joining.tell(db, batch=batch, person=one, came_with=str(other.number))
            joining.tell(db, batch=batch, person=other, came_with=str(one.number))
            keep_apart(
                db,
                one=meet(db, email=one.email or "", name=one.name),
                other=meet(db, email=other.email or "", name=other.name),
                actor_id=cast.organiser.id,
            )
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        for one, other in pairs:
            assert one.strategy_id != other.strategy_id
        batch = go_to(db, batch, "local", cast.organiser.id)
        for one, other in pairs:
            assert one.breakout_id != other.breakout_id


def test_who_comes_late_gets_the_smallest_table_but_never_with_whom_they_are_kept_from(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        smallest = min(
            written.sheets_of(db, batch.id), key=lambda v: len(written.at_table(db, v.table.id))
        )
        shunned = written.at_table(db, smallest.table.id)[0]
        keep_apart(
            db,
            one=meet(db, email=shunned.email or "", name=shunned.name),
            other=meet(db, email="late@people.example", name="Late"),
            actor_id=cast.organiser.id,
        )
        late = a_participant(db, batch, "Late").participant
        assert late.strategy_id not in (None, smallest.table.id)
        anybody = a_participant(db, batch, "Anybody").participant
        assert anybody.strategy_id == smallest.table.id
        assert sum(map(len, tables(db, batch))) == 22


def test_staying_together_takes_two_to_say_so() -> None:
    assert wishes({1: "2", 2: "1", 3: "1", 4: "", 5: "6, 7", 6: "5, 7", 7: "6"}) == [
        {1, 2},
        {5, 6, 7},
    ]
    assert wishes({1: "2", 2: "3", 3: ""}) == []


def test_one_phone_writes_and_the_pen_changes_hands(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        one, other = written.at_table(db, written.sheets_of(db, batch.id)[0].table.id)[:2]
        note_an_idea(db, batch, one, "Ring every tenant in Hove")
        with pytest.raises(Conflict, match="Somebody else at your table writes"):
            sheets.hold_pen(db, batch=batch, person=other)
        with pytest.raises(Conflict, match="writes for your table now"):
            sheets.write_lines(db, batch=batch, person=other, worry="No", ask="", now=clock.now())
        sheets.lay_pen_down(db, batch=batch, person=one)
        sheets.hold_pen(db, batch=batch, person=other)
        note_an_idea(db, batch, other, "A stall on Saturday", position=2)
        joining.leave(db, batch=batch, person=other, now=clock.now())
        sheets.hold_pen(db, batch=batch, person=one)
        assert len(written.proposals_of(db, batch.id)) == 2


def test_an_emptied_idea_goes_and_a_kept_one_keeps_its_dots(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        writer = people[0]
        kept = note_an_idea(db, batch, writer, "Ring every tenant in Hove")
        note_an_idea(db, batch, writer, "Something else", position=2)
        sheets.write_proposal(
            db, batch=batch, person=writer, position=2, line=Line(""), now=clock.now()
        )
        batch = go_to(db, batch, "report_back", cast.organiser.id)
        sheets.give_dots(
            db, batch=batch, person=people[3], chosen=[kept.public_id], now=clock.now()
        )
        assert [(v.proposal.text, v.dots) for v in written.proposals_of(db, batch.id)] == [
            ("Ring every tenant in Hove", 1)
        ]
        with pytest.raises(Refused, match="sheets are closed"):
            note_an_idea(db, batch, writer, "Too late")


def test_three_dots_and_no_fourth_and_the_same_again_is_the_same(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        writers = [written.at_table(db, v.table.id)[0] for v in written.sheets_of(db, batch.id)]
        ideas = [
            note_an_idea(db, batch, writer, f"Idea {at} of {writer.number}", at).public_id
            for writer in writers[:2]
            for at in (1, 2)
        ]
        with pytest.raises(Refused, match="while the room reports back"):
            sheets.give_dots(db, batch=batch, person=people[0], chosen=ideas[:1], now=clock.now())
        batch = go_to(db, batch, "report_back", cast.organiser.id)
        give = {"batch": batch, "person": people[0], "now": clock.now()}
        sheets.give_dots(db, chosen=ideas[:3], **give)
        sheets.give_dots(db, chosen=ideas[:3], **give)
        with pytest.raises(Refused, match="You have three dots"):
            sheets.give_dots(db, chosen=ideas, **give)
        assert db.scalar(select(func.count(Dot.id))) == 3
        sheets.give_dots(db, chosen=[ideas[3], "no-such-idea"], **give)
        mine = written.dotted_by(db, batch_id=batch.id, participant_id=people[0].id)
        assert mine == [ideas[3]]


def test_a_hidden_idea_needs_a_reason_leaves_the_phones_and_stays_in_the_notes(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        rude = note_an_idea(db, batch, people[0], "Shout at the man at number nine")
        note_an_idea(db, batch, people[0], "Ring every tenant in Hove", position=2)
        sheets.write_lines(
            db, batch=batch, person=people[0], worry="It gets dark", ask="Leaflets", now=clock.now()
        )
        batch = go_to(db, batch, "report_back", cast.organiser.id)
        hide = {"batch": batch, "public_id": rude.public_id, "actor_id": cast.organiser.id}
        with pytest.raises(Refused, match="Say why"):
            sheets.hide(db, why=" ", now=clock.now(), **hide)
        sheets.hide(db, why="It points at a neighbour.", now=clock.now(), **hide)
        assert [v.proposal.text for v in written.proposals_of(db, batch.id)] == [
            "Ring every tenant in Hove"
        ]
        with pytest.raises(NotFound):
            sheets.hide(
                db, why="It is not theirs.", now=clock.now(), **hide | {"public_id": "unknown"}
            )
        go_to(db, batch, "over", cast.organiser.id)
        text = db.scalars(select(GroupNoteRevision)).one().text
    assert "What would bring your neighbours?" in text
    assert "- Ring every tenant in Hove (0 dots; table " in text
    assert ": 5 for, 1 unsure, 0 against)" in text
    assert "was hidden: It points at a neighbour." in text
    assert "number nine" not in text
    assert "a worry: It gets dark" in text
    assert "needs: Leaflets" in text


def test_hands_are_counted_by_where_a_button_leads_to() -> None:
    assert hands_of("3", "", "1", tapped="agree 4") == Hands(4, 0, 1)
    assert hands_of("3", "", "1", tapped="nobody 4") == Hands(3, 0, 1)
    for wrong in ("11", "-1", "x", "²"):
        with pytest.raises(Refused, match="from 0 to 10"):
            hands_of(wrong, "", "")


def test_the_pages_of_a_table_on_two_phones(
    client: ProofReadingClient, database: Database, cast: Cast, asked_anew: None
) -> None:
    with database.unit_of_work() as db:
        batch, people, keys = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        code = batch.meetup.code
        sitting = written.at_table(db, written.sheets_of(db, batch.id)[0].table.id)
        one, other = (people.index(person) for person in sitting[:2])
        elsewhere = next(
            at for at, p in enumerate(people) if p.strategy_id != sitting[0].strategy_id
        )
        batch_id = batch.id
    writer, reader = phone(client, code, keys[one]), phone(client, code, keys[other])
    stranger = phone(client, code, keys[elsewhere])
    assert "What would bring your neighbours?" in writer.get(f"/m/{code}").text
    before = reader.get(f"/m/{code}/state").json["page"]
    assert "I’ll write" in writer.get(f"/m/{code}/sheet").text
    sent = writer.post_form(f"/m/{code}/sheet/pen", {})
    assert sent.status_code == 303
    saved = writer.post_form(
        f"/m/{code}/sheet",
        {"step": "1", "text": "A stall <b>on Saturday</b>", "agree": "2", "tap": "agree 3"},
    )
    assert saved.status_code == 303
    page = reader.get(f"/m/{code}/sheet").text
    assert "A stall &lt;b&gt;on Saturday&lt;/b&gt;" in page
    assert "3 for, 0 unsure, 0 against" in page
    assert 'name="text"' not in page
    assert reader.get(f"/m/{code}/state").json["page"] != before
    assert "on Saturday" not in stranger.get(f"/m/{code}/sheet").text
    refused = reader.post_form(f"/m/{code}/sheet", {"step": "1", "text": "Mine instead"})
    assert refused.status_code == 409
    assert "Somebody else writes for your table now." in refused.text
    with database.unit_of_work() as db:
        go_to(db, db.get_one(Batch, batch_id), "report_back", cast.organiser.id)
        idea = db.scalars(select(Proposal)).one().public_id
    assert stranger.get(f"/m/{code}/sheet").status_code == 303
    assert "A stall &lt;b&gt;on Saturday&lt;/b&gt;" in stranger.get(f"/m/{code}").text
    given = stranger.post_form(f"/m/{code}/dots", {"dot": idea})
    assert given.status_code == 303
    assert "Two dots left" in stranger.get(f"/m/{code}").text
    screen = client.get(f"/m/{code}/screen").text
    assert "A stall &lt;b&gt;on Saturday&lt;/b&gt;" in screen
    assert "<b>1</b> dots" in screen


def test_a_phone_says_at_the_doors_what_helps_to_mix_the_tables(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, keys = a_hall(db, cast, 3)
        code, number = batch.meetup.code, people[0].id
    bea = phone(client, code, keys[0])
    assert "Could you lead a table" in bea.get(f"/m/{code}").text
    about = f"/m/{code}/about"
    for given in ({"leads": "yes"}, {"is_new": "yes"}, {"came_with": "2 und 3, 99"}):
        assert bea.post_form(about, given).status_code == 303
    with database.reading() as db:
        told = db.get_one(Participant, number)
        assert (told.leads, told.is_new, told.came_with) == (True, True, "2, 3")
    assert bea.post_form(about, {"leads": "no"}).status_code == 303
    for wrong in ({"leads": "perhaps"}, {"came_with": "1" * 21}):
        refused = bea.post_form(about, wrong)
        assert refused.status_code == 422
        assert "two numbers at most" in refused.text
    with database.reading() as db:
        told = db.get_one(Participant, number)
        assert (told.leads, told.is_new, told.came_with) == (False, True, "2, 3")


def test_a_phone_that_has_not_joined_writes_nothing(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast)
        code = go_to(db, batch, "strategy", cast.organiser.id).meetup.code
    led = client.get(f"/m/{code}/sheet")
    assert led.status_code == 303
    assert led.headers["Location"].endswith(f"/m/{code}")
    for path in ("sheet", "sheet/pen", "dots", "about"):
        answer = client.post_form(f"/m/{code}/{path}", {"step": "1", "text": "Hi"})
        assert answer.status_code == 403, path
    with database.reading() as db:
        assert db.scalar(select(func.count(Proposal.id))) == 0
