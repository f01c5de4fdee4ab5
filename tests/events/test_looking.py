"""What members announce: shown to who may list it, and to nobody else."""

from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.makers import announced
from tests.proof_reader import ProofReadingClient


def stall(database: Database, cast: Cast) -> str:
    """A member's event: it is live by its link and waits."""
    with database.unit_of_work() as db:
        return announced(db, cast, host=cast.host, title="Stall at the station").public_id


def subjects(database: Database) -> list[str]:
    with database.reading() as db:
        letters = db.execute(select(OutboxLetter.to, OutboxLetter.subject))
        return [f"{to} {subject.partition(':')[0]}" for to, subject in letters]


def test_a_convenor_sees_what_waits_and_lists_it_from_their_own_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = stall(database, cast)
    client.sign_in(cast.organiser)
    assert "Waiting for your look" in client.get(f"/groups/{cast.group.slug}").text
    assert "List it: Stall at the station" in client.get("/me").text
    answer = client.post_form(f"/events/{public_id}/list", {"back": "/me"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    assert "Waiting for your look" not in client.get("/me").text
    assert "Stall at the station" in client.get("/events").text
    client.post_form(f"/events/{public_id}/list")
    assert subjects(database) == [f"{cast.host.email} On the map"]


def test_a_no_leaves_the_event_live_by_its_link_until_it_is_changed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = stall(database, cast)
    client.sign_in(cast.organiser)
    for _ in range(2):
        assert client.post_form(f"/events/{public_id}/keep-off").status_code == 303
    assert subjects(database) == [f"{cast.host.email} Not on the map"]
    assert "Waiting for your look" not in client.get(f"/groups/{cast.group.slug}").text
    client.sign_out()
    assert client.get(f"/events/{public_id}").status_code == 200
    assert "Stall at the station" not in client.get("/events").text
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        operations.edit(
            db,
            event=event,
            actor_id=cast.host.id,
            title="Stall by the clock",
            about="",
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            capacity=12,
        )
    client.sign_in(cast.organiser)
    assert "Stall by the clock" in client.get("/me").text


def test_strangers_and_members_are_shown_nothing_and_may_do_nothing(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = stall(database, cast)
    for person, code in ((cast.stranger, 404), (cast.supporter, 404), (cast.host, 403)):
        client.sign_in(person)
        for page in ("/me", f"/groups/{cast.group.slug}"):
            assert "Waiting for your look" not in client.get(page).text
        for door in ("list", "keep-off"):
            assert client.post_form(f"/events/{public_id}/{door}").status_code == code
    client.sign_out()
    assert "Waiting for your look" not in client.get(f"/groups/{cast.group.slug}").text
    assert subjects(database) == []


def test_a_moderator_looks_at_any_group(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = stall(database, cast)
    client.sign_in(cast.moderator)
    assert "Stall at the station" in client.get("/me").text
    assert client.post_form(f"/events/{public_id}/list").status_code == 303
    assert "Stall at the station" in client.get("/events").text


def test_what_is_over_cancelled_or_on_the_map_waits_for_nobody(
    database: Database, cast: Cast
) -> None:
    public_id = stall(database, cast)
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        seen = queries.waiting_for_look(db, person_id=cast.organiser.id, now=clock.now())
        assert [one.public_id for one in seen] == [public_id]
        later = queries.waiting_for_look(db, person_id=cast.organiser.id, now=event.ends_at)
        assert later == []
        operations.cancel(db, event=event, actor_id=cast.host.id)
        assert queries.waiting_for_look(db, person_id=cast.organiser.id, now=clock.now()) == []
