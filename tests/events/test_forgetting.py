"""Whoever asks is forgotten at once, everybody else once the event is long over; a count stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events import operations, queries
from campaign.events.models import Event, Rsvp, RsvpKey
from campaign.events.operations import forgetting
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.groups.models import Membership
from campaign.people import operations as people
from campaign.people.models import Person, SignInSession, Suppression
from tests.cast import Cast, a_member
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient


def test_90_days_after_an_event_nobody_is_left_of_who_has_no_account(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        given = {"mail": mail, "guests": 1, "guest_names": "Bea Long", "postcode": "BN1 1YD"}
        signed_up(db, event, "Ada Warren", phone="+447700900123", **given)
        signed_up(db, event, "Phil Phone", email=None, phone="+447700900456")
        signed_up(db, event, "Mel Member")
        member = db.scalars(select(Person).where(Person.name == "Mel Member")).one()
        a_member(db, cast.group, member)
        signed_up(db, event, "Sam", email=cast.supporter.email, guests=1, guest_names="Cy")
        over, event_id = event.ends_at, event.id
        later = announced(db, cast, starts_at=event.starts_at + timedelta(days=60))
        signed_up(db, later, "Ada Warren")
    before = over - timedelta(seconds=1)
    assert forgetting.purge(database, ended_before=before) == 0
    with database.reading() as db:
        due = forgetting.due_to_be_forgotten(db, ended_before=over + timedelta(1))
        assert due == 2
    assert forgetting.purge(database, ended_before=over + timedelta(days=1)) == 2
    assert forgetting.purge(database, ended_before=over + timedelta(days=1)) == 0
    with database.reading() as db:
        rows = db.scalars(select(Rsvp).where(Rsvp.event_id == event_id).order_by(Rsvp.id)).all()
        assert [row.name for row in rows] == ["Somebody", "Somebody", "Mel Member", "Sam"]
        assert [(row.phone, row.postcode, row.guest_names) for row in rows[:2]] == [
            (None, None, "")
        ] * 2
        assert rows[3].guest_names == "", "names of guests go, whoever brought them"
        assert sum(1 + row.guests for row in rows) == db.get_one(Event, event_id).taken
        names = db.scalars(select(Person.name).where(Person.name.in_(["Ada Warren", "Phil Phone"])))
        assert names.all() == ["Ada Warren"], "she has signed up to something newer"
        nobody = db.scalars(select(Person).where(Person.id == rows[0].person_id)).one()
        assert (nobody.name, nobody.email, nobody.phone) == ("Somebody", None, None)
        keys = select(func.count()).select_from(RsvpKey).where(RsvpKey.rsvp_id == rows[0].id)
        assert db.scalar(keys) == 0, "the links are dead"


def test_behind_the_link_one_sees_what_is_held_and_deletes_it(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Ada Warren", phone="+447700900123", mail=mail)
        signed_up(db, event, "Bea Long")
        public_id = event.public_id
    key = mail.keys[-1]
    page = client.get(f"/rsvps/{key}/data")
    for words in ("+447700900123", "ada@people.example", "accepted", "Ring round Hove"):
        assert words in page.text
    told = client.get(f"/rsvps/{key}/data.json").json
    assert told is not None
    assert told["Your sign-up"][0]["phone"] == "+447700900123"
    assert client.get("/rsvps/nosuchkey/data").status_code == 404
    assert client.get("/rsvps/nosuchkey/data.json").status_code == 404
    assert client.post_form("/rsvps/nosuchkey/forget").status_code == 404
    assert client.post_form(f"/rsvps/{key}/forget").status_code == 303
    assert client.get(f"/rsvps/{key}").status_code == 404
    with database.reading() as db:
        rows = db.scalars(select(Rsvp).join(Event).where(Event.public_id == public_id))
        assert sorted((row.name, row.status) for row in rows) == [
            ("Bea Long", "accepted"),
            ("Somebody", "cancelled"),
        ]
        assert db.scalar(select(Person.id).where(Person.email == "ada@people.example")) is None
        left = db.scalars(select(OutboxLetter.to)).all()
        assert "ada@people.example" not in left
        assert "bea@people.example" in left, "whoever got the place was told"


def test_on_ones_own_page_everything_is_shown_and_deleted_after_a_fresh_sign_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email, phone="+447700900123")
        signed_up(db, event, "Bea Long")
        a_member(db, cast.group, cast.supporter)
        people.suppress(
            db, hmac="ab" * 32, reason="asked", source="page", actor_id=cast.supporter.id
        )
        event_id = event.id
    assert client.get("/me/data").status_code == 303
    client.sign_in(cast.supporter)
    page = client.get("/me/data")
    assert "+447700900123" in page.text
    told = client.get("/me/data.json").json
    assert told is not None
    assert [one["name"] for one in told["Sign-ups"]] == ["Sam Supporter"]
    assert "Bea Long" not in page.text
    with clock.at(clock.now() + timedelta(minutes=11)):
        for path in ("/me/data", "/me/data.json"):
            assert client.get(path).headers["Location"].startswith("/sign-in")
        late = client.post_form("/me/erase", {"sure": "yes"})
        assert late.headers["Location"].startswith("/sign-in")
    assert client.post_form("/me/erase").status_code == 422
    erased = client.post_form("/me/erase", {"sure": "yes"}, most_queries=60)
    assert erased.status_code == 303
    assert client.get("/me").status_code == 303, "the sign-in is gone"
    with database.reading() as db:
        gone = cast.supporter.id
        assert db.get(Person, gone) is None
        assert db.scalar(select(Membership.id).where(Membership.person_id == gone)) is None
        assert db.scalar(select(SignInSession.id).where(SignInSession.person_id == gone)) is None
        rows = db.scalars(select(Rsvp).where(Rsvp.event_id == event_id).order_by(Rsvp.id)).all()
        assert [(row.name, row.status) for row in rows] == [
            ("Somebody", "cancelled"),
            ("Bea Long", "accepted"),
        ]
        assert db.scalar(select(Suppression.made_by)) is None
        assert db.scalar(select(func.count()).select_from(Suppression)) == 1


def test_who_hosts_is_erased_too_and_the_event_stays(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host)
        host = db.get_one(Person, cast.host.id)
        people.erase(db, person=host)
        kept = db.get_one(Person, cast.host.id)
        assert (kept.name, kept.email, kept.email_confirmed_at) == ("Somebody", None, None)
        assert queries.event_by_public_id(db, event.public_id) is not None


@pytest.mark.parametrize("who", ["stranger", "caller", "supporter", "administrator", "officer"])
def test_only_the_people_who_run_an_event_see_who_comes(
    client: ProofReadingClient, database: Database, cast: Cast, who: str
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren", guests=1, guest_names="Bea Long")
        other = announced(db, cast, host=cast.host)
        public_id = event.public_id
        assert other.host_id == cast.host.id
    addresses = [f"/events/{public_id}/roster", f"/events/{public_id}/roster.csv"]
    for address in addresses:
        assert client.get(address).status_code == 303
    client.sign_in(getattr(cast, who))
    for address in addresses:
        refused = client.get(address)
        assert refused.status_code in (403, 404)
        assert "Ada Warren" not in refused.text
    for address in (f"/events/{public_id}", f"/events/{public_id}.ics", "/events.geojson"):
        assert "Ada Warren" not in client.get(address).text
    # A host of another event of the same group is no host here.
    client.sign_in(cast.host)
    assert client.get(addresses[0]).status_code == 403
    client.sign_in(cast.organiser)
    assert "Bea Long" in client.get(addresses[0]).text


def test_a_place_that_is_forgotten_is_offered_on(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        starts_at = (clock.now() + timedelta(days=10)).replace(second=0, microsecond=0)
        event = announced(db, cast, capacity=1, starts_at=starts_at)
        ada = signed_up(db, event, "Ada Warren").rsvp
        bea = signed_up(db, event, "Bea Long").rsvp
        with clock.at(starts_at - timedelta(hours=30)):
            held = queries.own_rsvp(db, event_id=event.id, person_id=ada.person_id)
            assert held is not None
            operations.forget_rsvp(db, rsvp=held, mail=mail)  # type: ignore[arg-type]
        db.refresh(bea)
        assert bea.status == "offered"
