"""Practice people: the room sees them everywhere while it practises, and no total that is kept
knows of them."""

import pytest
from sqlalchemy import select

from campaign.events.queries.planned import promise_at
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Recap
from campaign.meetups.operations import joining
from campaign.meetups.operations.filling import help_host
from campaign.meetups.queries import rooms
from tests.cast import Cast
from tests.meetups.conftest import phone
from tests.meetups.making import (
    a_meetup,
    a_participant,
    accepted,
    card_of,
    coming,
    filled,
    move_to,
)
from tests.proof_reader import ProofReadingClient

LONG = "barnstorm"  # it has a close
pytestmark = pytest.mark.usefixtures("places", "asked_anew", "app")


class Evening:
    """Bea hosts, Cem takes nothing, and of ten who practise one co-hosts and two come."""

    def __init__(self, client: ProofReadingClient, database: Database, cast: Cast) -> None:
        self.database, self.cast, self.client = database, cast, client
        with database.unit_of_work() as db:
            meetup = a_meetup(db, cast, preset=LONG)
            batch = rooms.batch_of(db, meetup)
            bea = a_participant(db, batch, "Bea")
            a_participant(db, batch, "Cem")
            batch = move_to(db, batch, "local", cast.organiser.id, preset=LONG)
            joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
            ada, bilal, cleo = rooms.present(db, batch.id)[2:5]
            help_host(db, batch=batch, card=card_of(db, bea.participant).card, cohost=ada, yes=True)
            coming(db, batch, bilal, cleo, view=card_of(db, bea.participant))
            accepted(db, batch, bea.participant)
            self.code, self.batch_id, self.event = meetup.code, batch.id, meetup.event.public_id
            self.event_id = meetup.event_id
        self.bea = phone(client, meetup.code, bea.key)

    def goes_to(self, phase: str) -> None:
        """The evening goes on."""
        with self.database.unit_of_work() as db:
            move_to(
                db, db.get_one(Batch, self.batch_id), phase, self.cast.organiser.id, preset=LONG
            )

    def screen(self) -> str:
        """What hangs on the wall."""
        return " ".join(self.client.get(f"/m/{self.code}/screen").text.split())


def test_the_wall_the_close_and_every_phone_say_the_same_while_a_room_practises(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    evening = Evening(client, database, cast)
    evening.goes_to("commit")
    assert "4</b><span>people signed up of 12" in evening.screen()
    assert "10 of them for practice" in evening.screen()
    assert "<b>4</b> of 12 have" in evening.bea.get(f"/m/{evening.code}").text
    evening.goes_to("close")
    assert "4</b><span>of 12 people signed up" in evening.screen()
    assert "10 of them for practice" in evening.screen()
    assert "1</dt><dd>host, 1 with a co-host" in evening.screen()
    assert "4 of us signed up" in evening.bea.get(f"/m/{evening.code}").text
    client.sign_in(cast.organiser)
    desk = " ".join(client.get(f"/m/{evening.code}/desk", most_queries=40).text.split())
    assert "<b>4</b> <span>signed up to something" in desk


def test_nothing_that_is_kept_counts_or_names_them(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    evening = Evening(client, database, cast)
    evening.goes_to("close")
    with database.reading() as db:
        recap = db.scalars(select(Recap)).one()
        sums = (recap.people, recap.hosts, recap.cohosted, recap.committed, recap.seats)
        promise = promise_at(db, evening.event_id, now=clock.now())
    assert sums == (2, 1, 0, 1, 1)
    assert (promise.planned, promise.people) == (1, 0)
    client.sign_in(cast.organiser)
    told = client.get(f"/events/{evening.event}/recap.json", most_queries=40).json
    assert (told["people"], told["signed_up"], told["with_cohost"]) == (2, 1, 0)
    (planned,) = told["events"]
    assert (planned["signed_up"], planned["cohost"], planned["names"]) == (1, None, [])
    # Once the evening is over the wall and the phones say what is kept.
    evening.goes_to("over")
    assert "1</b><span>of 2 people signed up" in evening.screen()
    assert "practice" not in evening.screen()
    assert "1 of us signed up" in evening.bea.get(f"/m/{evening.code}").text


def test_who_said_yes_to_a_card_that_came_to_nothing_has_taken_nothing_on_the_wall(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset=LONG)
        batch = rooms.batch_of(db, meetup)
        bea, cem = (a_participant(db, batch, name).participant for name in ("Bea", "Cem"))
        batch = move_to(db, batch, "local", cast.organiser.id, preset=LONG)
        coming(db, batch, cem, view=filled(db, batch, bea))
        assert rooms.counts(db, meetup, batch).committed == 1
        code = meetup.code
        for phase in ("commit", "close"):
            batch = move_to(db, batch, phase, cast.organiser.id, preset=LONG)
            assert rooms.counts(db, meetup, batch).committed == 0
    assert "0</b><span>of 2 people signed up" in " ".join(
        client.get(f"/m/{code}/screen").text.split()
    )


def test_who_goes_home_at_the_close_still_counts_on_the_phones_as_on_the_wall(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    evening = Evening(client, database, cast)
    evening.goes_to("close")
    evening.bea.post_form(f"/m/{evening.code}/leave")
    with database.reading() as db:
        meetup = rooms.meetup_by_code(db, evening.code)
        assert meetup is not None
        counts = rooms.counts(db, meetup, rooms.batch_of(db, meetup))
    assert (counts.here, counts.committed) == (11, 4)
    assert "4</b><span>of 12 people signed up" in evening.screen()


def test_practice_people_do_not_fill_the_hall(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset=LONG)
        batch = rooms.batch_of(db, meetup)
        meetup.event.capacity = 2
        a_participant(db, batch, "Bea")
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
    client.sign_in(cast.organiser)
    pages = (f"/m/{meetup.code}/desk", f"/m/{meetup.code}/door")
    for page in pages:
        assert "hall" not in client.get(page, most_queries=40).text.split("notice-bad")[-1][:60]
    with database.unit_of_work() as db:
        for name in ("Cem", "Dan"):
            a_participant(db, db.get_one(Batch, batch.id), name)
    for page in pages:
        assert "3 of 2" in client.get(page, most_queries=40).text
