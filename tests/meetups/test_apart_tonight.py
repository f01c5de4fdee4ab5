"""Two who came in tonight and have no account can be kept apart before the tables are dealt."""

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.queries import rooms
from campaign.meetups.queries.sheets import kept_apart
from campaign.people.models import Person
from campaign.people.rules import Role
from tests.cast import Cast, a_person
from tests.meetups.making import HANOVER, a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places")


def a_hall(database: Database, cast: Cast) -> tuple[int, Person]:
    """Eight neighbours at the door, and an officer."""
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        for number in range(1, 9):
            a_participant(db, batch, f"Guest{number}", HANOVER)
        return batch.id, a_person(db, "Sasha Safe", role=Role.SAFEGUARDING)


def test_an_officer_keeps_apart_by_the_addresses_they_joined_with(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    batch_id, officer = a_hall(database, cast)
    client.sign_in(officer)
    pair = {"one": "Guest1@people.example", "other": "guest2@people.example"}
    assert client.post_form("/reports/apart", pair).status_code == 303
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch_id)
        assert kept_apart(db, batch_id) == {frozenset((1, 2))}
        move_to(db, batch, "local", cast.organiser.id)
        one, other = rooms.present(db, batch_id)[:2]
        assert (one.number, other.number) == (1, 2)
        assert one.breakout_id != other.breakout_id
        assert one.person_id is None, "an address that anybody can type is nobody's account"


def test_an_address_that_nobody_came_with_is_still_refused_and_makes_nobody(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    _, officer = a_hall(database, cast)
    client.sign_in(officer)
    typed = {"one": "guest1@people.example", "other": "guest11@people.example"}
    refused = client.post_form("/reports/apart", typed)
    assert refused.status_code == 422
    assert "Nobody here has this address" in refused.text
    with database.reading() as db:
        made = select(Person.id).where(Person.email.like("guest%"))
        assert db.scalars(made).all() == []


def test_nobody_else_finds_out_who_is_in_a_hall(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    a_hall(database, cast)
    client.sign_in(cast.organiser)
    pair = {"one": "guest1@people.example", "other": "guest2@people.example"}
    assert client.post_form("/reports/apart", pair).status_code in {403, 404}
    with database.reading() as db:
        assert db.scalar(select(Person.id).where(Person.email == "guest1@people.example")) is None
