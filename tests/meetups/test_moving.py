"""Sitting elsewhere: asked on the phone, done at the desk, never next to whom one is kept from."""

from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.operations.apart import keep_apart
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import filling, joining, moving
from campaign.meetups.queries import moves, people, rooms
from campaign.meetups.rules.dealing import MOST, Standing
from campaign.meetups.rules.moving import NOT_POSSIBLE, check_move, offers
from campaign.people.operations import meet
from tests.cast import Cast
from tests.meetups.conftest import phone
from tests.meetups.making import HANOVER, HOVE, a_meetup, a_participant, card_of, move_to
from tests.meetups.test_strategy import a_hall, go_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("asked_anew")


def two_tables(db: Session, cast: Cast, many: int = 14) -> tuple[Batch, list[joining.Joined]]:
    """Half from Hanover at table 1, half from Hove at table 2."""
    batch = rooms.batch_of(db, a_meetup(db, cast))
    joined = [
        a_participant(db, batch, f"P{n}", HANOVER if n % 2 else HOVE) for n in range(1, many + 1)
    ]
    return move_to(db, batch, "local", cast.organiser.id), joined


def seats(db: Session, batch_id: int) -> dict[int, int]:
    return {number: table for number, table, _ in rooms.seats(db, batch_id)}


def kept(db: Session, cast: Cast, *names: str) -> None:
    one, other = (meet(db, email=f"{name}@people.example", name=name) for name in names)
    keep_apart(db, one=one, other=other, actor_id=cast.organiser.id)


@settings(max_examples=500, deadline=None)
@given(
    sizes=st.lists(st.integers(0, MOST + 1), min_size=1, max_size=40),
    shunned=st.sets(st.integers(1, 40), max_size=5),
    now_at=st.integers(1, 40),
)
def test_no_table_is_offered_that_is_full_shunned_or_one_s_own(
    sizes: list[int], shunned: set[int], now_at: int
) -> None:
    held = [Standing(at, many, None, None) for at, many in enumerate(sizes, start=1)]
    found = offers(held, now_at=now_at, shunned=shunned)
    assert len(found) == len(set(found)) <= 3
    fit = {t.number for t in held if t.people < MOST} - shunned - {now_at}
    assert set(found) <= fit
    assert bool(found) == bool(fit)
    for table in held:
        if table.number in fit:
            check_move(held, to=table.number, now_at=now_at, shunned=shunned)
        else:
            with pytest.raises(Refused, match="Not possible"):
                check_move(held, to=table.number, now_at=now_at, shunned=shunned)


def test_somebody_asks_on_their_phone_and_the_desk_moves_them_with_one_tap(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, joined = two_tables(db, cast)
        before = seats(db, batch.id)
        code = batch.meetup.code
    mine = phone(client, code, joined[0].key)
    assert f"/m/{code}/move" in mine.get(f"/m/{code}").text
    assert mine.post_form(f"/m/{code}/move", {}).status_code == 303
    assert "You have asked to move." in mine.get(f"/m/{code}/move").text
    url = f"/m/{code}/desk/moves"
    client.sign_in(cast.stranger)
    assert client.get(url).status_code == 404
    assert client.post_form(url, {"number": "1", "table": "2"}).status_code == 404
    client.sign_in(cast.organiser)
    assert "People to move: 1" in client.get(f"/m/{code}/desk").text
    other = 3 - before[1]
    assert f"Table {other}: number 1" in client.get(url).text
    assert client.post_form(url, {"number": "1", "table": str(other)}).status_code == 303
    assert "Nobody asks to be moved" in client.get(url).text
    with database.reading() as db:
        assert seats(db, batch.id) == before | {1: other}
        logged = db.scalars(select(AuditRow).where(AuditRow.action == "somebody moved")).one()
        assert "1" not in str(logged.details)
    assert f"Table {other}" in mine.get(f"/m/{code}").text


def test_two_who_both_ask_change_places_and_nobody_else_moves(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, joined = two_tables(db, cast)
        before, code = seats(db, batch.id), batch.meetup.code
    one, two = (phone(client, code, joined[n].key) for n in (0, 1))
    assert one.post_form(f"/m/{code}/move", {"number": "99"}).status_code == 422
    assert one.post_form(f"/m/{code}/move", {"number": "1"}).status_code == 422
    assert one.post_form(f"/m/{code}/move", {"number": "2"}).status_code == 303
    client.sign_in(cast.organiser)
    assert "who has not asked yet" in client.get(f"/m/{code}/desk/moves").text
    assert two.post_form(f"/m/{code}/move", {"number": "1"}).status_code == 303
    page = client.get(f"/m/{code}/desk/moves").text
    assert "Change places with 2: number 1" in page
    sent = client.post_form(f"/m/{code}/desk/moves", {"number": "1", "with": "2"})
    assert sent.status_code == 303
    with database.reading() as db:
        assert seats(db, batch.id) == before | {1: before[2], 2: before[1]}
        assert moves.waiting(db, batch.id) == []


def test_a_request_can_be_taken_back_and_the_desk_can_leave_somebody_there(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, joined = two_tables(db, cast)
        person, now = joined[0].participant, clock.now()
        moving.ask_to_move(db, batch=batch, person=person, now=now)
        moving.ask_to_move(db, batch=batch, person=person, now=now, swap_with=2)
        assert [one.swap_with for one in moves.waiting(db, batch.id)] == [2]
        moving.stay(db, batch=batch, person=person, now=now, by="stayed")
        assert moves.waiting(db, batch.id) == []


@pytest.mark.usefixtures("early_in_the_hour")
def test_no_move_and_no_exchange_seats_two_who_are_kept_apart_and_nothing_says_why(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        kept(db, cast, "p1", "p2")
        batch, _ = two_tables(db, cast)
        before, code = seats(db, batch.id), batch.meetup.code
        assert before[1] != before[2]
        beside = next(n for n, table in before.items() if table == before[2] and n != 2)
    client.sign_in(cast.organiser)
    url = f"/m/{code}/desk/moves"
    tries = (
        {"number": "1", "table": str(before[2])},
        {"number": "1", "with": str(beside)},
        {"number": "1", "table": "77"},
    )
    said = {client.post_form(url, given).text for given in tries}
    assert all(NOT_POSSIBLE in text for text in said)
    assert not [text for text in said if "kept apart" in text or "p2@" in text]
    assert client.post_form(url, {"number": "1", "with": "2"}).status_code == 303
    with database.reading() as db:
        assert seats(db, batch.id) == before | {1: before[2], 2: before[1]}
    codes = [client.post_form(url, {"number": "1", "table": "77"}).status_code for _ in range(8)]
    assert codes[-1] == 429, "nobody finds out by trying one table after the other"


def test_the_tries_for_one_person_are_counted_however_their_number_is_typed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _ = two_tables(db, cast)
        url = f"/m/{batch.meetup.code}/desk/moves"
    client.sign_in(cast.organiser)
    typed = ["1", "01", "001", "0001", " 1", "1 ", "\t1", "      1"]
    codes = [client.post_form(url, {"number": one, "table": "77"}).status_code for one in typed]
    assert set(codes) == {422}
    assert client.post_form(url, {"number": "00001", "table": "77"}).status_code == 429
    assert client.post_form(url, {"number": "2", "with": "1"}).status_code == 429
    assert client.post_form(url, {"number": "2", "table": "77"}).status_code == 422


def test_who_comes_late_or_comes_back_sits_away_from_whom_they_are_kept_from(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        kept(db, cast, "p1", "late")
        batch, joined = two_tables(db, cast)
        first = joined[0].participant
        now = clock.now()
        joining.leave(db, batch=batch, person=first, now=now)
        late = a_participant(db, batch, "Late", HANOVER).participant
        assert late.breakout_id == first.breakout_id, "the chair is free while they are away"
        from campaign.meetups.operations.returning import come_back
        from campaign.meetups.rules.words import words_of

        back = come_back(db, batch=batch, words=words_of(joined[0].key)).participant
        assert back.breakout_id != late.breakout_id
        assert seats(db, batch.id)[1] != seats(db, batch.id)[late.number]
    with database.unit_of_work() as db:
        kept(db, cast, "p3", "later")
        batch = db.get_one(Batch, batch.id)
        later = a_participant(db, batch, "Later", HANOVER).participant
        assert seats(db, batch.id)[later.number] != seats(db, batch.id)[3]


def test_who_is_moved_leaves_what_waited_for_them_at_their_table(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, joined = two_tables(db, cast)
        person = joined[0].participant
        filling.hold_table(db, batch=batch, person=person)
        card = card_of(db, person).card
        filling.ask_host(db, batch=batch, card=card, host=person)
        seat = people.by_number(db, batch_id=batch.id, number=1)
        assert seat is not None
        assert seat.breakout is not None
        moving.move(
            db, batch=batch, person=seat, to=3 - seat.breakout.number, now=clock.now(),
            actor_id=cast.organiser.id,
        )  # fmt: skip
        db.refresh(card)
        assert (card.host_id, person.convenes) == (None, False)


def test_strategy_tables_are_moved_between_too(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        person = people.by_number(db, batch_id=batch.id, number=1)
        assert person is not None
        assert person.strategy is not None
        to = person.strategy.number % 3 + 1
        moving.move(
            db, batch=batch, person=person, to=to, now=clock.now(), actor_id=cast.organiser.id
        )
        found = {n: table for n, table, _ in rooms.seats(db, batch.id, "strategy")}
        assert found[1] == to


@pytest.mark.storm
def test_of_two_who_tap_at_once_to_lead_the_table_one_does(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, joined = two_tables(db, cast, 6)
        ids = [one.participant.id for one in joined]
        table = joined[0].participant.breakout_id
        beside = [one.participant.id for one in joined if one.participant.breakout_id == table][:2]
    assert len(set(beside)) == 2 <= len(ids)
    start, said = Barrier(2), list[str]()

    def go(person_id: int) -> None:
        start.wait()
        try:
            with database.unit_of_work() as db:
                held = db.get_one(Batch, batch.id)
                filling.hold_table(db, batch=held, person=db.get_one(Participant, person_id))
            said.append("leads")
        except Conflict:
            said.append("somebody else does")

    threads = [Thread(target=go, args=(one,)) for one in beside]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(said) == ["leads", "somebody else does"]
    with database.reading() as db:
        lead = select(Participant.id).where(Participant.convenes, Participant.breakout_id == table)
        assert len(db.scalars(lead).all()) == 1
