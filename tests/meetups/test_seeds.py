"""A table goes on as a group: nobody without their own yes, and not before somebody has looked."""

import re
from datetime import timedelta

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.foundation import clock, schema
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.groups.models import Group, Membership
from campaign.meetups.models import Breakout, SeedGroup, SeedInvite
from campaign.meetups.operations import emptying, seeds, sending_out
from campaign.meetups.queries import rooms
from campaign.meetups.rules.joining import Whereabouts
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.places.rules import cell_centre
from tests.cast import Cast
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places")

# No group of the cast's is near: their own is in Brighton, the other's in Lewes.
FAR = Whereabouts("BN9", 50.7929, 0.0476)
HOME = Whereabouts("BN1", 50.8219, -0.1383)


def an_evening(db: Session, cast: Cast, *ticks: str, where: Whereabouts = FAR) -> str:
    """Four people of one place at a table; some tick that it goes on. The meetup's page."""
    meetup = a_meetup(db, cast)
    batch = rooms.batch_of(db, meetup)
    people = [a_participant(db, batch, name, where=where) for name in ("Bea", "Cem", "Dora", "Eli")]
    batch = move_to(db, batch, "local", cast.organiser.id)
    for one in people:
        person = one.participant
        db.refresh(person)
        yes = person.name in ticks
        for _ in range(2):
            seeds.keep_going(db, batch=batch, person=person, yes=yes, now=clock.now())
    move_to(db, batch, "over", cast.organiser.id)
    return f"/events/{meetup.event.public_id}"


def plant(database: Database, mail: Mail) -> int:
    return seeds.plant(database, mail=mail, now=clock.now())


def keys(database: Database) -> dict[str, str]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.like("seed-invite:%"))
        return {
            one.to.partition("@")[0]: re.search(r"/keep-going/(\S+)", one.text)[1]
            for one in db.scalars(query)
        }


def members(database: Database, group_id: int) -> dict[str, str]:
    with database.reading() as db:
        query = (
            select(Person.email, Membership.role)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.group_id == group_id)
        )
        return {email.partition("@")[0]: role for email, role in db.execute(query)}


@pytest.mark.parametrize(
    ("ticks", "where", "asked"),
    [
        (("Bea", "Cem"), FAR, {"bea", "cem"}),
        (("Bea",), FAR, set()),
        (("Bea", "Cem"), HOME, set()),  # there is a group next door
    ],
)
def test_two_who_want_to_go_on_where_no_group_is_near_are_asked_once(
    database: Database, cast: Cast, mail: Mail, ticks: tuple, where: Whereabouts, asked: set
) -> None:
    with database.unit_of_work() as db:
        an_evening(db, cast, *ticks, where=where)
        before = len(db.scalars(select(Group)).all())
    assert [plant(database, mail), plant(database, mail)] == [len(asked), 0]
    assert set(keys(database)) == asked
    with database.reading() as db:
        # Asked, and nothing else: no group, no member, no person that was not there before.
        assert len(db.scalars(select(Group)).all()) == before
        known = select(Person).where(Person.email.in_(["bea@people.example", "cem@people.example"]))
        assert db.scalars(known).all() == []


def test_who_was_sent_out_is_not_asked_to_go_on_with_the_table(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        batch = rooms.batch_of(db, meetup)
        people = [a_participant(db, batch, name, where=FAR) for name in ("Bea", "Cem", "Dora")]
        batch = move_to(db, batch, "local", cast.organiser.id)
        for one in people:
            db.refresh(one.participant)
            seeds.keep_going(db, batch=batch, person=one.participant, yes=True, now=clock.now())
        sending_out.send_out(
            db, batch=batch, person=people[1].participant, reason="behaviour", words="",
            now=clock.now(), actor_id=cast.organiser.id,
        )  # fmt: skip
        move_to(db, batch, "over", cast.organiser.id)
    plant(database, mail)
    assert set(keys(database)) == {"bea", "dora"}


def test_the_group_stands_with_its_convenor_and_those_who_said_yes_once_somebody_has_looked(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        page = an_evening(db, cast, "Bea", "Cem", "Dora", "Eli")
    plant(database, mail)
    key = keys(database)
    for name, answer in (("bea", "convene"), ("cem", "join"), ("eli", "no")):
        assert "Keep going together?" in client.get(f"/keep-going/{key[name]}").text
        assert client.post_form(f"/keep-going/{key[name]}", {"answer": answer}).status_code == 303
    assert client.post_form(f"/keep-going/{key['bea']}", {"answer": "x"}).status_code == 422
    assert client.get("/keep-going/nothing").status_code == 404
    with database.reading() as db:
        seed = db.scalars(select(SeedGroup)).one()
        assert seed.group_id is None
        waits = select(OutboxLetter.to).where(OutboxLetter.key.like("seed-waits:%"))
        assert db.scalars(waits).all()
        seed_id = seed.public_id
    for who, code in ((cast.stranger, 404), (cast.host, 404)):
        client.sign_in(who)
        assert client.get(f"{page}/seeds").status_code == code
        assert client.post_form(f"{page}/seeds/{seed_id}", {"name": "X"}).status_code == code
    client.sign_in(cast.moderator)
    assert "2 of 4 said yes" in client.get(f"{page}/seeds").text
    taken = client.post_form(f"{page}/seeds/{seed_id}", {"name": cast.group.name})
    assert taken.status_code in (409, 422)
    sent = client.post_form(f"{page}/seeds/{seed_id}", {"name": "Newhaven Neighbours"})
    assert sent.status_code == 303
    with database.reading() as db:
        group_id = db.scalars(select(SeedGroup.group_id)).one()
    assert members(database, group_id) == {"bea": "convenor", "cem": "member"}
    # Who had not answered joins with their own tap, also now.
    client.post_form(f"/keep-going/{key['dora']}", {"answer": "convene"})
    assert members(database, group_id)["dora"] == "member"


def test_a_no_ends_it_and_nobody_is_in_anything(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        page = an_evening(db, cast, "Bea", "Cem")
        before = len(db.scalars(select(Membership)).all())
    plant(database, mail)
    key = keys(database)
    client.post_form(f"/keep-going/{key['bea']}", {"answer": "convene"})
    client.sign_in(cast.moderator)
    with database.reading() as db:
        seed_id = db.scalars(select(SeedGroup.public_id)).one()
    assert client.post_form(f"{page}/seeds/{seed_id}", {"answer": "no"}).status_code == 303
    assert client.post_form(f"/keep-going/{key['cem']}", {"answer": "join"}).status_code == 422
    assert "does not come about" in client.get(f"/keep-going/{key['cem']}").text
    with database.reading() as db:
        assert len(db.scalars(select(Membership)).all()) == before


def test_who_was_asked_is_forgotten_with_the_room(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        an_evening(db, cast, "Bea", "Cem")
    plant(database, mail)
    with database.unit_of_work() as db:
        emptying.forget_the_room(db, ended_before=clock.now() + timedelta(days=1))
        assert db.scalars(select(SeedInvite)).all() == []


def test_who_was_asked_is_forgotten_when_their_address_is(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        an_evening(db, cast, "Bea", "Cem")
    plant(database, mail)
    with database.unit_of_work() as db:
        asked = sorted(db.scalars(select(SeedInvite.email)))
        people.erase_address(db, email=asked[0])
        assert list(db.scalars(select(SeedInvite.email))) == asked[1:]


def test_a_group_never_stands_on_anybodys_home(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        # Three who said nothing of where they live: the middle of the table is Bea's own home.
        meetup = a_meetup(db, cast)
        batch = rooms.batch_of(db, meetup)
        for name in ("Bea", "Cem", "Dora", "Eli"):
            a_participant(db, batch, name, where=FAR if name == "Bea" else Whereabouts())
        batch = move_to(db, batch, "local", cast.organiser.id)
        for person in rooms.present(db, batch.id):
            seeds.keep_going(db, batch=batch, person=person, yes=True, now=clock.now())
        table = db.scalars(select(Breakout)).one()
        assert (table.lat, table.lng) == (FAR.lat, FAR.lng)
        move_to(db, batch, "over", cast.organiser.id)
    plant(database, mail)
    client.post_form(f"/keep-going/{keys(database)['bea']}", {"answer": "convene"})
    middle = cell_centre(FAR.lat, FAR.lng)
    with database.unit_of_work() as db:
        seed = db.scalars(select(SeedGroup)).one()
        assert (seed.lat, seed.lng) == middle
        seed.lat, seed.lng = FAR.lat, FAR.lng  # as one was kept before
    with database.unit_of_work() as db:
        seed = db.scalars(select(SeedGroup)).one()
        seeds.found_seed(db, seed=seed, name="Newhaven", place="Newhaven", actor_id=1)
    on_map = client.get("/groups.geojson").get_json()["features"]
    points = {one["properties"]["name"]: one["geometry"]["coordinates"] for one in on_map}
    assert points["Newhaven"] == [middle.lng, middle.lat]


def test_the_way_up_takes_groups_off_the_homes_they_stand_on(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        an_evening(db, cast, "Bea", "Cem")
    plant(database, mail)
    with database.unit_of_work() as db:
        held = db.scalars(select(SeedGroup)).one()
        group = db.get_one(Group, cast.group.id)
        held.group_id = group.id
        held.lat, held.lng = group.lat, group.lng = FAR.lat, FAR.lng
    script = ScriptDirectory.from_config(schema.configuration()).get_revision(
        "20261128_seed_squares"
    )
    assert isinstance(script.down_revision, str)
    schema.downgrade(database, script.down_revision)
    schema.upgrade(database)
    middle = cell_centre(FAR.lat, FAR.lng)
    with database.reading() as db:
        held, group = db.scalars(select(SeedGroup)).one(), db.get_one(Group, cast.group.id)
        assert (held.lat, held.lng) == (group.lat, group.lng) == middle
