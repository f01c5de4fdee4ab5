"""What the desk does with many cards: by policy, at one tap, one of two, and a helper sent."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations import trust_host
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Breakout, Card, HelpWanted, Participant
from campaign.meetups.operations import desking
from campaign.meetups.operations.committing import person_of
from campaign.meetups.operations.filling import CardPlace, begin_card, help_host
from campaign.meetups.operations.publishing import accept
from campaign.meetups.queries import rooms
from campaign.meetups.queries.tables import (
    CardView,
    card_by_public_id,
    cards_of_batch,
    cards_of_table,
)
from campaign.meetups.rules.duplicates import Plan, Twin, twins
from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.meetups.making import (
    CENTRE,
    HALL,
    a_meetup,
    a_participant,
    accepted,
    another,
    asked,
    card_of,
    coming,
    move_to,
    statuses,
)
from tests.proof_reader import ProofReadingClient

DAY, SEVEN = date(2026, 12, 1), time(19)


def plan(key: int, **given: object) -> Plan:
    values = {"day": DAY, "start": SEVEN, "minutes": 120, "venue": "Hanover Centre", "host": key}
    return Plan(key, **values | given)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, [Twin(1, 2, True)]),
        ({"start": time(20, 30)}, [Twin(1, 2, True)]),
        ({"start": time(20, 31)}, []),
        ({"day": date(2026, 12, 2)}, []),
        ({"venue": "hanover centre"}, [Twin(1, 2, True)]),
        ({"venue": "Library"}, []),
        ({"venue": "Library", "host": 1}, [Twin(1, 2, False)]),
        ({"venue": "Library", "host": 1, "start": time(21)}, []),
        ({"venue": "", "lat": 50.83, "lng": -0.127}, []),
        ({"start": None}, []),
    ],
)
def test_the_same_place_or_the_same_host_at_the_same_time_is_a_clash(
    other: dict, found: list[Twin]
) -> None:
    assert twins([plan(1), plan(2, **other)]) == found


def test_two_doors_near_one_another_are_one_place() -> None:
    near = [plan(1, venue="A", lat=50.83, lng=-0.127), plan(2, venue="B", lat=50.831, lng=-0.127)]
    assert twins(near) == [Twin(1, 2, True)]


def test_two_towns_have_a_town_hall_each() -> None:
    hall = {"venue": "Town Hall", "lat": 50.8279, "lng": -0.1688}
    far = plan(2, **hall | {"lng": -0.374, "lat": 50.815})
    assert twins([plan(1, **hall), far]) == []
    near = plan(2, **hall | {"lat": 50.8325})
    assert twins([plan(1, **hall), near]) == [Twin(1, 2, True)], "half a kilometre: one hall"
    unknown = plan(2, venue="Town Hall")
    assert twins([plan(1, **hall), unknown]) == [Twin(1, 2, True)]


def at_the_desk(db: Session, cast: Cast, publishes: str) -> tuple[Batch, list[Participant]]:
    meetup = a_meetup(db, cast, publishes=publishes)
    batch = rooms.batch_of(db, meetup)
    people = [a_participant(db, batch, name).participant for name in ("Bea", "Cem", "Dora", "Eli")]
    return move_to(db, batch, "local", cast.organiser.id), people


@pytest.mark.parametrize(
    ("publishes", "trusted", "signed_in", "state"),
    [
        ("at once", False, False, "listed"),
        ("desk", True, True, "unlisted"),
        ("trusted", True, True, "listed"),
        ("trusted", True, False, "unlisted"),  # anybody can type an address that is trusted
        ("trusted", False, True, "unlisted"),
    ],
)
def test_a_card_goes_on_the_map_by_the_policy_of_its_meetup(
    database: Database, cast: Cast, publishes: str, trusted: bool, signed_in: bool, state: str
) -> None:
    with database.unit_of_work() as db:
        batch, (bea, *_) = at_the_desk(db, cast, publishes)
        person = person_of(db, bea)
        if trusted:
            trust_host(db, host=person, actor_id=cast.organiser.id, note="Known")
        event = accept(
            db, batch=batch, view=asked(db, batch, bea), host=bea, place=HALL, now=clock.now(),
            signed_in_as=person.id if signed_in else None,
        )  # fmt: skip
        assert event.state == state


def test_one_tap_publishes_the_solid_cards_of_trusted_hosts_and_no_others(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, (bea, cem, dora, eli) = at_the_desk(db, cast, "desk")
        trust_host(db, host=person_of(db, bea), actor_id=cast.organiser.id, note="Known")
        help_host(db, batch=batch, card=card_of(db, bea).card, cohost=cem, yes=True)
        coming(db, batch, dora)
        solid = accept(
            db, batch=batch, view=asked(db, batch, bea), host=bea, place=HALL, now=clock.now(),
            signed_in_as=bea.person_id,
        )  # fmt: skip
        begin_card(db, batch=batch, breakout_id=bea.breakout_id or 0, now=clock.now())
        blank = next(one for one in cards_of_batch(db, batch.id) if one.card.event_id is None)
        other = accepted(
            db, batch, eli, view=blank, kind="stall", start="14:00",
            place=CardPlace("venue", "Library", "BN1 1EE", 50.82, -0.14),
        )  # fmt: skip
        code, ids = batch.meetup.code, (solid.id, other.id)
    client.sign_in(cast.organiser)
    assert "Publish the solid one of a trusted host" in client.get(f"/m/{code}/desk").text
    assert client.post_form(f"/m/{code}/desk/solid", {}, most_queries=60).status_code == 303
    with database.reading() as db:
        assert [db.get_one(Event, one).state for one in ids] == ["listed", "unlisted"]
    client.sign_in(cast.stranger)
    assert client.post_form(f"/m/{code}/desk/solid", {}).status_code == 404


@pytest.mark.parametrize("off", ["called off", "taken down"])
def test_one_that_is_off_does_not_keep_the_others_from_the_map(
    client: ProofReadingClient, database: Database, cast: Cast, off: str
) -> None:
    with database.unit_of_work() as db:
        batch, (bea, cem, dora, eli) = at_the_desk(db, cast, "desk")
        planned = []
        for host, start in ((bea, "11:00"), (eli, "18:00")):
            trust_host(db, host=person_of(db, host), actor_id=cast.organiser.id, note="Known")
            view = another(db, batch, host) if planned else card_of(db, host)
            help_host(db, batch=batch, card=view.card, cohost=cem, yes=True)
            coming(db, batch, dora, view=view)
            view = asked(db, batch, host, view=view, start=start)
            planned.append(
                accept(
                    db, batch=batch, view=view, host=host, place=HALL, now=clock.now(),
                    signed_in_as=host.person_id,
                )
            )  # fmt: skip
        if off == "called off":
            events.cancel(db, event=planned[0], actor_id=cast.organiser.id)
        else:
            planned[0].hidden_at = clock.now()
        code, ids = batch.meetup.code, [one.id for one in planned]
    client.sign_in(cast.organiser)
    assert "Publish the solid one of a trusted host" in client.get(f"/m/{code}/desk").text
    assert client.post_form(f"/m/{code}/desk/solid", {}, most_queries=60).status_code == 303
    with database.reading() as db:
        first, second = (db.get_one(Event, one).state for one in ids)
        assert (first != "listed", second) == (True, "listed")


def two_cards(
    db: Session, cast: Cast, publishes: str = "desk"
) -> tuple[Batch, tuple[Participant, ...], CardView, CardView]:
    """Bea hosts what stands on the wall already; Eli planned the same, and Dora comes to his."""
    batch, (bea, cem, dora, eli) = at_the_desk(db, cast, publishes)
    first = accepted(db, batch, bea)
    begin_card(db, batch=batch, breakout_id=bea.breakout_id or 0, now=clock.now())
    blank = next(one for one in cards_of_batch(db, batch.id) if one.card.event_id is None)
    coming(db, batch, dora, view=blank)
    second = accepted(db, batch, eli, view=blank, start="11:30", place=CENTRE)
    views = {one.card.event_id: one for one in cards_of_batch(db, batch.id)}
    return batch, (bea, cem, dora, eli), views[first.id], views[second.id]


def test_two_of_the_same_that_went_on_the_map_by_themselves_are_seen_and_stay_two(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, first, second = two_cards(db, cast, "at once")
        assert first.card.published_at is not None
        assert second.card.published_at is not None
        code, card, into = batch.meetup.code, second.card.public_id, first.card.public_id
        other = Breakout(batch_id=batch.id, number=9, name="Hove", colour="blue")
    client.sign_in(cast.organiser)
    assert "Same place and time" not in client.get(f"/m/{code}/desk").text, "one table planned both"
    with database.unit_of_work() as db:
        db.add(other)
        db.flush()
        db.get_one(Card, second.card.id).breakout_id = other.id
    desk = client.get(f"/m/{code}/desk").text
    assert desk.count("Same place and time") == 2, "once beside each of them"
    assert "Put it with theirs" not in desk
    refused = client.post_form(f"/m/{code}/desk/cards/{card}/merge", {"into": into})
    assert refused.status_code == 422


def test_two_cards_of_the_same_are_made_one_and_nobody_s_yes_is_lost(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, kept, gone = two_cards(db, cast)
        code, into, card = batch.meetup.code, kept.card.public_id, gone.card.public_id
        kept_event, gone_event = kept.card.event_id, gone.card.event_id
        numbers = sorted(one.number for one in (kept.card.host, gone.card.host, *gone.coming))
    client.sign_in(cast.organiser)
    assert "Same place and time" in client.get(f"/m/{code}/desk").text
    sent = client.post_form(f"/m/{code}/desk/cards/{card}/merge", {"into": into}, most_queries=80)
    assert sent.status_code == 303
    with database.reading() as db:
        assert db.get_one(Event, gone_event).state == "cancelled"
        live = select(Rsvp.name).where(Rsvp.event_id == kept_event, Rsvp.status == "accepted")
        assert sorted(db.scalars(live)) == ["Bea", "Dora", "Eli"]
        batch = db.scalars(select(Batch)).one()
        assert card_by_public_id(db, batch_id=batch.id, public_id=card) is None
        view = card_by_public_id(db, batch_id=batch.id, public_id=into)
        there = sorted([view.card.host.number, *(one.number for one in view.coming)])
        assert there == numbers
    again = client.post_form(f"/m/{code}/desk/cards/{card}/merge", {"into": into})
    assert again.status_code == 404


def test_who_is_down_for_something_else_then_is_not_put_down_for_two(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, (bea, cem, dora, eli) = at_the_desk(db, cast, "desk")
        event = accepted(db, batch, bea)
        kept = card_of(db, bea)
        gone = asked(db, batch, eli, view=another(db, batch, eli), start="18:00")
        coming(db, batch, cem, dora, view=gone)
        hosted = asked(db, batch, dora, view=another(db, batch, dora), start="11:30")
        accept(db, batch=batch, view=hosted, host=dora, place=HALL, now=clock.now())
        given = {"now": clock.now(), "actor_id": cast.organiser.id}
        desking.merge(db, batch=batch, view=gone, into=kept, **given)
        assert sorted(statuses(db, event)) == ["Bea", "Cem", "Eli"]
        (view,) = (one for one in cards_of_batch(db, batch.id) if one.card.id == kept.card.id)
        assert [one.name for one in view.coming] == ["Eli", "Cem"]


def test_a_table_whose_only_card_went_to_another_gets_a_blank_one(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, kept, gone = two_cards(db, cast)
        table_id = gone.card.breakout_id
        other = Breakout(batch_id=batch.id, number=99, name="Hove", colour="teal")
        db.add(other)
        db.flush()
        kept.card.breakout_id = other.id
        db.flush()
        desking.merge(
            db, batch=batch, view=gone, into=kept, now=clock.now(), actor_id=cast.organiser.id
        )
        (left,) = cards_of_table(db, table_id)
        assert left.card.event_id is None
        assert left.state == "empty"


def test_what_is_on_the_map_or_has_no_host_to_go_with_is_not_merged(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, _, kept, gone = two_cards(db, cast)
        given = {"batch": batch, "now": clock.now(), "actor_id": cast.organiser.id}
        with pytest.raises(Refused, match="another card"):
            desking.merge(db, view=gone, into=gone, **given)
        begin_card(db, batch=batch, breakout_id=kept.card.breakout_id, now=clock.now())
        blank = next(one for one in cards_of_batch(db, batch.id) if one.card.event_id is None)
        with pytest.raises(Refused, match="no host yet"):
            desking.merge(db, view=gone, into=blank, **given)
        gone.card.published_at = clock.now()
        db.flush()
        with pytest.raises(Refused, match="on the map already"):
            desking.merge(db, view=gone, into=kept, **given)


@pytest.mark.usefixtures("places", "asked_anew")
def test_a_table_calls_a_helper_and_stands_first_at_the_desk_until_somebody_goes(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    for _ in range(2):
        assert room.tom.post_form(room.at("/table/help"), {}).status_code == 303
    assert "A helper is called" in room.tom.get(room.at("/table")).text
    client.sign_in(cast.organiser)
    page = client.get(room.at("/desk")).text
    assert "Needs help" in page
    assert client.post_form(room.at("/desk/helped"), {"table": "1"}).status_code == 303
    assert client.post_form(room.at("/desk/helped"), {"table": "x"}).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(HelpWanted)).all() == []
    assert "Needs help" not in client.get(room.at("/desk")).text
    client.sign_in(cast.stranger)
    assert client.post_form(room.at("/desk/helped"), {"table": "1"}).status_code == 404


@pytest.mark.usefixtures("places", "asked_anew")
def test_the_desk_says_what_each_card_needs_and_sends_help_with_one_tap(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    filling = room.at(f"/cards/{room.card}")
    assert room.tom.post_form(filling, {"kind": "stall"}).status_code == 303
    looked = room.bea.get(room.at("/state")).json
    client.sign_in(cast.organiser)
    page = client.get(room.at("/desk")).text
    assert "Needs a day, a start, a place, a host" in page
    assert 'aria-label="Send help to table 1">Send help</button>' in page
    for _ in range(2):
        assert client.post_form(room.at("/desk/help"), {"table": "1"}).status_code == 303
    page = client.get(room.at("/desk")).text
    assert "Needs help" in page
    assert "On my way" in page
    assert "Send help" not in page, "it is sent"
    # The table reads it without being asked to, and its phones fetch their page for it.
    told = room.bea.get(room.at(f"/state?v={looked['version']}&p={looked['page']}"))
    assert told.status_code == 200
    assert "A helper is called" in room.bea.get(room.at("/table")).text
    for number in ("9", "x", ""):
        assert client.post_form(room.at("/desk/help"), {"table": number}).status_code == 404
    client.sign_in(cast.stranger)
    assert client.post_form(room.at("/desk/help"), {"table": "1"}).status_code == 404


@pytest.mark.usefixtures("places", "asked_anew")
def test_no_help_is_sent_to_a_card_that_needs_nothing_and_it_says_what_makes_it_solid(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea = rooms.present(db, batch.id)[0]
        accepted(db, batch, bea)
    client.sign_in(cast.organiser)
    page = client.get(room.at("/desk")).text
    assert "On the map. To be solid: a co-host, 2 more names" in page
    assert "Send help" not in page


@pytest.mark.usefixtures("places", "asked_anew")
def test_a_host_s_phone_takes_their_colour_at_the_ask(
    database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        db.get_one(Batch, room.batch_id).phase = "ask"
    assert "is-host" not in room.bea.get(room.at()).text
    assert room.bea.post_form(room.at("/willing"), {"answer": "host"}).status_code == 303
    page = room.bea.get(room.at()).text
    assert "is-host" in page
    assert "Hosts are green" in page
    assert "is-host" not in room.tom.get(room.at()).text


@pytest.mark.usefixtures("places", "asked_anew")
def test_who_has_taken_nothing_is_offered_what_is_near_at_the_close_and_can_still_take_it(
    database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        accepted(db, batch, rooms.present(db, batch.id)[0])
        db.get_one(Batch, room.batch_id).phase = "close"
    page = room.tom.get(room.at()).text
    assert "Near you" in page
    assert "Phonebank at Hanover Centre" in page
    assert "ring from home" in page
    assert room.tom.post_form(room.at(f"/wall/{room.card}"), {}, most_queries=60).status_code == 303
    page = room.tom.get(room.at()).text
    assert "You’re down for this" in page
    assert "Near you" not in page
    with database.unit_of_work() as db:
        db.get_one(Batch, room.batch_id).phase = "over"
    assert "You’re down for this" in room.tom.get(room.at()).text
