"""A table's card: filled by taps, asked of a host, accepted on the host's own phone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events.adapters import default_templates
from campaign.events.messages import Mail
from campaign.events.models import Event, EventTeam, Rsvp
from campaign.events.rules.kinds import Kind
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import filling, joining
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.operations.publishing import accept, decline
from campaign.meetups.queries import rooms, tables
from campaign.meetups.queries.wall import wall_for
from campaign.meetups.rules.cards import State
from campaign.people.models import Person
from tests.cast import Cast
from tests.meetups.making import (
    HALL,
    a_meetup,
    a_participant,
    accepted,
    asked,
    card_of,
    coming,
    filled,
    fresh,
    move_to,
    seated,
)
from tests.meetups.test_joining import at_once

HOME = PlaceChoice(
    kind=PlaceKind.HOME,
    venue="14 Quince Terrace",
    postcode="BN2 9QA",
    lat=50.8301,
    lng=-0.1270,
    town="Hanover",
)
ONLINE = PlaceChoice(kind=PlaceKind.ONLINE, online_link="https://talk.example/rents")


def statuses(db: object, event: Event) -> dict[str, str]:
    """Who is on the roster of an event, and how."""
    rows = db.execute(
        select(Rsvp.name, Rsvp.status).where(Rsvp.event_id == event.id).order_by(Rsvp.id)
    )
    return {name: status for name, status in rows}


def the_mail(settings: Settings) -> Mail:
    """How letters are written."""
    return Mail(LetterWriter(settings), settings.base_url)


def letters(db: object) -> list[str]:
    """To whom letters go, by their address."""
    return sorted(db.scalars(select(OutboxLetter.to)))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "riot"}, "kind"),
        ({"kind": "meetup"}, "kind"),
        ({"day": "someday"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"start": "25:61"}, "start"),
        ({"minutes": "45"}, "minutes"),
        ({"minutes": "-60"}, "minutes"),
        ({"capacity": "100000"}, "capacity"),
        ({"capacity": "eight"}, "capacity"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    database: Database, cast: Cast, typed: dict[str, str], field: str
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        with pytest.raises(Refused) as refused:
            filling.fill(db, batch=batch, card=card_of(db, bea).card, typed=typed, now=clock.now())
        assert refused.value.field == field


def test_a_tap_changes_one_thing_and_leaves_the_rest(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        view = filled(db, batch, bea)
        given = {"batch": batch, "card": view.card, "now": clock.now()}
        filling.fill(db, typed={"start": "18:30"}, **given)
        filling.fill(db, typed={}, place=CardPlace("home"), **given)
        card = fresh(db, batch, view).card
        assert (card.kind, f"{card.start:%H:%M}", card.place_kind) == ("phonebank", "18:30", "home")
        assert (card.venue, card.postcode, card.lat) == ("", None, None)


def test_a_kind_brings_its_length_once_and_a_length_that_was_chosen_stays(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        card = card_of(db, bea).card

        def tap(**typed: str) -> int:
            return filling.fill(db, batch=batch, card=card, typed=typed, now=clock.now()).minutes

        usual = tap(kind="stall", minutes="120")
        assert usual == default_templates()[Kind.STALL].minutes
        assert tap(kind="stall", minutes="60") == 60
        assert tap(kind="stall", capacity="12") == 60


def test_today_is_a_day_but_an_hour_that_has_passed_is_not(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        today = clock.now().date().isoformat()
        with pytest.raises(Refused, match="past"):
            filled(db, batch, bea, day=today, start="00:01")


def test_a_table_has_one_blank_card_at_a_time_and_six_at_most(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        given = {"batch": batch, "breakout_id": bea.breakout_id, "now": clock.now()}
        with pytest.raises(Refused, match="blank card"):
            filling.begin_card(db, **given)
        for view in tables.cards_of_table(db, bea.breakout_id):
            filled(db, batch, bea, view=view)
        for _ in range(5):
            card = filling.begin_card(db, **given)
            filling.fill(db, batch=batch, card=card, typed={"kind": "stall"}, now=clock.now())
        with pytest.raises(Refused, match="Six cards"):
            filling.begin_card(db, **given)


def test_the_first_who_is_asked_to_host_stays_asked_until_it_is_taken_back(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        view = asked(db, batch, bea)
        with pytest.raises(Conflict, match="asked already"):
            filling.ask_host(db, batch=batch, card=view.card, host=tom)
        filling.ask_host(db, batch=batch, card=view.card, host=bea)
        filling.ask_host(db, batch=batch, card=view.card, host=None)
        filling.ask_host(db, batch=batch, card=view.card, host=tom)
        assert tables.asked_to_host(db, bea.id) is None
        assert tables.asked_to_host(db, tom.id).card.id == view.card.id


def test_a_host_is_a_real_person_of_the_table(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
        practice = rooms.present(db, batch.id)[1]
        card = card_of(db, bea).card
        with pytest.raises(Refused, match="Practice people cannot host"):
            filling.ask_host(db, batch=batch, card=card, host=practice)
        stranger = a_participant(db, batch, "Stef").participant
        stranger.breakout_id = None
        with pytest.raises(NotFound):
            filling.ask_host(db, batch=batch, card=card, host=stranger)


def test_a_co_host_is_somebody_else_and_the_first_who_said_so(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        card = asked(db, batch, bea).card

        def help_out(person: Participant, *, yes: bool = True) -> int | None:
            filling.help_host(db, batch=batch, card=card, cohost=person, yes=yes)
            return card_of(db, bea).card.cohost_id

        with pytest.raises(Refused, match="somebody else"):
            help_out(bea)
        assert help_out(tom) == tom.id
        with pytest.raises(Conflict):
            help_out(sian)
        assert help_out(sian, yes=False) == tom.id
        assert help_out(tom, yes=False) is None
        help_out(sian)
        filling.ask_host(db, batch=batch, card=card, host=None)
        filling.ask_host(db, batch=batch, card=card, host=sian)
        assert card_of(db, bea).card.cohost_id is None


def test_a_no_gives_the_card_back_to_the_table(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        view = asked(db, batch, bea)
        decline(db, batch=batch, view=view, host=tom)
        assert card_of(db, bea).card.host_id == bea.id
        decline(db, batch=batch, view=view, host=bea)
        assert card_of(db, bea).card.host_id is None


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


def wall(db: object, batch: Batch, person: Participant) -> list:
    """The wall as somebody sees it now."""
    return wall_for(db, batch.id, person, now=clock.now())


def test_what_the_table_knows_besides_stands_on_the_event(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (host,) = seated(db, cast, "Bea")
        told = {"needed": "4", "step_free": "yes", "note": "Bring a charged phone"}
        event = accepted(db, batch, host, **told)
        assert (event.needed, event.step_free) == (4, True)
        assert "Bring a charged phone" in event.about


def test_what_the_table_knows_besides_is_taken_back_and_nobody_s_number_is_taken(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (person,) = seated(db, cast, "Bea")
        filled(db, batch, person, needed="4", step_free="no", note="Bring a charged phone")
        view = filled(db, batch, person, needed="0", step_free="unknown", note="")
        card = view.card
        assert (card.needed, card.step_free, card.note) == (None, None, "")
        for told in ({"note": "Ring 07700 900123"}, {"needed": "5"}, {"step_free": "perhaps"}):
            with pytest.raises(Refused):
                filled(db, batch, person, **told)


def test_a_card_at_a_home_takes_no_house_and_no_postcode(database: Database, cast: Cast) -> None:
    home = CardPlace("home")
    with database.unit_of_work() as db:
        _, batch, (person,) = seated(db, cast, "Bea")
        filled(db, batch, person, note="12 Elm Grove, ring twice")
        with pytest.raises(Refused, match="home away"):
            filled(db, batch, person, place=home)
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch.id)
        person = rooms.present(db, batch.id)[0]
        filled(db, batch, person, place=home, note="Bring cake")
        for note in ("12 Elm Grove, ring twice", "We are at BN2 9QA"):
            with pytest.raises(Refused, match="home away") as refused:
                filled(db, batch, person, place=home, note=note)
            assert refused.value.field == "note"


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


def another(db: object, batch: Batch, person: Participant) -> tables.CardView:
    """A second card for somebody's table."""
    card = filling.begin_card(db, batch=batch, breakout_id=person.breakout_id, now=clock.now())
    return tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)


def test_nobody_hosts_two_things_at_one_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea,) = seated(db, cast, "Bea")
        accepted(db, batch, bea)
        events_before = db.scalar(select(func.count(Event.id)))
        with pytest.raises(Refused, match="You are down for “Phonebank at Hanover Centre”"):
            accepted(db, batch, bea, view=another(db, batch, bea), start="12:30")
        assert db.scalar(select(func.count(Event.id))) == events_before
