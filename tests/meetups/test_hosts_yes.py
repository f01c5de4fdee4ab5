"""The host's own yes on their own phone: one event with its roster, and no second one beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events.models import Event, EventTeam
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import filling
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.publishing import accept, decline
from campaign.meetups.queries import rooms, tables
from campaign.meetups.rules.cards import State
from campaign.people.models import Person
from tests.cast import Cast
from tests.meetups.making import (
    HALL,
    a_meetup,
    a_participant,
    accepted,
    another,
    asked,
    at_once,
    card_of,
    coming,
    letters,
    move_to,
    seated,
    statuses,
    the_mail,
    wall,
)


def test_the_hosts_yes_makes_an_event_on_the_map_with_its_roster(
    database: Database, cast: Cast, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        filling.help_host(db, batch=batch, card=card_of(db, bea).card, cohost=tom, yes=True)
        coming(db, batch, sian, bea)
        event = accepted(db, batch, bea, mail=the_mail(settings))
        assert (event.state, event.title) == ("listed", "Phonebank at Hanover Centre")
        assert event.group_id == cast.group.id
        assert event.host_name == "Bea"
        assert db.get_one(Person, event.host_id).email == "bea@people.example"
        assert statuses(db, event) == {"Bea": "accepted", "Tom": "accepted", "Sian": "accepted"}
        assert event.taken == 3
        assert letters(db) == [f"{name}@people.example" for name in ("bea", "sian", "tom", "tom")]
        held = db.scalars(select(EventTeam)).one()
        assert (held.role, held.person_id) == ("co-host", tom.person_id)
        view = card_of(db, bea)
        assert (view.state, view.solid, view.facts.names) == (State.PUBLISHED, True, 3)
        assert rooms.counts(db, meetup, batch).committed == 3
        mine = {
            person.name: [(one.mine, one.hosting) for one in wall(db, batch, person)]
            for person in (bea, tom, sian)
        }
        assert mine == {"Bea": [(False, True)], "Tom": [(True, False)], "Sian": [(True, False)]}


def test_what_the_table_knows_besides_stands_on_the_event(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (host,) = seated(db, cast, "Bea")
        told = {"needed": "4", "step_free": "yes", "note": "Bring a charged phone"}
        event = accepted(db, batch, host, **told)
        assert (event.needed, event.step_free) == (4, True)
        assert "Bring a charged phone" in event.about


def test_a_card_that_was_accepted_does_not_change(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        accepted(db, batch, bea)
        card = card_of(db, bea).card
        given = {"batch": batch, "card": card}
        for act in (
            lambda: filling.fill(db, typed={"kind": "stall"}, now=clock.now(), **given),
            lambda: filling.ask_host(db, host=tom, **given),
            lambda: filling.ask_host(db, host=None, **given),
            lambda: filling.help_host(db, cohost=tom, yes=True, **given),
        ):
            with pytest.raises(Refused, match="said yes to this card"):
                act()
        decline(db, batch=batch, view=card_of(db, bea), host=bea)
        assert card_of(db, bea).card.host_id == bea.id


def test_a_yes_that_is_sent_twice_is_one_event(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        event = accepted(db, batch, bea)
        again = accept(
            db, batch=batch, view=card_of(db, bea), host=bea, place=HALL, now=clock.now()
        )
        assert again.id == event.id
        assert statuses(db, event) == {"Bea": "accepted"}


def test_two_taps_at_once_are_one_event_with_one_roster(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        coming(db, batch, tom)
        view = asked(db, batch, bea)
        ids = batch.id, bea.id, view.card.public_id

    def tap(_: int) -> int:
        batch_id, host_id, card = ids
        with database.unit_of_work() as db:
            return accept(
                db,
                batch=db.get_one(Batch, batch_id),
                view=tables.card_by_public_id(db, batch_id=batch_id, public_id=card),
                host=db.get_one(Participant, host_id),
                place=HALL,
                now=clock.now(),
            ).id

    answers = at_once(3, tap)
    assert len(set(answers)) == 1, answers
    with database.reading() as db:
        event = db.get_one(Event, answers[0])
        assert statuses(db, event) == {"Bea": "accepted", "Tom": "accepted"}
        assert db.scalar(select(func.count(Event.id)).where(Event.kind == "phonebank")) == 2


def test_nobody_but_who_was_asked_says_yes(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        view = asked(db, batch, bea)
        with pytest.raises(Refused, match="not asked"):
            accept(db, batch=batch, view=view, host=tom, place=HALL, now=clock.now())


def test_a_card_that_is_not_complete_is_not_accepted(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        filling.ask_host(db, batch=batch, card=card_of(db, bea).card, host=bea)
        with pytest.raises(Refused, match="needs what it is"):
            accept(db, batch=batch, view=card_of(db, bea), host=bea, place=HALL, now=clock.now())


def test_a_card_whose_hour_has_passed_is_not_accepted(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        view = asked(db, batch, bea)
        later = clock.now() + timedelta(days=4)
        with pytest.raises(Refused, match="in the past"):
            accept(db, batch=batch, view=view, host=bea, place=HALL, now=later)


def test_a_host_without_an_address_gives_one_and_can_sign_in_with_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        reach = {"email": None, "phone": "+447700900123"}
        sian = a_participant(db, batch, "Sian", **reach).participant
        bea = a_participant(db, batch, "Bea").participant
        batch = move_to(db, batch, "local", cast.organiser.id)
        first = accepted(db, batch, bea)
        # Known by number alone from now on: an RSVP needs no more.
        take(db, batch=batch, view=card_of(db, bea), person=sian, now=clock.now())
        assert db.get_one(Person, sian.person_id).email is None
        card = filling.begin_card(db, batch=batch, breakout_id=sian.breakout_id, now=clock.now())
        view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)
        view = asked(db, batch, sian, view=view, start="18:30")
        given = {"batch": batch, "view": view, "host": sian, "place": HALL, "now": clock.now()}
        with pytest.raises(Refused) as refused:
            accept(db, **given)
        assert refused.value.field == "email"
        event = accept(db, email="Sian@people.example", **given)
        assert db.get_one(Person, event.host_id).email == "sian@people.example"
        assert statuses(db, first) == {"Bea": "accepted", "Sian": "accepted"}
        assert [one.mine or one.hosting for one in wall(db, batch, sian)] == [True, True]


def test_nobody_hosts_two_things_at_one_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        accepted(db, batch, bea)
        events_before = db.scalar(select(func.count(Event.id)))
        with pytest.raises(Refused, match="You are down for “Phonebank at Hanover Centre”"):
            accepted(db, batch, bea, view=another(db, batch, bea), start="12:30")
        assert db.scalar(select(func.count(Event.id))) == events_before
