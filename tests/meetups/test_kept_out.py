"""A moderator keeps somebody out of everything: every room, every card, and they hear why."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select

from campaign.conduct.models import KeptOut
from campaign.conduct.queries.kept_out import kept_out
from campaign.conduct.rules.kept_out import KeptOut as Refusal
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import LIVE
from campaign.foundation import clock, schema
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import DomainError
from campaign.foundation.outbox import OutboxLetter
from campaign.meetups.models import Batch, Commitment, Participant, SentOut
from campaign.meetups.operations import sending_out
from campaign.meetups.operations.committing import sign_up_to, take
from campaign.meetups.queries import rooms
from campaign.people.models import Person
from campaign.people.rules import Role
from tests.cast import Cast, a_person, an_event
from tests.conduct.keeping import PRIVACY, keep
from tests.meetups.conftest import Room, phone
from tests.meetups.making import (
    a_meetup,
    a_participant,
    accepted,
    asked,
    coming,
    filled,
    fresh,
    move_to,
    seated,
)
from tests.proof_reader import ProofReadingClient

BEA = "bea@people.example"
pytestmark = pytest.mark.usefixtures("places", "asked_anew", "app")


def sent_out(database: Database, room: Room, cast: Cast) -> str:
    """Bea is sent out by the organiser; the public id of it."""
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        person = rooms.present(db, batch.id)[0]
        told = {"reason": "behaviour", "words": "Shouted", "actor_id": cast.organiser.id}
        made = sending_out.send_out(db, batch=batch, person=person, now=clock.now(), **told)  # type: ignore[arg-type]
        return made.public_id


def a_moderator(client: ProofReadingClient, database: Database) -> ProofReadingClient:
    with database.unit_of_work() as db:
        moderator = a_person(db, "Mo Derator", role=Role.MODERATOR)
    made = client.application.test_client()
    made.sign_in(moderator)
    assert isinstance(made, ProofReadingClient)
    return made


def decide(look: ProofReadingClient, case: str, decision: str) -> None:
    # It looks for them in every room, on every roster and among who is signed in.
    sent = look.post_form(f"/meetups/sent-out/{case}", {"decision": decision}, most_queries=60)
    assert sent.status_code == 303


def test_it_holds_in_every_room_and_at_every_event_and_ends_at_once_when_they_were_right(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        other = a_meetup(db, cast)
        batch = rooms.batch_of(db, other)
        there = a_participant(db, batch, "Bea")
        event = an_event(db, cast.group, cast.host)
    elsewhere = phone(client, other.code, there.key)
    assert "Bea" in elsewhere.get(f"/m/{other.code}").text
    case = sent_out(database, room, cast)
    look = a_moderator(client, database)
    decide(look, case, "everywhere")
    assert "until" in room.bea.get(room.at()).text
    assert "host them or call for us" in room.bea.get(room.at()).text
    with database.reading() as db:
        assert db.get_one(Participant, there.participant.id).left_at is not None
        letter = db.scalars(select(OutboxLetter).where(OutboxLetter.to == BEA)).one()
        assert "how you treated somebody" in letter.text
        assert "Shouted" not in letter.text
    joining = {"name": "Bea", "where": "", "reach": BEA, "hold": "y"}
    assert elsewhere.post_form(f"/m/{other.code}/join", joining).status_code == 422
    asking = {"name": "Bea", "email": BEA}
    fresh_browser = client.application.test_client()
    signed = select(Rsvp.id).where(Rsvp.event_id == event.id, Rsvp.name == "Bea")
    fresh_browser.post_form(f"/events/{event.public_id}/rsvp", asking)
    with database.reading() as db:
        assert db.scalar(signed) is None
    decide(look, case, "in")
    fresh_browser.post_form(f"/events/{event.public_id}/rsvp", asking)
    with database.reading() as db:
        assert db.scalar(signed) is not None
    with database.reading() as db:
        assert db.scalar(select(KeptOut.id)) is None
        assert kept_out(db, email=BEA) is None
        rows = select(AuditRow.action).where(AuditRow.action.like("kept out%"))
        assert set(db.scalars(rows)) == {
            "kept out of everything",
            "kept out by a moderator",
            "kept out no longer",
        }


def test_who_was_kept_out_of_every_meetup_before_is_kept_out_of_everything(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    case = sent_out(database, room, cast)
    decide(a_moderator(client, database), case, "everywhere")
    with database.reading() as db:
        before = kept_out(db, email=BEA)
    script = ScriptDirectory.from_config(schema.configuration()).get_revision("20261127_kept_out")
    assert script is not None
    schema.downgrade(database, str(script.down_revision))
    schema.upgrade(database)
    with database.reading() as db:
        assert kept_out(db, email=BEA) == before
        assert db.scalars(select(KeptOut)).one().case_id == case


def test_who_gave_nothing_to_be_known_by_cannot_be_kept_out(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        rooms.present(db, room.batch_id)[0].email = None
    case = sent_out(database, room, cast)
    look = a_moderator(client, database)
    sent = look.post_form(f"/meetups/sent-out/{case}", {"decision": "everywhere"})
    assert sent.status_code == 422
    with database.reading() as db:
        assert db.scalar(select(KeptOut.id)) is None
        assert db.scalars(select(SentOut)).one().everywhere_until is None


def test_a_card_takes_its_roster_along_without_them(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (host, bea, tom) = seated(db, cast, "Ada", "Bea", "Tom")
        view = filled(db, batch, host)
        coming(db, batch, bea, tom, view=view)
        keep(db, cast, email=BEA)
        event = accepted(db, batch, host, view=fresh(db, batch, view))
        signed = select(Rsvp.name).where(Rsvp.event_id == event.id, Rsvp.status.in_(LIVE))
        assert sorted(name.split()[0] for name in db.scalars(signed)) == ["Ada", "Tom"]
        said_yes = set(db.scalars(select(Commitment.participant_id)))
        assert tom.id in said_yes
        assert bea.id not in said_yes


def test_they_take_no_place_on_the_wall_and_say_yes_to_no_table(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        batch = rooms.batch_of(db, meetup)
        bea = a_participant(db, batch, "Bea")
    with database.unit_of_work() as db:
        ada = a_participant(db, db.get_one(Batch, batch.id), "Ada").participant
        batch = move_to(db, db.get_one(Batch, batch.id), "local", cast.organiser.id)
        open_card = filled(db, batch, ada)
        keep(db, cast, email=BEA)
        with pytest.raises(Refusal):
            take(db, batch=batch, view=open_card, person=bea.participant, now=clock.now())
        accepted(db, batch, ada, view=open_card)
        batch = move_to(db, batch, "commit", cast.organiser.id)
    bea_s = phone(client, meetup.code, bea.key)
    sent = bea_s.post_form(f"/m/{meetup.code}/wall/{open_card.card.public_id}")
    assert sent.status_code == 422
    assert PRIVACY in sent.text
    assert "treated" not in sent.text


def test_they_cannot_accept_to_host_and_nothing_is_made(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, _) = seated(db, cast, "Bea", "Tom")
        view = asked(db, batch, bea)
        keep(db, cast, email=BEA)
        before = len(list(db.scalars(select(Event.id))))
        with pytest.raises(DomainError, match="Privacy"):
            accepted(db, batch, bea, view=view)
        assert len(list(db.scalars(select(Event.id)))) == before


def test_who_is_signed_in_and_kept_out_hosts_nothing_by_another_address(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (host, _) = seated(db, cast, "Ada", "Tom")
        view = asked(db, batch, host)
        bea = a_person(db, "Bea Long", email=BEA)
        keep(db, cast, email=BEA)
        host.person_id = bea.id
        with pytest.raises(Refusal):
            accepted(db, batch, host, view=view)
        assert db.get_one(Person, bea.id).name == "Bea Long"


def test_who_signed_up_by_a_name_alone_is_taken_off_too(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        bea.may_contact = False
        event = accepted(db, batch, tom)
        sign_up_to(db, event=event, person=bea, approved=True, mail=None)
        rsvp = db.scalars(select(Rsvp).where(Rsvp.name.like("Bea%"))).one()
        assert (rsvp.phone, db.get_one(Person, rsvp.person_id).email) == (None, None)
    case = sent_out(database, room, cast)
    decide(a_moderator(client, database), case, "everywhere")
    with database.unit_of_work() as db:
        assert db.get_one(Rsvp, rsvp.id).status == "cancelled"
        bea = db.get_one(Participant, bea.id)
        with pytest.raises(Refusal):
            sign_up_to(db, event=db.get_one(Event, event.id), person=bea, approved=True, mail=None)
