"""Strategy tables by topic: voted, dealt by preference, mixed within; without topics as before."""

import random
from collections.abc import Mapping, Sequence
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaign.conduct.operations.apart import keep_apart
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Participant, Topic, TopicVote
from campaign.meetups.operations import topics
from campaign.meetups.queries import rooms
from campaign.meetups.queries import sheets as written
from campaign.meetups.queries.topics import ballot_of, topics_of
from campaign.meetups.rules.mixing import MOST, Guest, mix, tables_for
from campaign.meetups.rules.parting import FEWEST_APART, still_together
from campaign.meetups.rules.topics import deal_topics, held, shares
from campaign.people.operations import meet
from tests.cast import Cast
from tests.meetups.conftest import phone
from tests.meetups.test_mixing import can_be_parted
from tests.meetups.test_strategy import a_hall, go_to, note_an_idea
from tests.proof_reader import ProofReadingClient

Choices = Mapping[int, Sequence[int]]


def test_the_topics_with_most_votes_get_tables_at_most_eight_and_one_a_table() -> None:
    assert held([3, 0, 5, 1], tables=9) == [0, 2, 3]
    assert held([3, 0, 5, 1], tables=2) == [0, 2]
    assert held([0, 0, 0], tables=9) == [0, 1, 2]
    assert held([1] * 12, tables=30) == list(range(8))


def test_tables_go_where_most_wait_and_none_is_without() -> None:
    assert shares([40, 20, 4], tables=8) == [5, 2, 1]
    assert shares([0, 0, 0], tables=4) == [2, 1, 1]
    assert sum(shares([7, 7, 7], tables=11)) == 11


def wishing(people: int, dice: random.Random, many: int) -> dict[int, list[int]]:
    return {
        number: dice.sample(range(many), min(many, dice.randint(0, 3)))
        for number in range(1, people + 1)
    }


def by_topic(dealt) -> dict[int, set[int]]:  # type: ignore[no-untyped-def]
    found: dict[int, set[int]] = {}
    for one in dealt:
        found.setdefault(one.topic, set()).update(one.table.numbers)
    return found


def test_where_there_is_room_everybody_talks_about_what_they_chose_first() -> None:
    guests = [Guest(n, f"BN{n % 5}") for n in range(1, 33)]
    choices = {n: [n % 2, 1 - n % 2] for n in range(1, 33)}
    found = by_topic(deal_topics(guests, topics=2, choices=choices, seed=3))
    assert found == {t: {n for n in range(1, 33) if n % 2 == t} for t in (0, 1)}


def test_two_who_would_both_be_better_off_change_places() -> None:
    guests = [Guest(n) for n in range(1, 17)]
    eager = {n: [0, 1] for n in range(1, 9)}
    choices = eager | {n: [0, 1] for n in range(9, 16)} | {16: [1, 0]}
    dealt = by_topic(deal_topics(guests, topics=2, choices=choices, seed=1))
    assert 16 in dealt[1]
    assert {len(numbers) for numbers in dealt.values()} == {8}


@st.composite
def topic_rooms(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    people = draw(st.sampled_from([1, 2, 9, 11, 12, 16, 41, 61]) | st.integers(1, 130))
    many = draw(st.integers(1, 10))
    dice = random.Random(draw(st.integers(0, 10_000)))
    guests = [
        Guest(n, f"BN{dice.randint(1, 6)}", leads=dice.random() < 0.2) for n in range(1, people + 1)
    ]
    fashion = draw(st.sampled_from(["spread", "all one", "none"]))
    choices = {
        "spread": wishing(people, dice, many),
        "all one": {n: [0] for n in range(1, people + 1)},
        "none": {},
    }[fashion]
    seats = list(range(1, people + 1))
    dice.shuffle(seats)
    couples = [{seats.pop(), seats.pop()} for _ in range(3) if len(seats) > 8]
    shy = draw(
        st.lists(st.sets(st.integers(1, people), min_size=2, max_size=2), max_size=3)
        if people > 1
        else st.just([])
    )
    return guests, many, choices, couples, {frozenset(p) for p in shy}, draw(st.integers(0, 9999))


@settings(max_examples=1000, deadline=None)
@given(topic_rooms())
def test_in_any_room_with_topics_everybody_sits_once_and_capacities_are_kept(room) -> None:  # type: ignore[no-untyped-def]
    guests, many, choices, couples, apart, seed = room

    def deal():  # type: ignore[no-untyped-def]
        return deal_topics(
            guests, topics=many, choices=choices, seed=seed, together=couples, apart=apart
        )

    dealt = deal()
    sizes = [len(one.table.guests) for one in dealt]
    assert sorted(n for one in dealt for n in one.table.numbers) == [g.number for g in guests]
    assert 0 <= len(dealt) - tables_for(len(guests)) <= bool(apart)
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= MOST
    assert len(dealt) == 1 or min(sizes) >= (FEWEST_APART if apart else 5)
    assert len({one.topic for one in dealt}) <= min(8, len(dealt))
    if can_be_parted(len(guests), apart):
        assert still_together([one.table.numbers for one in dealt], apart) == []
    if not apart:
        for couple in couples:
            assert any(couple <= one.table.numbers for one in dealt), couple
    again = [(one.topic, one.table.numbers) for one in deal()]
    assert again == [(one.topic, one.table.numbers) for one in dealt]


def test_a_thousand_people_mostly_get_their_first_choice() -> None:
    dice = random.Random(5)
    guests = [Guest(n, f"BN{n % 12}") for n in range(1, 1004)]
    choices = {
        n: list(dict.fromkeys(dice.choices(range(8), weights=[9, 8, 7, 3, 2, 1, 1, 1], k=3)))
        for n in range(1, 1004)
    }
    dealt = deal_topics(guests, topics=8, choices=choices, seed=7)
    first = sum(choices[number][0] == one.topic for one in dealt for number in one.table.numbers)
    assert first / 1003 > 0.9
    assert len(dealt) == 125


def test_without_topics_the_deal_is_the_one_it_was(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        same = mix([Guest(p.number, p.branch) for p in people], seed=batch.meetup.seed)
        views = written.sheets_of(db, batch.id)
        found = [{p.number for p in written.at_table(db, v.table.id)} for v in views]
        assert found == [table.numbers for table in same]
        assert {view.table.topic for view in views} == {""}


def with_topics(database: Database, cast: Cast, many: int = 20):  # type: ignore[no-untyped-def]
    with database.unit_of_work() as db:
        batch, people, keys = a_hall(db, cast, many)
        topics.choose_topics(db, batch=batch, kind="propose", actor_id=cast.organiser.id)
        made = [
            topics.set_topic(db, batch=batch, text=text, now=clock.now())
            for text in ("Rents", "Buses")
        ]
        ids = [one.public_id for one in made]
        for person in people:
            chosen = ids if person.number % 4 else ids[::-1]
            topics.vote(db, batch=batch, person=person, chosen=chosen)
        return batch.id, batch.meetup.code, keys, ids


def test_people_are_dealt_by_topic_and_the_sheet_asks_about_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    batch_id, code, keys, _ = with_topics(database, cast)
    with database.unit_of_work() as db:
        batch = go_to(db, db.get_one(Batch, batch_id), "strategy", cast.organiser.id)
        views = written.sheets_of(db, batch.id)
        assert sorted(view.table.topic for view in views) == ["Buses", "Rents", "Rents"]
        topic_of = {
            p.number: view.table.topic
            for view in views
            for p in written.at_table(db, view.table.id)
        }
        writer = rooms.present(db, batch.id)[0]
        note_an_idea(db, batch, writer, "Ring the street")
        other = next(p for p in rooms.present(db, batch.id) if topic_of[p.number] == "Buses")
        note_an_idea(db, batch, other, "A night bus")
    first = phone(client, code, keys[0])
    assert topic_of[1] in first.get(f"/m/{code}").text
    assert topic_of[1] in first.get(f"/m/{code}/sheet").text
    screen = client.get(f"/m/{code}/screen").text
    assert "2 topics, with more tables where more chose first" in screen
    assert "seed" in screen
    with database.unit_of_work() as db:
        go_to(db, db.get_one(Batch, batch_id), "report_back", cast.organiser.id)
    page = first.get(f"/m/{code}").text
    assert page.count("topic-h") == 2
    for topic, idea in (("Buses", "A night bus"), (topic_of[1], "Ring the street")):
        assert f'topic-h">{topic}' in page
        assert idea in page.split(f'topic-h">{topic}')[1].split("topic-h")[0]


def test_a_ballot_is_kept_in_its_order_and_a_tap_that_is_sent_twice_counts_once(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    batch_id, code, keys, ids = with_topics(database, cast)
    one = phone(client, code, keys[0])
    assert "Choose what your table talks about" in one.get(f"/m/{code}").text
    for _ in range(2):
        sent = one.post_form(f"/m/{code}/topics", {"ballot": f"{ids[1]} {ids[0]}"})
        assert sent.status_code == 303
    assert "1st" in one.get(f"/m/{code}/topics").text
    with database.reading() as db:
        person = rooms.present(db, batch_id)[0]
        assert ballot_of(db, person.id) == [ids[1], ids[0]]
    too_many = one.post_form(f"/m/{code}/topics", {"ballot": "a b c d"})
    assert too_many.status_code == 422
    assert "three votes" in too_many.text
    assert one.post_form(f"/m/{code}/topics", {"ballot": "gone"}).status_code == 303


def test_somebody_proposes_one_topic_and_not_two(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    batch_id, code, keys, _ = with_topics(database, cast)
    one = phone(client, code, keys[0])
    assert one.post_form(f"/m/{code}/topics/new", {"topic": "Parks"}).status_code == 303
    again = one.post_form(f"/m/{code}/topics/new", {"topic": "Trees"})
    assert again.status_code == 409
    assert "proposed a topic already" in again.text
    assert one.post_form(f"/m/{code}/topics/new", {"topic": " "}).status_code == 422
    with database.unit_of_work() as db:
        assert [v.topic.text for v in topics_of(db, batch_id)] == ["Rents", "Buses", "Parks"]
        go_to(db, db.get_one(Batch, batch_id), "strategy", cast.organiser.id)
    late = phone(client, code, keys[1]).post_form(f"/m/{code}/topics/new", {"topic": "Trees"})
    assert late.status_code == 422


@pytest.mark.storm
def test_one_phone_that_proposes_twice_at_once_proposes_one(database: Database, cast: Cast) -> None:
    batch_id, _, _, _ = with_topics(database, cast, 6)
    start, said = Barrier(2), list[str]()

    def go(text: str) -> None:
        start.wait()
        try:
            with database.unit_of_work() as db:
                person = rooms.present(db, batch_id)[0]
                batch = db.get_one(Batch, batch_id)
                topics.propose(db, batch=batch, person=person, text=text, now=clock.now())
            said.append("made")
        except Conflict:
            said.append("refused")

    threads = [Thread(target=go, args=(text,)) for text in ("Parks", "Trees")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(said) == ["made", "refused"]


def test_the_desk_sets_topics_and_takes_one_away_with_its_votes(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    batch_id, code, _, ids = with_topics(database, cast)
    url = f"/m/{code}/desk/topics"
    client.sign_in(cast.stranger)
    assert client.get(url).status_code == 404
    assert client.post_form(f"{url}/{ids[0]}", {}).status_code == 404
    client.sign_in(cast.organiser)
    assert client.post_form(url, {"kind": "set", "topic": "Schools"}).status_code == 303
    assert "Schools" in client.get(url).text
    assert client.post_form(url, {"kind": "none", "topic": "Schools"}).status_code == 422
    assert client.post_form(f"{url}/{ids[0]}", {}).status_code == 303
    with database.reading() as db:
        assert [v.topic.text for v in topics_of(db, batch_id)] == ["Buses", "Schools"]
        held_votes = db.scalar(
            select(func.count(TopicVote.id)).join(Topic, Topic.id == TopicVote.topic_id)
        )
        assert held_votes == 20


def test_a_pair_that_is_kept_apart_is_so_whatever_both_chose(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, _ = a_hall(db, cast, 18)
        one, other = (meet(db, email=f"{name}@people.example", name=name) for name in ("p1", "p2"))
        keep_apart(db, one=one, other=other, actor_id=cast.organiser.id)
        topics.choose_topics(db, batch=batch, kind="set", actor_id=cast.organiser.id)
        made = [
            topics.set_topic(db, batch=batch, text=text, now=clock.now())
            for text in ("Rents", "Buses")
        ]
        for person in people:
            topics.vote(db, batch=batch, person=person, chosen=[made[person.number > 9].public_id])
        go_to(db, batch, "strategy", cast.organiser.id)
        seats = {p.number: p.strategy_id for p in db.scalars(select(Participant))}
        assert seats[1] != seats[2]


def test_topics_are_for_an_evening_with_strategy_tables(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        batch, _, _ = a_hall(db, cast, 6)
        batch.meetup.preset = "short"
        db.flush()
        with pytest.raises(Refused, match="strategy tables"):
            topics.choose_topics(db, batch=batch, kind="set", actor_id=cast.organiser.id)
