"""A table's card: filled by taps, asked of a host, and given back by a no."""

import pytest

from campaign.events.adapters import default_templates
from campaign.events.rules.kinds import Kind
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import filling, joining
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.operations.publishing import decline
from campaign.meetups.queries import rooms, tables
from tests.cast import Cast
from tests.meetups.making import a_participant, asked, card_of, filled, fresh, seated


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
    with clock.at(clock.now().replace(hour=12)), database.unit_of_work() as db:
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
