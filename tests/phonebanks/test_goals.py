"""Who has signed up by themselves is not rung for it; who cancels is again."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Event, Occurrence, Rsvp, Series
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import goals
from campaign.phonebanks.operations.dispensing import claim_next, moment_of
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries import queue
from campaign.phonebanks.rules.claims import Nothing
from tests.cast import Cast, an_event
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import (
    NOON,
    claim,
    fictitious,
    fill,
    make_person,
    make_phonebank,
    report,
)
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")


def set_goal(db: Session, phonebank: Phonebank, choice: str) -> None:
    goals.name_goal(db, phonebank=phonebank, choice=choice, actor_id=1, now=NOON)


def made_up(db: Session, cast: Cast, **given: Any) -> tuple[Phonebank, Event, Contact]:
    """A phonebank that asks to an event, with one person on its list."""
    event = an_event(db, cast.group, cast.organiser)
    phonebank = make_phonebank(db, cast.group)
    contact = fill(db, phonebank, range(1), email="amina@people.example", **given)[0]
    set_goal(db, phonebank, f"event:{event.public_id}")
    return phonebank, event, contact


def sign_up(db: Session, event: Event, **given: Any) -> Rsvp:
    usual = {"name": "Amina Kay", "email": "amina@people.example"}
    found = events.sign_up(db, event=event, **{**usual, **given})
    db.flush()
    return found.rsvp


def reasons(db: Session, phonebank: Phonebank) -> dict[str, int]:
    db.expire_all()
    return queue.reasons(db, phonebank, moment_of(phonebank, now=NOON))


@pytest.mark.parametrize(
    "known_by",
    [
        {},
        {"email": "other@people.example", "phone": fictitious(0)},
        {"email": None, "phone": fictitious(0)},
    ],
)
def test_who_signs_up_disappears_from_the_queue_in_the_same_transaction(
    database: Database, cast: Cast, known_by: dict[str, Any]
) -> None:
    with database.unit_of_work() as db:
        phonebank, event, contact = made_up(db, cast)
        assert reasons(db, phonebank) == {"ready": 1}
        rsvp = sign_up(db, event, **known_by)
        assert reasons(db, phonebank) == {"signed_up": 1}
        assert contact.state == "withdrawn"
        caller = make_person(db)
        asked = {"phonebank": phonebank, "caller_id": caller.id, "now": NOON, "pace": False}
        assert claim_next(db, **asked) == Nothing("finished")
        events.cancel_rsvp(db, rsvp=rsvp)
        assert reasons(db, phonebank) == {"ready": 1}
        assert contact.goal_met_at is None
        assert claim(db, phonebank, make_person(db)).contact.id == contact.id


def test_somebody_elses_sign_up_and_one_to_another_event_take_nobody_off(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank, event, _ = made_up(db, cast)
        sign_up(db, event, email="bilal@people.example", name="Bilal", phone=fictitious(7))
        sign_up(db, an_event(db, cast.group, cast.organiser), name="Amina Kay")
        assert reasons(db, phonebank) == {"ready": 1}


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ({"state": "held", "hold_reason": "moved"}, {"organiser": 1}),
        ({"attempts": 4}, {"tried": 1}),
        (
            {"state": "callback", "promised_at": NOON + timedelta(hours=2)},
            {"callback": 1},
        ),
        ({"not_before": NOON + timedelta(hours=2)}, {"resting": 1}),
    ],
)
def test_who_cancels_is_as_they_were_and_what_else_holds_them_holds(
    database: Database, cast: Cast, before: dict[str, Any], back: dict[str, int]
) -> None:
    with database.unit_of_work() as db:
        phonebank, event, _ = made_up(db, cast, **before)
        rsvp = sign_up(db, event)
        assert reasons(db, phonebank) == {"signed_up": 1}
        events.cancel_rsvp(db, rsvp=rsvp)
        assert reasons(db, phonebank) == back


def test_who_signs_up_in_the_middle_of_a_call_is_not_offered_again(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank, event, contact = made_up(db, cast)
        held = claim(db, phonebank, make_person(db))
        reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        sign_up(db, event)
        assert reasons(db, phonebank)["signed_up"] == 1
        report(db, call=held.call, phonebank=phonebank, outcome="other_person", now=NOON)
        contact.not_before = None
        db.flush()
        assert reasons(db, phonebank) == {"signed_up": 1}
        caller = make_person(db)
        asked = {"phonebank": phonebank, "caller_id": caller.id, "now": NOON, "pace": False}
        assert isinstance(claim_next(db, **asked), Nothing)


def test_the_number_of_somebody_who_signed_up_since_the_claim_is_not_shown(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank, event, contact = made_up(db, cast)
        held = claim(db, phonebank, make_person(db))
        sign_up(db, event)
        shown = reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        assert shown == Nothing("no_need")
        assert contact.state == "withdrawn"


def test_the_clock_finds_who_came_in_another_way(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        phonebank, event, contact = made_up(db, cast)
        rsvp = sign_up(db, event)
        contact.goal_met_at, contact.state = None, "ready"
        fill(db, phonebank, range(1, 2), email="bilal@people.example")
    goals.look_at_all(database, now=NOON)
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, phonebank.id)
        assert reasons(db, phonebank) == {"ready": 1, "signed_up": 1}
        db.get_one(Rsvp, rsvp.id).status = "cancelled"
    goals.look_at_all(database, now=NOON)
    with database.reading() as db:
        assert reasons(db, db.get_one(Phonebank, phonebank.id)) == {"ready": 2}


def test_a_goal_is_an_event_a_series_or_any_of_a_kind(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        phonebank, event, _ = made_up(db, cast)
        other = an_event(db, cast.group, cast.organiser)
        series = Series(
            rule="FREQ=WEEKLY",
            first_day=date(2026, 11, 20),
            last_day=date(2026, 12, 20),
            starts=time(19),
            minutes=60,
            zone="Europe/London",
            group_id=cast.group.id,
            pattern={},
            made_at=NOON,
        )
        db.add(series)
        db.flush()
        db.add(Occurrence(event_id=other.id, series_id=series.id, day=date(2026, 11, 27)))
        sign_up(db, other)
        assert reasons(db, phonebank) == {"ready": 1}
        for choice in (f"series:{other.public_id}", f"kind:{other.kind}"):
            set_goal(db, phonebank, choice)
            assert reasons(db, phonebank) == {"signed_up": 1}
            set_goal(db, phonebank, "")
            assert reasons(db, phonebank) == {"ready": 1}
        another = "canvass" if other.kind != "canvass" else "stall"
        set_goal(db, phonebank, f"kind:{another}")
        assert reasons(db, phonebank) == {"ready": 1}
        for nonsense in ("kind:feast", "event:nothing", f"series:{event.public_id}", "what"):
            with pytest.raises(Refused):
                set_goal(db, phonebank, nonsense)


def test_a_lead_reads_how_many_signed_up_and_not_who(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.organiser)
        first = db.scalars(select(Contact).where(Contact.phonebank_id == made[0].id)).first()
        assert first
        first.email, first.first_name = "amina@people.example", "Ismini"
        sign_up(db, event)
        key = event.public_id
    client.sign_in(cast.organiser)
    page = client.get("/phonebanks/demo-calls/goal")
    assert "Nobody on the list has signed up by themselves yet." in page.text
    assert client.post_form("/phonebanks/demo-calls/goal", {"goal": "event:x"}).status_code == 422
    sent = client.post_form("/phonebanks/demo-calls/goal", {"goal": f"event:{key}"})
    assert sent.status_code == 303
    page = client.get("/phonebanks/demo-calls/goal")
    assert "1 of the list has signed up by themselves." in page.text
    lead = client.get("/phonebanks/demo-calls/lead")
    assert "Signed up by themselves" in lead.text
    for shown in (page, lead):
        assert "Ismini" not in shown.text
        assert "amina@" not in shown.text


def test_nobody_but_who_manages_it_sees_or_sets_a_goal(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.stranger)
    assert client.get("/phonebanks/demo-calls/goal").status_code == 404
    client.sign_in(cast.caller)
    assert client.get("/phonebanks/demo-calls/goal").status_code in (403, 404)
