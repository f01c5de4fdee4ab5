"""Two who are kept apart, at one table all the same: the safeguarding officers hear of it."""

from sqlalchemy.orm import Session

from campaign.conduct.operations.apart import keep_apart
from campaign.events.messages import Mail
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import joining
from campaign.meetups.operations.warning import warn_officers
from campaign.people.models import Person
from campaign.people.operations import meet
from campaign.people.rules import Role
from tests.cast import Cast, a_person
from tests.meetups.after import letters
from tests.meetups.test_strategy import a_hall, go_to
from tests.proof_reader import ProofReadingClient

NOBODY = "Nobody who is kept apart sits at one table just now."


def part(db: Session, one: Participant, other: Participant, cast: Cast) -> None:
    keep_apart(
        db,
        one=meet(db, email=one.email or "", name=one.name),
        other=meet(db, email=other.email or "", name=other.name),
        actor_id=cast.moderator.id,
    )


def two_officers(db: Session) -> list[Person]:
    return [a_person(db, name, role=Role.SAFEGUARDING) for name in ("Ines Okafor", "Sol Safe")]


def page_of(client: ProofReadingClient, person: Person) -> str:
    client.sign_in(person)
    return client.get("/meetups/apart").text


def test_in_a_room_with_one_table_each_officer_gets_one_letter_that_names_nobody(
    database: Database, cast: Cast, mail: Mail, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        officers = two_officers(db)
        batch, people, _ = a_hall(db, cast, many=6)
        part(db, people[0], people[4], cast)
    assert warn_officers(database, mail=mail) == 0  # nobody sits anywhere yet
    with database.unit_of_work() as db:
        go_to(db, db.merge(batch), "strategy", cast.organiser.id)
    assert warn_officers(database, mail=mail) == 1
    assert warn_officers(database, mail=mail) == 1
    sent = letters(database, "apart")
    assert sorted(letter.to for letter in sent) == sorted(one.email or "" for one in officers)
    for letter in sent:
        assert "/meetups/apart" in letter.text
        assert not [p for p in people if p.name in letter.text.split() or p.email in letter.text]
    text = page_of(client, officers[0])
    assert "Strategy table 1, " in text
    assert "Number 1, P1" in text
    assert "Number 5, P5" in text
    assert "Number 2, P2" not in text


def test_while_hosts_are_asked_for_they_still_sit_where_they_talked(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        two_officers(db)
        batch, people, _ = a_hall(db, cast, many=6)
        go_to(db, batch, "strategy", cast.organiser.id)
        go_to(db, batch, "report_back", cast.organiser.id)
        go_to(db, batch, "ask", cast.organiser.id)
        part(db, people[0], people[4], cast)
    assert warn_officers(database, mail=mail) == 1


def test_nobody_else_learns_of_it(
    database: Database, cast: Cast, mail: Mail, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        two_officers(db)
        batch, people, _ = a_hall(db, cast, many=6)
        part(db, people[0], people[4], cast)
        go_to(db, batch, "strategy", cast.organiser.id)
    assert client.get("/meetups/apart").status_code == 303
    for person in (cast.organiser, cast.moderator, cast.stranger):
        client.sign_in(person)
        assert client.get("/meetups/apart").status_code == 404


def test_where_there_are_tables_enough_there_is_nothing_to_tell(
    database: Database, cast: Cast, mail: Mail, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        officers = two_officers(db)
        batch, people, _ = a_hall(db, cast, many=8)
        part(db, people[0], people[4], cast)
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        assert people[0].strategy_id != people[4].strategy_id
        go_to(db, batch, "local", cast.organiser.id)
        assert people[0].breakout_id != people[4].breakout_id
    assert warn_officers(database, mail=mail) == 0
    assert letters(database, "apart") == []
    assert NOBODY in page_of(client, officers[0])


def test_who_is_kept_apart_after_the_deal_or_comes_late_is_told_of(
    database: Database, cast: Cast, mail: Mail, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        officers = two_officers(db)
        batch, people, _ = a_hall(db, cast)
        batch = go_to(db, batch, "local", cast.organiser.id)
        table = [p for p in people if p.breakout_id == people[0].breakout_id]
        part(db, *table[:2], cast)
    assert warn_officers(database, mail=mail) == 1
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch.id)
        gone = db.get_one(Participant, table[0].id)
        joining.leave(db, batch=batch, person=gone, now=clock.now())
    assert warn_officers(database, mail=mail) == 0
    assert NOBODY in page_of(client, officers[0])


def test_an_officer_who_is_one_of_the_two_hears_nothing(
    database: Database, cast: Cast, mail: Mail, client: ProofReadingClient
) -> None:
    with database.unit_of_work() as db:
        ines, sol = two_officers(db)
        batch, people, _ = a_hall(db, cast, many=6)
        people[4].email = ines.email
        part(db, people[0], people[4], cast)
        go_to(db, batch, "strategy", cast.organiser.id)
    assert warn_officers(database, mail=mail) == 1
    assert [letter.to for letter in letters(database, "apart")] == [sol.email]
    assert NOBODY in page_of(client, ines)
    assert "Number 5, P5" in page_of(client, sol)
