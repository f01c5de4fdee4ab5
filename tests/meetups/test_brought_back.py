"""Whom the door brought back by mistake, though they had left, is put back to where they were."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Door, Rsvp
from campaign.events.rules.door import fresh_nonce
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Card, Commitment, Meetup, Participant
from campaign.meetups.operations import committing, joining, returning
from campaign.meetups.queries import rooms
from campaign.meetups.rules.expected import OnTheirPhone
from campaign.meetups.rules.words import words_of
from tests.cast import Cast
from tests.meetups.expecting import ANN, an_evening, bring, take_back, the_list
from tests.meetups.making import a_participant, accepted, card_of, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("app", "places", "asked_anew")
HANDS = 6
Act = Callable[..., object]


@pytest.fixture
def db(database: Database, cast: Cast) -> Iterator[Session]:
    """One transaction for the whole test."""
    with database.unit_of_work() as session:
        yield session


def who_left(
    db: Session, cast: Cast, *, door_first: bool = False
) -> tuple[Meetup, Rsvp, Participant, str]:
    """Ann came with her phone, and has left by it half an hour ago; the key of that phone."""
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    if door_first:
        bring(db, cast, meetup, rsvp)
    batch = rooms.batch_of(db, meetup)
    joined = a_participant(db, batch, "Ann", email=ANN)
    ago = clock.now() - timedelta(minutes=30)
    joining.leave(db, batch=batch, person=joined.participant, now=ago)
    return meetup, rsvp, joined.participant, joined.key


def is_here(db: Session, meetup: Meetup) -> bool:
    (line,) = the_list(db, meetup)
    return line.is_here


def counted_in(db: Session, meetup: Meetup) -> int:
    return db.scalars(select(Door.came_in).where(Door.event_id == meetup.event_id)).one()


@pytest.mark.parametrize("door_first", [False, True])
def test_one_tap_puts_them_back_to_where_they_were(
    db: Session, cast: Cast, door_first: bool
) -> None:
    meetup, rsvp, ann, _ = who_left(db, cast, door_first=door_first)
    left_at = ann.left_at
    before = (rsvp.attendance, 1 if door_first else 0)
    assert before[0] == ("came" if door_first else "unknown")
    assert bring(db, cast, meetup, rsvp) is ann
    (line,) = the_list(db, meetup)
    assert (line.is_here, line.has_phone, line.is_back, line.may_undo) == (True, True, True, True)
    assert (counted_in(db, meetup), rsvp.attendance) == (1, "came")
    take_back(db, cast, meetup, rsvp)
    db.refresh(rsvp)
    assert (ann.left_at, ann.had_left_at) == (left_at, None)
    assert (rsvp.attendance, counted_in(db, meetup)) == before
    (line,) = the_list(db, meetup)
    assert (line.number, line.is_here, line.may_undo) == (1, False, False)
    assert rooms.counts(db, meetup, rooms.batch_of(db, meetup)).here == 0


def test_it_is_done_once_however_often_and_late_it_is_sent(db: Session, cast: Cast) -> None:
    meetup, rsvp, ann, _ = who_left(db, cast, door_first=True)
    left_at, came, back, stale = ann.left_at, fresh_nonce(), fresh_nonce(), fresh_nonce()
    bring(db, cast, meetup, rsvp, nonce=came)
    take_back(db, cast, meetup, rsvp, nonce=back)
    take_back(db, cast, meetup, rsvp, nonce=back)
    take_back(db, cast, meetup, rsvp, nonce=stale)
    bring(db, cast, meetup, rsvp, nonce=came)
    assert ann.left_at == left_at
    assert (counted_in(db, meetup), rsvp.attendance) == (1, "came")
    bring(db, cast, meetup, rsvp)
    for late in (back, stale):
        take_back(db, cast, meetup, rsvp, nonce=late)
        assert is_here(db, meetup), "a tap from before they came back"
    take_back(db, cast, meetup, rsvp)
    assert ann.left_at == left_at


def test_what_they_had_is_theirs_as_of_anybody_who_leaves(db: Session, cast: Cast) -> None:
    meetup, (rsvp, _) = an_evening(db, cast, "Ann Barnes", "Bob Carr")
    batch = rooms.batch_of(db, meetup)
    ann = a_participant(db, batch, "Ann", email=ANN).participant
    host = a_participant(db, batch, "Bea").participant
    batch = move_to(db, batch, "local", cast.organiser.id)
    accepted(db, batch, host)
    committing.take(db, batch=batch, view=card_of(db, host), person=ann, now=clock.now())
    table = ann.breakout_id
    joining.leave(db, batch=batch, person=ann, now=clock.now())
    bring(db, cast, meetup, rsvp)
    assert ann.breakout_id == table
    # Meanwhile the desk reads in a sheet: she holds the table, and a card waits for her yes.
    ann.convenes = True
    waits = Card(breakout_id=table, host_id=ann.id, begun_at=clock.now())
    db.add(waits)
    db.flush()
    take_back(db, cast, meetup, rsvp)
    db.refresh(waits)
    assert (ann.breakout_id, ann.convenes, waits.host_id) == (table, False, None)
    assert db.scalars(select(Commitment.participant_id)).all().count(ann.id) == 1
    assert [one.number for one in rooms.present(db, batch.id)] == [host.number]


def test_whose_own_phone_came_back_is_taken_back_by_no_door(db: Session, cast: Cast) -> None:
    meetup, rsvp, ann, key = who_left(db, cast)
    bring(db, cast, meetup, rsvp)
    returning.come_back(db, batch=rooms.batch_of(db, meetup), words=words_of(key))
    (line,) = the_list(db, meetup)
    assert (line.is_here, line.may_undo) == (True, False)
    with pytest.raises(OnTheirPhone, match="Number 1 is on a phone"):
        take_back(db, cast, meetup, rsvp)
    assert ann.left_at is None


def test_who_left_again_by_themselves_left_then(db: Session, cast: Cast) -> None:
    meetup, rsvp, ann, _ = who_left(db, cast)
    bring(db, cast, meetup, rsvp)
    now = clock.now()
    joining.leave(db, batch=rooms.batch_of(db, meetup), person=ann, now=now)
    take_back(db, cast, meetup, rsvp)
    assert (ann.left_at, rsvp.attendance) == (now, "came")


def test_who_had_no_phone_and_was_here_is_not_forgotten_by_it(db: Session, cast: Cast) -> None:
    """Their slip is in a pocket: what the door undoes is its own tap, and not the evening."""
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    ann = bring(db, cast, meetup, rsvp)
    assert ann is not None
    batch = rooms.batch_of(db, meetup)
    joining.leave(db, batch=batch, person=ann, now=clock.now())
    bring(db, cast, meetup, rsvp)
    take_back(db, cast, meetup, rsvp)
    assert db.scalars(select(Participant.number)).all() == [1]
    assert (is_here(db, meetup), rsvp.attendance, counted_in(db, meetup)) == (False, "came", 1)


def test_the_undo_lasts_until_the_evening_is_over_and_is_of_this_evening(
    db: Session, cast: Cast
) -> None:
    meetup, rsvp, ann, _ = who_left(db, cast)
    bring(db, cast, meetup, rsvp)
    other, _ = an_evening(db, cast)
    with pytest.raises(NotFound):
        take_back(db, cast, other, rsvp)
    a_participant(db, batch := rooms.batch_of(db, meetup), "Tom")
    move_to(db, batch, "over", cast.organiser.id)
    with pytest.raises(Refused, match="This meetup is over"):
        take_back(db, cast, meetup, rsvp)
    assert ann.left_at is None


def test_who_came_to_another_sitting_is_neither_brought_in_nor_taken_back(
    db: Session, cast: Cast
) -> None:
    meetup, rsvp, ann, _ = who_left(db, cast)
    other = Batch(meetup_id=meetup.id, number=2, phase="doors", phase_since=clock.now())
    db.add(other)
    db.flush()
    ann.batch_id, ann.left_at = other.id, None
    db.flush()
    assert not is_here(db, meetup)
    for act in (bring, take_back):
        with pytest.raises(Conflict, match="another sitting of this meetup"):
            act(db, cast, meetup, rsvp)
    assert (ann.left_at, rsvp.attendance) == (None, "unknown")


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


@pytest.fixture
def back(desk: ProofReadingClient, database: Database, cast: Cast) -> tuple[str, str, str]:
    """Ann, who had left, was brought back: the list, her sign-up, the key of her phone."""
    with database.unit_of_work() as db:
        meetup, rsvp, _, key = who_left(db, cast)
        who, address = rsvp.public_id, f"/m/{meetup.code}/door/list"
    assert desk.post_form(address, {"came": who}, page=address).status_code == 303
    return address, who, key


def test_the_list_and_the_words_about_the_tap_have_the_undo(
    desk: ProofReadingClient, database: Database, back: tuple[str, str, str]
) -> None:
    address, who, _ = back
    page = desk.get(f"{address}?last={who}").text
    assert "They had left, and are here again." in page
    assert page.count(f'name="back" value="{who}"') == 2
    assert page.count("Not them? Bring in at the door<") == 1, "the line has the undo"
    assert 'aria-label="Undo: Ann B., ticket 1, is not here">Undo' in page
    sent = desk.post_form(address, {"back": who}, page=address)
    page = desk.get(sent.headers["Location"]).text
    assert "Ann B. is not in the hall." in page
    assert 'aria-label="They are here: Ann B., ticket 1"' in page
    with database.reading() as db:
        held = db.scalars(select(Participant)).one()
        assert held.left_at is not None
        assert held.left_at < clock.now() - timedelta(minutes=29)


def test_what_their_own_phone_does_ends_the_undo(
    desk: ProofReadingClient, back: tuple[str, str, str]
) -> None:
    """A phone that never heard that it had left still has its key."""
    address, who, key = back
    room = address.removesuffix("/door/list")
    phone = desk.application.test_client()
    phone.set_cookie("meetup", key, path=room)
    assert phone.get(room).status_code == 200
    assert f'name="back" value="{who}"' in desk.get(address).text, "a look alone says nothing"
    assert phone.post_form(f"{room}/willing", {"answer": "come"}, page=room).status_code == 303
    assert f'name="back" value="{who}"' not in desk.get(address).text
    refused = desk.post_form(address, {"back": who}, page=address)
    assert refused.status_code == 422
    assert "on a phone of their own" in refused.text


def test_nobody_undoes_it_who_has_no_business_at_the_door(
    desk: ProofReadingClient, database: Database, cast: Cast, back: tuple[str, str, str]
) -> None:
    address, who, _ = back
    with database.unit_of_work() as db:
        other, _ = an_evening(db, cast)
    elsewhere = desk.post_form(f"/m/{other.code}/door/list", {"back": who})
    assert elsewhere.status_code == 404
    for person in (cast.stranger, cast.supporter, cast.caller, cast.lead):
        desk.sign_in(person)
        assert desk.post_form(address, {"back": who}).status_code == 404
    desk.sign_out()
    assert desk.post_form(address, {"back": who}, page="/").status_code == 303, "to the sign-in"
    with database.reading() as db:
        assert db.scalars(select(Participant)).one().left_at is None


def at_once(database: Database, cast: Cast, of: tuple[str, int], acts: list[Act]) -> None:
    """All of them on connections of their own, from the same instant; nothing goes wrong."""
    ready, wrong = threading.Barrier(len(acts)), list[Exception]()

    def hand(act: Act) -> None:
        ready.wait()
        try:
            with database.unit_of_work() as db:
                found = rooms.meetup_by_code(db, of[0])
                assert found is not None
                act(db, cast, found, db.get_one(Rsvp, of[1]))
        except Exception as error:
            wrong.append(error)

    hands = [threading.Thread(target=hand, args=(act,)) for act in acts]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert wrong == []


@pytest.mark.storm
@pytest.mark.parametrize("door_first", [False, True])
@pytest.mark.parametrize("acts", [[take_back] * HANDS, [take_back, bring] * 3])
def test_of_many_doors_at_once_each_leaves_them_here_or_as_they_had_left(
    database: Database, cast: Cast, door_first: bool, acts: list[Act]
) -> None:
    with database.unit_of_work() as db:
        meetup, rsvp, ann, _ = who_left(db, cast, door_first=door_first)
        bring(db, cast, meetup, rsvp)
        of, left_at = (meetup.code, rsvp.id), ann.had_left_at
    at_once(database, cast, of, acts)
    with database.reading() as db:
        (held,) = db.scalars(select(Participant)).all()
        came = held.left_at is None or door_first
        assert {held.left_at, held.had_left_at} == {left_at, None}
        assert db.get_one(Rsvp, of[1]).attendance == ("came" if came else "unknown")
        assert list(db.scalars(select(Door.came_in))) == [int(came)]
        if bring not in acts:
            assert held.left_at == left_at
