"""The team of an event: who may what, by whose own yes, and that it ends at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations
from campaign.events.models import Event, EventInvite, EventTeam
from campaign.events.operations import unasked
from campaign.events.operations.teaming import join_team
from campaign.events.rules.team import TeamRole
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from campaign.people.operations import erase
from tests.cast import Cast, a_person
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def shown(database: Database, cast: Cast) -> Event:
    """An event of the host's, with somebody on its roster."""
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host, listed=True)
        signed_up(db, event, "Ada Warren", phone="+441134960999")
    return event


def on_team(database: Database, event: Event, name: str, role: TeamRole) -> Person:
    with database.unit_of_work() as db:
        person = a_person(db, name)
        join_team(db, event=db.get_one(Event, event.id), person=person, role=role)
    return person


def invited(
    client: ProofReadingClient, database: Database, event: Event, email: str, role: str = "co-host"
) -> str:
    """The host asks; the key of the letter."""
    path = f"/events/{event.public_id}/team"
    assert client.post_form(path, {"email": email, "role": role}).status_code == 303
    with database.reading() as db:
        query = select(OutboxLetter.text).where(OutboxLetter.to == email)
        text = db.scalars(query.order_by(OutboxLetter.id.desc())).first() or ""
    return re.findall(r"/team/(\S+)", text)[-1]


ROSTER, CSV = "/events/{}/roster", "/events/{}/roster.csv"


@pytest.mark.parametrize(
    ("role", "roster", "csv", "edit", "ticks"),
    [
        (TeamRole.CO_HOST, 200, 200, 200, 303),
        (TeamRole.STEWARD, 200, 403, 403, 303),
        (TeamRole.DATA, 200, 200, 403, 403),
        (TeamRole.SAFEGUARDING, 403, 403, 403, 403),
    ],
)
def test_each_part_opens_its_own_doors_and_no_others(
    client: ProofReadingClient,
    database: Database,
    shown: Event,
    role: TeamRole,
    roster: int,
    csv: int,
    edit: int,
    ticks: int,
) -> None:
    client.sign_in(on_team(database, shown, "Tess Team", role))
    page = client.get(ROSTER.format(shown.public_id))
    assert page.status_code == roster
    assert client.get(CSV.format(shown.public_id)).status_code == csv
    assert client.get(f"/events/{shown.public_id}/edit").status_code == edit
    walk_in = client.post_form(f"/events/{shown.public_id}/roster/walk-in", {"name": "Bo Hill"})
    assert walk_in.status_code == ticks
    assert client.get(f"/events/{shown.public_id}/team").status_code == 200
    if roster == 200:
        assert "Ada Warren" in page.text
        sees = role in (TeamRole.CO_HOST, TeamRole.DATA)
        assert ("ada@people.example" in page.text) is sees
        assert ("0113 496 0999" in page.text) is sees


@pytest.mark.parametrize("role", list(TeamRole))
def test_who_helps_at_one_event_finds_nothing_at_another(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event, role: TeamRole
) -> None:
    client.sign_in(on_team(database, shown, "Tess Team", role))
    for path in ("roster", "roster.csv", "team", "edit", "cannot-host"):
        assert client.get(f"/events/{cast.event.public_id}/{path}").status_code == 404
    client.sign_in(cast.stranger)
    for path in ("roster", "team", "cannot-host"):
        assert client.get(f"/events/{shown.public_id}/{path}").status_code == 404


def test_nobody_is_on_the_team_before_their_own_yes(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    client.sign_in(cast.host)
    key = invited(client, database, shown, cast.supporter.email or "", "steward")
    client.sign_in(cast.supporter)
    assert client.get(ROSTER.format(shown.public_id)).status_code == 404
    assert "Will you help with this?" in client.get(f"/events/{shown.public_id}").text
    client.sign_out()
    for _ in range(2):
        assert client.get(f"/team/{key}").status_code == 200
    with database.reading() as db:
        assert db.scalars(select(EventTeam)).all() == []
    assert client.post_form(f"/team/{key}", {"answer": "yes"}).status_code == 303
    client.sign_in(cast.supporter)
    assert client.get(ROSTER.format(shown.public_id)).status_code == 200
    assert client.get(f"/team/{key}").status_code == 404, "the link has done its work"


def test_who_is_signed_in_with_the_address_answers_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    client.sign_in(cast.host)
    invited(client, database, shown, cast.supporter.email or "")
    with database.reading() as db:
        invite = db.scalars(select(EventInvite.public_id)).one()
    answer = f"/events/{shown.public_id}/team/answer/{invite}"
    client.sign_in(cast.stranger)
    assert client.post_form(answer, {"answer": "yes"}).status_code == 404
    client.sign_in(cast.supporter)
    assert client.post_form(answer, {"answer": "no"}).status_code == 303
    assert client.post_form(answer, {"answer": "yes"}).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(EventTeam)).all() == []


def test_somebody_new_says_their_name_and_what_was_typed_is_kept(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    client.sign_in(cast.host)
    key = invited(client, database, shown, "new@people.example")
    client.sign_out()
    refused = client.post_form(f"/team/{key}", {"answer": "yes", "name": ""})
    assert refused.status_code == 422
    assert "Type your name" in refused.text
    assert (
        client.post_form(f"/team/{key}", {"answer": "yes", "name": "Nia Frost"}).status_code == 303
    )
    assert "Nia F." in client.get(f"/events/{shown.public_id}").text
    with database.reading() as db:
        person = db.scalars(select(Person).where(Person.email == "new@people.example")).one()
        assert person.email_confirmed_at


def test_asking_twice_says_so_and_sends_one_letter(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    client.sign_in(cast.host)
    invited(client, database, shown, "ann@people.example")
    path = f"/events/{shown.public_id}/team"
    again = client.post_form(path, {"email": "ann@people.example", "role": "co-host"})
    assert again.status_code in (409, 422)
    assert "asked already" in again.text
    wrong = client.post_form(path, {"email": "not an address", "role": "co-host"})
    assert wrong.status_code == 422
    assert 'value="not an address"' in wrong.text
    with database.reading() as db:
        letters = select(OutboxLetter).where(OutboxLetter.to == "ann@people.example")
        assert len(db.scalars(letters).all()) == 1


def test_a_question_taken_back_opens_nothing(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    client.sign_in(cast.host)
    key = invited(client, database, shown, "ann@people.example")
    with database.reading() as db:
        invite = db.scalars(select(EventInvite.public_id)).one()
    gone = f"/events/{shown.public_id}/team/invites/{invite}/withdraw"
    assert client.post_form(gone).status_code == 303
    client.sign_out()
    assert client.get(f"/team/{key}").status_code == 404
    assert client.post_form(f"/team/{key}", {"answer": "yes", "name": "Ann"}).status_code == 404


def test_taken_off_the_team_the_next_request_is_refused(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    steward = on_team(database, shown, "Tess Team", TeamRole.STEWARD)
    client.sign_in(steward)
    assert client.get(ROSTER.format(shown.public_id)).status_code == 200
    with database.unit_of_work() as db:
        held = db.scalars(select(EventTeam)).one()
        operations.leave_team(db, event=shown, held=held, actor_id=cast.host.id)
    assert client.get(ROSTER.format(shown.public_id)).status_code == 404


def test_one_leaves_oneself_and_a_steward_takes_nobody_off(
    client: ProofReadingClient, database: Database, shown: Event
) -> None:
    cohost = on_team(database, shown, "Cora Host", TeamRole.CO_HOST)
    steward = on_team(database, shown, "Tess Team", TeamRole.STEWARD)
    with database.reading() as db:
        ids = {held.person_id: held.public_id for held in db.scalars(select(EventTeam))}
    client.sign_in(steward)
    path = f"/events/{shown.public_id}/team"
    assert client.post_form(f"{path}/{ids[cohost.id]}/remove").status_code == 403
    assert client.post_form(f"{path}/{ids[cohost.id]}/host").status_code == 403
    assert client.post_form(path, {"email": "a@b.example", "role": "co-host"}).status_code == 403
    assert client.post_form(f"{path}/{ids[steward.id]}/remove").status_code == 303
    assert client.get(path).status_code == 404


def test_a_co_host_is_like_the_host_but_cannot_take_the_host_away(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    cohost = on_team(database, shown, "Cora Host", TeamRole.CO_HOST)
    client.sign_in(cohost)
    page = client.get(f"/events/{shown.public_id}/team").text
    assert "Make host" not in page
    with database.reading() as db:
        held = db.scalars(select(EventTeam.public_id)).one()
    assert client.post_form(f"/events/{shown.public_id}/team/{held}/host").status_code == 403
    assert client.post_form(f"/events/{shown.public_id}/cannot-host").status_code == 404
    with database.reading() as db:
        assert db.get_one(Event, shown.id).host_id == cast.host.id


def test_the_host_hands_over_and_stays_as_co_host(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    cohost = on_team(database, shown, "Cora Host", TeamRole.CO_HOST)
    client.sign_in(cast.host)
    with database.reading() as db:
        held = db.scalars(select(EventTeam.public_id)).one()
    assert client.post_form(f"/events/{shown.public_id}/team/{held}/host").status_code == 303
    with database.reading() as db:
        assert db.get_one(Event, shown.id).host_id == cohost.id
        rest = db.scalars(select(EventTeam)).one()
        assert (rest.person_id, rest.role) == (cast.host.id, "co-host")
        assert db.scalars(select(OutboxLetter.to)).all() == [cohost.email]


def test_the_page_names_hosts_to_all_and_the_safeguarding_contact_to_who_comes(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    on_team(database, shown, "Cora Host", TeamRole.CO_HOST)
    on_team(database, shown, "Sage Guard", TeamRole.SAFEGUARDING)
    on_team(database, shown, "Tess Team", TeamRole.STEWARD)
    with database.unit_of_work() as db:
        signed_up(db, shown, "Sam Supporter", email=cast.supporter.email)
    public = client.get(f"/events/{shown.public_id}").text
    assert "Hari H." in public
    assert "Hari H., their team and whoever runs" in " ".join(public.split()), (
        "who sees what is typed"
    )
    assert "Cora H." in public
    assert "Sage G." not in public
    assert "Tess T." not in public
    client.sign_in(cast.supporter)
    assert "Sage G." in client.get(f"/events/{shown.public_id}").text


def asked(db: Session, event: Event, email: str, actor: Person) -> None:
    operations.invite(db, event=event, email=email, role=TeamRole.STEWARD, actor=actor, mail=None)


def test_an_address_that_was_asked_is_shown_to_its_owner_and_forgotten_with_them(
    client: ProofReadingClient, database: Database, cast: Cast, shown: Event
) -> None:
    held: dict[str, list[dict[str, Any]]] = {}
    with database.unit_of_work() as db:
        event = db.get_one(Event, shown.id)
        asked(db, event, cast.supporter.email or "", cast.host)
        asked(db, event, "other@people.example", cast.host)
        unasked.export_asked(db, person_id=cast.supporter.id, into=held)
        assert [row["event"] for row in held["Asked to help with"]] == [event.title]
        assert client.application  # whose rooms listen
        erase(db, person=db.get_one(Person, cast.supporter.id))
    with database.reading() as db:
        assert db.scalars(select(EventInvite.email)).all() == ["other@people.example"]


def test_an_address_that_was_asked_in_vain_is_gone_once_the_event_is_over(
    database: Database, cast: Cast, shown: Event
) -> None:
    with database.unit_of_work() as db:
        asked(db, db.get_one(Event, shown.id), "other@people.example", cast.host)
        assert unasked.forget_unanswered(db, now=shown.ends_at - timedelta(minutes=1)) == 0
        assert unasked.forget_unanswered(db, now=shown.ends_at + timedelta(minutes=1)) == 1
        assert db.scalars(select(EventInvite.id)).all() == []
