"""A link to the host's page goes with the right of whoever made it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.conduct.operations.cases import bar
from campaign.events import operations
from campaign.events.models import Event, EventTeam
from campaign.events.operations.teaming import join_team, leave_team
from campaign.events.rules.team import TeamRole
from campaign.foundation.database import Database
from campaign.groups.models import Group
from campaign.groups.operations import appoint
from campaign.groups.rules import GroupRole
from campaign.people.models import Person
from tests.cast import Cast, a_member, a_person
from tests.events.makers import announced, soon
from tests.proof_reader import ProofReadingClient

GONE, THERE = 404, 200


@pytest.fixture
def event(database: Database, cast: Cast) -> Event:
    """An event of the host's, in three days."""
    with database.unit_of_work() as db:
        return announced(db, cast, host=cast.host, listed=True, starts_at=soon(72))


def link(database: Database, event: Event, by: Person) -> str:
    """The way to a link that somebody made."""
    with database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        return f"/hosts/{operations.host_link(db, event=held, actor_id=by.id)}"


def cohost(database: Database, event: Event, name: str = "Cora Co-host") -> Person:
    with database.unit_of_work() as db:
        person = a_person(db, name)
        join_team(db, event=event, person=person, role=TeamRole.CO_HOST)
        return person


@pytest.mark.parametrize("steps_in", [True, False], ids=["a co-host steps in", "nobody does"])
def test_a_host_who_goes_keeps_no_way_to_the_names(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event, steps_in: bool
) -> None:
    old, helpers = link(database, event, cast.host), link(database, event, cast.organiser)
    if steps_in:
        cohost(database, event)
    assert client.get(old).status_code == THERE
    with database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        operations.leave_hosting(
            db, event=held, actor_id=cast.host.id, mail=None, host_id=cast.host.id
        )
    for path in (old, f"{old}/state?v=0", f"{old}/sheet"):
        assert client.get(path).status_code == GONE, path
    assert client.post_form(f"{old}/count", {"count": "in"}).status_code == GONE
    assert client.get(helpers).status_code == THERE, "an organiser's link is theirs"


def test_a_host_who_hands_over_and_stays_as_co_host_keeps_it_until_they_go(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    old, following = link(database, event, cast.host), cohost(database, event)
    with database.unit_of_work() as db:
        query = select(EventTeam).where(EventTeam.person_id == following.id)
        held = db.scalars(query.options(joinedload(EventTeam.person))).one()
        operations.hand_over(
            db, event=db.get_one(Event, event.id), held=held, actor_id=cast.organiser.id, mail=None
        )
    assert client.get(old).status_code == THERE
    with database.unit_of_work() as db:
        held = db.scalars(select(EventTeam).where(EventTeam.person_id == cast.host.id)).one()
        leave_team(db, event=event, held=held, actor_id=cast.organiser.id)
    assert client.get(old).status_code == GONE


def test_a_co_host_who_takes_their_yes_back_takes_their_link_along(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    person = cohost(database, event)
    theirs, hosts = link(database, event, person), link(database, event, cast.host)
    with database.unit_of_work() as db:
        operations.leave_team_as(db, event_id=event.id, person_id=person.id, role=TeamRole.CO_HOST)
    assert [client.get(one).status_code for one in (theirs, hosts)] == [GONE, THERE]


def test_a_host_who_is_barred_for_the_time_being_opens_no_names_by_their_link(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    theirs, helpers = link(database, event, cast.host), link(database, event, cast.organiser)
    with database.unit_of_work() as db:
        bar(db, person_id=cast.host.id, actor_id=cast.moderator.id, report_id=None)
    assert [client.get(one).status_code for one in (theirs, helpers)] == [GONE, THERE]


def test_an_organiser_who_is_none_any_more_leaves_no_link_behind(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    theirs = link(database, event, cast.organiser)
    with database.unit_of_work() as db:
        other = a_person(db, "Con Venor")
        a_member(db, cast.group, other, "convenor")
        appoint(
            db,
            group=db.get_one(Group, cast.group.id),
            person_id=cast.organiser.id,
            role=GroupRole.MEMBER,
            actor_id=other.id,
        )
    assert client.get(theirs).status_code == GONE
