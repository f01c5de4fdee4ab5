"""A co-host who comes forward after the host’s yes: offered, answered, never by one tap."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.events.models import EventTeam
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, Breakout, CohostOffer, Participant
from campaign.meetups.operations import cohosting, filling
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.sending_out import send_out
from campaign.meetups.queries import rooms
from campaign.meetups.queries.tables import CardView
from campaign.meetups.rules.joining import NotHere
from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.meetups.conftest import phone as phone_of
from tests.meetups.making import (
    HALL,
    HOME,
    a_participant,
    accepted,
    another,
    at_once,
    card_of,
    coming,
    fresh,
    letters,
    seated,
    statuses,
    the_mail,
)
from tests.proof_reader import ProofReadingClient


def offers(db: object, batch: Batch, view: CardView, person: Participant, yes: bool = True) -> None:
    """They tap "I'll co-host", or take it back."""
    cohosting.offer(db, batch=batch, view=view, person=person, yes=yes, now=clock.now())


def answers(
    db: object, batch: Batch, view: CardView, person: Participant, yes: bool = True, **more: object
) -> None:
    """The host says yes or no to who offered."""
    cohosting.answer_offer(
        db, batch=batch, view=view, person=person, yes=yes, now=clock.now(), **more
    )


def test_an_offer_alone_opens_nothing_and_the_hosts_yes_makes_it_solid(
    database: Database, cast: Cast, settings: Settings
) -> None:
    mail = the_mail(settings)
    with database.unit_of_work() as db:
        _, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        coming(db, batch, sian)
        event = accepted(db, batch, bea, mail=mail)
        view = card_of(db, bea)
        before = letters(db)
        offers(db, batch, view, tom)
        offers(db, batch, view, tom)
        assert (statuses(db, event), letters(db)) == (
            {"Bea": "accepted", "Sian": "accepted"},
            before,
        )
        assert db.scalars(select(EventTeam)).all() == []
        assert not fresh(db, batch, view).solid
        answers(db, batch, view, tom, mail=mail)
        answers(db, batch, view, tom, mail=mail)
        view = fresh(db, batch, view)
        assert (view.facts.cohost, view.solid) == ("Tom", True)
        assert statuses(db, event)["Tom"] == "accepted"
        held = db.scalars(select(EventTeam)).one()
        assert (held.role, held.person_id) == ("co-host", tom.person_id)
        more = [to for to in letters(db) if to not in before]
        assert more == ["tom@people.example"] * 2, "a place, and what a co-host does"
        assert db.scalars(select(CohostOffer)).all() == []


def test_who_asked_to_come_to_a_home_gets_in_with_the_same_yes(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea, choice=HOME)
        view = card_of(db, bea)
        take(db, batch=batch, view=view, person=tom, now=clock.now())
        assert statuses(db, event)["Tom"] == "waiting"
        offers(db, batch, view, tom)
        assert statuses(db, event)["Tom"] == "waiting"
        answers(db, batch, view, tom)
        assert statuses(db, event)["Tom"] == "accepted"


def test_no_is_no_and_nobody_becomes_it_who_did_not_offer(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        accepted(db, batch, bea)
        view = card_of(db, bea)
        with pytest.raises(Refused, match="do not offer it"):
            answers(db, batch, view, tom)
        offers(db, batch, view, tom)
        answers(db, batch, view, tom, yes=False)
        with pytest.raises(Refused, match="do not offer it"):
            answers(db, batch, view, tom)
        offers(db, batch, view, tom)
        offers(db, batch, view, tom, yes=False)
        with pytest.raises(Refused, match="do not offer it"):
            answers(db, batch, view, tom)
        with pytest.raises(Refused, match="You host this one"):
            offers(db, batch, view, bea)
        offers(db, batch, view, tom)
        offers(db, batch, view, sian)
        answers(db, batch, view, tom)
        with pytest.raises(Conflict, match="Somebody else is the co-host"):
            answers(db, batch, view, sian)


def test_nobody_co_hosts_two_things_at_one_time_and_hears_so_when_they_tap(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        accepted(db, batch, bea)
        first = card_of(db, bea)
        second = another(db, batch, tom)
        take(db, batch=batch, view=first, person=tom, now=clock.now())
        filling.fill(
            db,
            batch=batch,
            card=second.card,
            typed={"kind": "stall", "day": first.card.day.isoformat(), "start": "11:00"},
            place=None,
            now=clock.now(),
        )
        view = fresh(db, batch, second)
        with pytest.raises(Refused, match="You are down for “Phonebank at Hanover Centre”"):
            filling.help_host(
                db, batch=batch, card=view.card, cohost=tom, yes=True, now=clock.now()
            )
        assert fresh(db, batch, view).card.cohost_id is None


def test_of_two_yeses_of_a_host_at_once_one_is_the_co_host(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, *others) = seated(db, cast, "Bea", "Tom", "Sian")
        event = accepted(db, batch, bea, choice=HALL)
        view = card_of(db, bea)
        for one in others:
            offers(db, batch, view, one)
        batch_id, ids, event_id = batch.id, [one.id for one in others], event.id

    def say_yes(turn: int) -> str:
        try:
            with database.unit_of_work() as db:
                batch = db.get_one(Batch, batch_id)
                there = {one.id: one for one in rooms.present(db, batch_id)}
                bea = next(one for one in there.values() if one.name == "Bea")
                answers(db, batch, card_of(db, bea), there[ids[turn]])
        except Conflict:
            return "late"
        return "first"

    assert sorted(map(str, at_once(2, say_yes))) == ["first", "late"]
    with database.reading() as db:
        held = db.scalars(select(EventTeam).where(EventTeam.event_id == event_id)).all()
        assert len(held) == 1


@pytest.mark.parametrize("gone", ["Tom", "Bea"])
def test_a_yes_that_waited_while_one_of_them_was_sent_out_opens_no_roster(
    database: Database, cast: Cast, gone: str
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        accepted(db, batch, bea)
        offers(db, batch, card_of(db, bea), tom)
    with database.reading() as db:
        tables_of = joinedload(Participant.breakout), joinedload(Participant.strategy)
        tom = db.scalars(
            select(Participant).where(Participant.name == "Tom").options(*tables_of)
        ).one()
        view = card_of(db, tom)
        db.expunge_all()
    with database.unit_of_work() as db:
        out = next(one for one in rooms.present(db, batch.id) if one.name == gone)
        send_out(
            db,
            batch=db.get_one(Batch, batch.id),
            person=out,
            reason="behaviour",
            words="",
            now=clock.now(),
            actor_id=cast.organiser.id,
        )
    with pytest.raises(NotHere), database.unit_of_work() as db:
        db.add(tom)
        answers(db, db.get_one(Batch, batch.id), view, tom)
    with database.reading() as db:
        assert db.scalars(select(EventTeam)).all() == []


@pytest.mark.usefixtures("places", "asked_anew")
def test_who_offered_and_was_moved_to_another_table_is_answered_all_the_same(
    room: Room, database: Database
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        accepted(db, batch, bea)
        offers(db, batch, card_of(db, bea), tom)
        other = Breakout(batch_id=batch.id, number=9, name="Hove", colour="teal")
        db.add(other)
        db.flush()
        tom.breakout_id, tom_id = other.id, tom.public_id
    table, to = room.at("/table"), room.at(f"/cards/{room.card}/cohost")
    said = room.bea.post_form(to, {"who": tom_id, "answer": "no"}, page=table, most_queries=60)
    assert said.status_code == 303
    assert "Tom offers to co-host" not in room.bea.get(table).text


@pytest.mark.usefixtures("places", "asked_anew")
def test_on_the_phones_one_offers_and_only_the_host_may_answer(
    room: Room, database: Database
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        accepted(db, batch, bea)
        tom_id = tom.public_id
    table, to = room.at("/table"), room.at(f"/cards/{room.card}/cohost")
    before = room.bea.get(room.at("/state")).json["page"]
    assert "I’ll co-host" in room.tom.get(table).text
    assert "I’ll co-host</button>" not in room.bea.get(table).text
    assert room.tom.post_form(to, {}, page=table).status_code == 303
    assert "The host says yes on their own phone." in room.tom.get(table).text
    assert room.bea.get(room.at("/state")).json["page"] != before, "the host’s phone hears of it"
    for page in (table, room.at(f"/cards/{room.card}/accept")):
        assert "Tom offers to co-host" in room.bea.get(page).text
    # Whoever offers cannot say yes for the host.
    assert room.tom.post_form(to, {"who": tom_id, "answer": "yes"}, page=table).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(EventTeam)).all() == []
    # A yes is a sign-up with its letters.
    said = room.bea.post_form(to, {"who": tom_id, "answer": "yes"}, page=table, most_queries=60)
    assert said.status_code == 303
    assert "</svg> <span><b>Co-host</b> Tom</span>" in room.bea.get(table).text
    assert "I’ll co-host" not in room.tom.get(table).text


@pytest.mark.parametrize("phase", ["commit", "close"])
@pytest.mark.usefixtures("places", "asked_anew")
def test_after_the_cards_the_two_phones_hear_of_an_offer_and_its_answer_and_no_other(
    room: Room, database: Database, phase: str
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        accepted(db, batch, rooms.present(db, batch.id)[0])
        stef = phone_of(room.bea, room.code, a_participant(db, batch, "Stef").key)
        batch.phase = phase
    before = own_keys(room.bea, room.tom, stef, at=room.at("/state"))
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom, _ = rooms.present(db, batch.id)
        offers(db, batch, card_of(db, bea), tom)
    offered = own_keys(room.bea, room.tom, stef, at=room.at("/state"))
    assert [old != new for old, new in zip(before, offered, strict=True)] == [True, True, False]
    assert "Tom offers to co-host" in room.bea.get(room.at(f"/cards/{room.card}/accept")).text
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom, _ = rooms.present(db, batch.id)
        answers(db, batch, card_of(db, bea), tom, yes=False)
    assert own_keys(room.bea, room.tom, stef, at=room.at("/state")) == before


def own_keys(*phones: ProofReadingClient, at: str) -> list[str]:
    """What each page looks like, apart from what everybody's shows."""
    return [one.get(at).json["page"].split("-")[0] for one in phones]
