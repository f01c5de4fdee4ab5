"""Who comes: a yes, the room there is, a desk that looks first, and what stays at the table."""

import pytest
from sqlalchemy import func, select

from campaign.events import operations as events
from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, Card, Commitment, Participant
from campaign.meetups.operations import filling, joining
from campaign.meetups.operations.committing import drop, take
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.operations.publishing import accept, publish
from campaign.meetups.queries import rooms
from campaign.meetups.queries.wall import published
from campaign.meetups.rules.cards import State
from campaign.people.models import Person
from campaign.phonebanks.models import CallingSession
from campaign.phonebanks.operations import setup as phonebanks
from tests.cast import Cast
from tests.meetups.making import (
    HALL,
    HOME,
    ONLINE,
    a_meetup,
    a_participant,
    accepted,
    another,
    asked,
    card_of,
    coming,
    filled,
    fresh,
    letters,
    move_to,
    seated,
    statuses,
    the_mail,
    wall,
)


def test_nobody_comes_to_two_things_at_one_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        accepted(db, batch, bea)
        second = asked(db, batch, tom, view=another(db, batch, tom), start="12:00")
        # Sian said yes to the second while it was on the table, then took the first.
        coming(db, batch, sian, view=second)
        coming(db, batch, sian)
        event = accept(db, batch=batch, view=second, host=tom, place=HALL, now=clock.now())
        assert statuses(db, event) == {"Tom": "accepted"}
        assert {one.event.id: one.mine for one in wall(db, batch, sian)}[event.id] is False
        with pytest.raises(Refused, match="Choose one of the two"):
            coming(db, batch, sian, view=fresh(db, batch, second))
        third = filled(db, batch, sian, view=another(db, batch, sian), start="11:30")
        with pytest.raises(Refused, match="Choose one of the two"):
            coming(db, batch, sian, view=third)


def test_who_comes_after_the_room_is_full_waits_and_a_place_given_back_is_theirs(
    database: Database, cast: Cast
) -> None:
    names = ("Bea", "Tom", "Sian", "Yusuf", "Ida", "Jo", "Kit")
    with database.unit_of_work() as db:
        _, batch, (bea, *rest) = seated(db, cast, *names)
        coming(db, batch, *rest[:-1])
        event = accepted(db, batch, bea, capacity="6")
        assert event.taken == 6
        done = take(db, batch=batch, view=card_of(db, bea), person=rest[-1], now=clock.now())
        assert done.status == "waiting"
        seen = wall(db, batch, rest[-1])[0]
        assert (seen.mine, seen.waits) == (True, True)
        drop(db, batch=batch, view=card_of(db, bea), person=rest[0])
        assert statuses(db, event) | {"Tom": "cancelled", "Kit": "accepted"} == statuses(db, event)
        assert event.taken == 6
        seen = wall(db, batch, rest[-1])[0]
        assert (seen.mine, seen.waits) == (True, False)
        assert wall(db, batch, rest[0])[0].mine is False


def test_the_same_yes_again_is_one_place_and_one_letter(
    database: Database, cast: Cast, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea)
        for _ in range(3):
            take(
                db,
                batch=batch,
                view=card_of(db, bea),
                person=tom,
                now=clock.now(),
                mail=the_mail(settings),
            )
        assert letters(db) == ["tom@people.example"]
        assert event.taken == 2
        assert db.scalar(select(func.count(Commitment.id))) == 1


def test_who_cancelled_by_mail_is_not_down_for_it_any_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        coming(db, batch, tom)
        event = accepted(db, batch, bea)
        rsvp = db.scalars(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.name == "Tom")).one()
        events.cancel_rsvp(db, rsvp=rsvp)
        assert wall(db, batch, tom)[0].mine is False
        coming(db, batch, tom)
        assert statuses(db, event)["Tom"] == "accepted"
        assert wall(db, batch, tom)[0].mine is True


def test_who_cancelled_by_mail_can_take_something_else_at_that_time(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        first = accepted(db, batch, bea)
        coming(db, batch, sian)
        second = asked(db, batch, tom, view=another(db, batch, tom), start="11:30")
        event = accept(db, batch=batch, view=second, host=tom, place=HALL, now=clock.now())
        rsvp = select(Rsvp).where(Rsvp.event_id == first.id, Rsvp.name == "Sian")
        events.cancel_rsvp(db, rsvp=db.scalars(rsvp).one())
        coming(db, batch, sian, view=fresh(db, batch, second))
        assert statuses(db, event)["Sian"] == "accepted"
        # And not both after all.
        with pytest.raises(Refused, match="Choose one of the two"):
            coming(db, batch, sian)


def test_what_a_moderator_took_down_is_on_no_wall_any_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea)
        assert len(wall(db, batch, tom)) == rooms.counts(db, meetup, batch).published == 1
        event.hidden_at = clock.now()
        db.flush()
        assert wall(db, batch, tom) == []
        assert rooms.counts(db, meetup, batch).published == 0


def test_a_host_does_not_drop_out_by_a_tap_and_a_co_host_does(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        filling.help_host(db, batch=batch, card=card_of(db, bea).card, cohost=tom, yes=True)
        event = accepted(db, batch, bea)
        with pytest.raises(Refused, match="call it off on its own page"):
            drop(db, batch=batch, view=card_of(db, bea), person=bea)
        with pytest.raises(Refused, match="on its roster already"):
            coming(db, batch, bea)
        drop(db, batch=batch, view=card_of(db, bea), person=tom)
        assert statuses(db, event) == {"Bea": "accepted", "Tom": "cancelled"}
        assert card_of(db, bea).card.cohost_id is None


def test_practice_people_are_counted_and_become_nobody(
    database: Database, cast: Cast, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        people = db.scalar(select(func.count(Person.id)))
        meetup, batch, (bea,) = seated(db, cast, "Bea")
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
        ada, bilal, cleo = rooms.present(db, batch.id)[1:4]
        view = card_of(db, bea)
        filling.help_host(db, batch=batch, card=view.card, cohost=ada, yes=True)
        coming(db, batch, bilal)
        event = accepted(db, batch, bea, mail=the_mail(settings))
        coming(db, batch, cleo, view=card_of(db, bea))
        assert statuses(db, event) == {"Bea": "accepted"}
        assert letters(db) == ["bea@people.example"]
        assert db.scalar(select(func.count(Person.id))) == people + 1
        assert rooms.counts(db, meetup, batch).committed == 4


def test_the_desk_looks_at_a_card_before_it_is_on_the_map_and_its_host_hears(
    database: Database, cast: Cast, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, publishes="desk")
        batch = rooms.batch_of(db, meetup)
        bea = a_participant(db, batch).participant
        batch = move_to(db, batch, "local", cast.organiser.id)
        event = accepted(db, batch, bea)
        assert event.state == "unlisted"
        assert card_of(db, bea).state is State.READY
        assert published(db, batch.id) == []
        batch = move_to(db, batch, "over", cast.organiser.id)
        for _ in range(2):
            publish(
                db,
                batch=batch,
                view=card_of(db, bea),
                now=clock.now(),
                actor_id=cast.organiser.id,
                mail=the_mail(settings),
            )
        assert event.state == "listed"
        assert len(published(db, batch.id)) == 1
        assert rooms.counts(db, meetup, batch).published == 1
        assert letters(db) == ["bea@people.example"]


def test_a_card_without_its_hosts_yes_is_not_published(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        with pytest.raises(Refused, match="own yes"):
            publish(
                db,
                batch=batch,
                view=asked(db, batch, bea),
                now=clock.now(),
                actor_id=cast.organiser.id,
            )


def with_a_phonebank(db: object, cast: Cast) -> tuple[object, Batch, Participant]:
    """A room whose sessions ring for a phonebank of the group."""
    bank = phonebanks.found(
        db,
        group=cast.group,
        title="Come to the vote",
        reason="The vote",
        actor_id=cast.organiser.id,
        now=clock.now(),
    )
    batch = rooms.batch_of(db, a_meetup(db, cast, phonebank=bank))
    bea = a_participant(db, batch).participant
    return bank, move_to(db, batch, "local", cast.organiser.id), bea


def test_a_phonebank_card_becomes_a_session_and_a_stall_does_not(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        bank, batch, bea = with_a_phonebank(db, cast)
        event = accepted(db, batch, bea)
        assert event.roster_path == f"/phonebanks/{bank.public_id}/call"
        stall = accepted(db, batch, bea, view=another(db, batch, bea), kind="stall", start="18:00")
        sessions = db.scalars(select(CallingSession.event_id).order_by(CallingSession.id)).all()
        assert sessions == [event.id]
        assert stall.roster_path is None


def test_a_phonebank_that_was_closed_meanwhile_gets_no_session(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        bank, batch, bea = with_a_phonebank(db, cast)
        bank.status = "closed"
        event = accepted(db, batch, bea)
        assert (event.state, event.roster_path) == ("listed", None)
        assert db.scalar(select(func.count(CallingSession.id))) == 0


def test_a_homes_address_stands_with_the_event_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea, place=CardPlace("home"), choice=HOME)
        assert event.venue == "14 Quince Terrace"
        for told in (event.title, event.about, event.shown_place, event.feature or ""):
            assert "Quince" not in told
            assert "9QA" not in told
        assert (event.shown_lat, event.shown_lng) != (HOME.lat, HOME.lng)
        card = card_of(db, bea).card
        kept = repr(
            {name: getattr(card, name) for name in (c.name for c in Card.__table__.columns)}
        )
        assert "Quince" not in kept
        assert (card.postcode, card.lat, card.lng) == (None, None, None)
        # Whoever was not at the table asks the host first.
        assert (
            take(db, batch=batch, view=card_of(db, bea), person=tom, now=clock.now()).status
            == "waiting"
        )
        assert wall(db, batch, tom)[0].waits


def test_an_online_event_has_its_link_and_no_place(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        event = accepted(db, batch, bea, place=CardPlace("online"), choice=ONLINE)
        assert (event.online_link, event.shown_lat) == ("https://talk.example/rents", None)
        assert event.title == "Phonebank online"
        assert wall(db, batch, bea)[0].km is None


def test_what_was_called_off_leaves_the_wall_and_the_count(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea)
        assert rooms.counts(db, meetup, batch).published == 1
        events.cancel(db, event=event, actor_id=cast.organiser.id)
        assert wall(db, batch, bea) == []
        assert rooms.counts(db, meetup, batch).published == 0
        with pytest.raises(Refused):
            coming(db, batch, tom)
        # Its hour is free again.
        accepted(db, batch, bea, view=another(db, batch, bea))


def test_nothing_is_written_when_the_evening_is_over(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        view = asked(db, batch, bea)
        batch = move_to(db, batch, "over", cast.organiser.id)
        given = {"batch": batch, "card": view.card}
        for act in (
            lambda: filling.fill(db, typed={"kind": "stall"}, now=clock.now(), **given),
            lambda: filling.ask_host(db, host=None, **given),
            lambda: filling.help_host(db, cohost=tom, yes=True, **given),
            lambda: filling.hold_table(db, batch=batch, person=bea),
            lambda: filling.begin_card(
                db, batch=batch, breakout_id=bea.breakout_id, now=clock.now()
            ),
            lambda: joining.raise_hand(db, batch=batch, person=bea, willing="host"),
            lambda: take(db, batch=batch, view=view, person=tom, now=clock.now()),
            lambda: accept(db, batch=batch, view=view, host=bea, place=HALL, now=clock.now()),
            lambda: joining.add_practice(
                db, batch=batch, now=clock.now(), actor_id=cast.organiser.id
            ),
        ):
            with pytest.raises(Refused, match="over"):
                act()


def test_who_types_somebody_elses_address_cannot_take_their_place_away(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, max_) = seated(db, cast, "Bea", "Max")
        event = accepted(db, batch, bea)
        view = card_of(db, bea)
        take(db, batch=batch, view=view, person=max_, now=clock.now())
        other = a_participant(db, batch, "Evil", email=max_.email).participant
        take(db, batch=batch, view=view, person=other, now=clock.now())
        drop(db, batch=batch, view=view, person=other)
        assert statuses(db, event)["Max"] == "accepted"
        drop(db, batch=batch, view=view, person=max_)
        assert statuses(db, event)["Max"] == "cancelled"
        take(db, batch=batch, view=view, person=max_, now=clock.now())
        assert statuses(db, event)["Max"] == "accepted"
