"""Who signed up, and is brought in from the list: one number, and no tick that nobody gave."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.events.operations.forgetting import forget_rsvp
from campaign.events.rules.door import fresh_nonce
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import closing, committing, sending_out
from campaign.meetups.operations.forgetting import export_person
from campaign.meetups.queries import recaps, rooms
from campaign.meetups.rules.expected import (
    SIGNED_UP,
    BroughtIn,
    OnTheirPhone,
    called,
    found,
    same_first_name,
)
from campaign.meetups.rules.incidents import TurnedAway
from campaign.meetups.rules.joining import CONSENT, Consents
from tests.cast import Cast
from tests.conduct.keeping import keep
from tests.events.makers import signed_up
from tests.meetups.expecting import ANN, an_evening, bring, take_back, the_list
from tests.meetups.making import HOVE, a_participant, accepted, card_of, move_to

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def db(database: Database, cast: Cast) -> Iterator[Session]:
    """One transaction for the whole test."""
    with database.unit_of_work() as session:
        yield session


def attendance(db: Session, rsvp: Rsvp) -> str:
    db.refresh(rsvp)
    return rsvp.attendance


def test_a_tap_makes_a_number_out_of_the_sign_up_and_no_tick_of_the_list(
    db: Session, cast: Cast
) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes", phone="+447700900123")
    made = bring(db, cast, meetup, rsvp)
    assert made is not None
    assert (made.number, made.name, made.initial, made.branch) == (1, "Ann", "B", "BN2")
    assert (made.email, made.phone) == (ANN, "+447700900123")
    assert made.consent == SIGNED_UP
    ticks = (made.may_contact, made.hears_area, made.shows_name)
    assert ticks == (False, False, False)
    assert (made.person_id, made.fingerprint, made.words) == (None, None, None)
    assert attendance(db, rsvp) == "came"
    line = db.scalars(select(AuditRow).where(AuditRow.action == "brought in at the desk")).one()
    assert (line.actor_id, line.details) == (cast.organiser.id, ["number 1"])


def test_what_they_say_yes_to_in_the_list_shows_a_host_their_name_alone(
    db: Session, cast: Cast
) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes", phone="+447700900123")
    batch = rooms.batch_of(db, meetup)
    host = a_participant(db, batch, "Bea").participant
    ann = bring(db, cast, meetup, rsvp)
    assert ann is not None
    batch = move_to(db, batch, "local", cast.organiser.id)
    event = accepted(db, batch, host)
    committing.take(db, batch=batch, view=card_of(db, host), person=ann, now=clock.now())
    theirs = db.scalars(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.name == "Ann B.")).one()
    db.refresh(theirs, ["person"])
    assert (theirs.phone, theirs.person.email, theirs.person.phone) == (None, None, None)


def test_a_second_tap_and_one_sent_again_find_the_same_number(db: Session, cast: Cast) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    nonce = fresh_nonce()
    numbers = {bring(db, cast, meetup, rsvp, nonce=one).number for one in (nonce, nonce, None)}  # type: ignore[union-attr]
    assert numbers == {1}
    assert db.scalar(select(func.count(Participant.id))) == 1


def test_a_tap_sent_again_after_it_was_taken_back_brings_nobody_in(db: Session, cast: Cast) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    nonce, back = fresh_nonce(), fresh_nonce()
    bring(db, cast, meetup, rsvp, nonce=nonce)
    take_back(db, cast, meetup, rsvp, nonce=back)
    assert bring(db, cast, meetup, rsvp, nonce=nonce) is None
    assert attendance(db, rsvp) == "unknown"
    assert bring(db, cast, meetup, rsvp) is not None
    take_back(db, cast, meetup, rsvp, nonce=back)
    assert attendance(db, rsvp) == "came"
    assert rooms.counts(db, meetup, rooms.batch_of(db, meetup)).here == 1


def test_whom_the_door_takes_back_was_never_there(db: Session, cast: Cast) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    bring(db, cast, meetup, rsvp)
    take_back(db, cast, meetup, rsvp)
    take_back(db, cast, meetup, rsvp)
    assert db.scalar(select(func.count(Participant.id))) == 0
    batch = rooms.batch_of(db, meetup)
    assert recaps.tally_of(db, preset="short", batch_id=batch.id).people == 0
    (line,) = the_list(db, meetup)
    assert (line.number, line.is_here) == (None, False)


def test_who_said_yes_to_something_leaves_with_it_and_comes_back_to_the_same_number(
    db: Session, cast: Cast
) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    made = bring(db, cast, meetup, rsvp)
    assert made is not None
    made.willing = "come"
    db.flush()
    take_back(db, cast, meetup, rsvp)
    assert made.left_at is not None
    again = bring(db, cast, meetup, rsvp)
    assert again is made
    assert (made.left_at, made.number) == (None, 1)


@pytest.mark.parametrize("by", ["address", "number", "account"])
def test_who_joined_by_their_own_phone_is_here_and_is_not_brought_in_twice(
    db: Session, cast: Cast, by: str
) -> None:
    given = {"phone": "+447700900123"} if by == "number" else {}
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes", **given)
    how = {
        "address": {"email": "Ann@People.example"},
        "number": {"email": None, "phone": "+447700900123"},
        "account": {"name": "Annie", "email": ANN, "person_id": rsvp.person_id},
    }[by]
    joined = a_participant(db, rooms.batch_of(db, meetup), **{"name": "Ann", **how})  # type: ignore[arg-type]
    (line,) = the_list(db, meetup)
    assert (line.number, line.is_here, line.has_phone) == (1, True, True)
    assert bring(db, cast, meetup, rsvp) is joined.participant
    assert joined.participant.consent == CONSENT
    with pytest.raises(OnTheirPhone, match="Number 1 is on a phone"):
        take_back(db, cast, meetup, rsvp)


def test_another_name_with_the_same_address_is_somebody_else(db: Session, cast: Cast) -> None:
    meetup, _ = an_evening(db, cast, "Ann Barnes")
    batch = rooms.batch_of(db, meetup)
    assert a_participant(db, batch, "Bob", email=ANN).participant.rsvp_id is None
    assert a_participant(db, batch, "ANN", email="other@people.example").participant.rsvp_id is None
    assert a_participant(db, batch, "Änn", email=ANN).participant.rsvp_id is not None
    assert a_participant(db, batch, "Ann", email=ANN).participant.rsvp_id is None


def test_a_phone_takes_over_the_number_of_the_slip_with_nothing_of_what_the_sign_up_held(
    db: Session, cast: Cast
) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes", phone="+447700900123")
    held = bring(db, cast, meetup, rsvp)
    batch = rooms.batch_of(db, meetup)
    phone = a_participant(db, batch, "Ann", HOVE, email=ANN, consents=Consents(names=True))
    assert phone.participant is held
    assert held is not None
    assert (held.number, held.initial, held.phone, held.branch) == (1, "", None, "BN3")
    assert (held.consent, held.shows_name, held.may_contact) == (CONSENT, True, False)
    found = rooms.participant_by_key(db, batch_id=batch.id, key=phone.key)
    assert found is held
    assert rooms.counts(db, meetup, batch).here == 1


def test_who_types_an_address_gets_no_place_at_which_something_was_done(
    db: Session, cast: Cast
) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    held = bring(db, cast, meetup, rsvp)
    assert held is not None
    held.willing = "come"
    db.flush()
    batch = rooms.batch_of(db, meetup)
    other = a_participant(db, batch, "Ann", email=ANN).participant
    assert (other.number, other.rsvp_id, held.fingerprint) == (2, None, None)
    signed_in = a_participant(db, batch, "Ann", email=ANN, person_id=rsvp.person_id)
    assert signed_in.participant is held


def test_who_sits_for_a_sign_up_is_one_whatever_happens(db: Session, cast: Cast) -> None:
    meetup, (rsvp,) = an_evening(db, cast, "Ann Barnes")
    bring(db, cast, meetup, rsvp)
    batch = rooms.batch_of(db, meetup)
    with pytest.raises(BroughtIn, match="They are here already"):
        a_participant(db, batch, "Ann", email=None, rsvp_id=rsvp.id)
    assert rooms.counts(db, meetup, batch).here == 1


def test_who_waits_comes_in_where_a_place_is_free_and_not_where_none_is(
    db: Session, cast: Cast
) -> None:
    meetup, (ann, bob) = an_evening(db, cast, "Ann Barnes", "Bob Carr")
    event = db.get_one(Event, meetup.event_id)
    db.execute(update(Rsvp).where(Rsvp.id == bob.id).values(status="waiting"))
    event.capacity, event.taken = 1, 1
    db.flush()
    lines = the_list(db, meetup)
    assert [(line.called, line.waits) for line in lines] == [("Ann B.", False), ("Bob C.", True)]
    with pytest.raises(Conflict, match="no room for them"), db.begin_nested():
        bring(db, cast, meetup, bob)
    event.capacity = 2
    db.flush()
    assert bring(db, cast, meetup, bob) is not None
    assert bob.status == "accepted"
    assert ann.attendance == "unknown"


def test_another_evening_s_sign_up_is_nobody_here_and_who_cancelled_is_refused(
    db: Session, cast: Cast
) -> None:
    meetup, (ann,) = an_evening(db, cast, "Ann Barnes")
    elsewhere = signed_up(db, cast.event, "Zoe Young").rsvp
    with pytest.raises(NotFound):
        bring(db, cast, meetup, elsewhere)
    with pytest.raises(NotFound):
        take_back(db, cast, meetup, elsewhere)
    ann.status = "cancelled"
    db.flush()
    assert the_list(db, meetup) == []
    with pytest.raises(Refused, match="They have cancelled"):
        bring(db, cast, meetup, ann)


def test_who_is_kept_out_is_not_on_the_list_and_comes_in_by_no_tap(db: Session, cast: Cast) -> None:
    meetup, (ann, _) = an_evening(db, cast, "Ann Barnes", "Bob Carr")
    keep(db, cast, email=ANN)
    ann.status = "accepted"  # signed up with an address nobody had confirmed: it was not cancelled
    db.flush()
    assert [line.called for line in the_list(db, meetup)] == ["Bob C."]
    with pytest.raises(TurnedAway, match="We cannot take them in"):
        bring(db, cast, meetup, ann)


def test_who_was_sent_out_is_off_the_list_until_they_are_let_in_as_somebody_new(
    db: Session, cast: Cast
) -> None:
    meetup, (ann,) = an_evening(db, cast, "Ann Barnes")
    batch, held = rooms.batch_of(db, meetup), bring(db, cast, meetup, ann)
    assert held is not None
    told = {"reason": "behaviour", "words": "", "actor_id": cast.organiser.id}
    case = sending_out.send_out(db, batch=batch, person=held, now=clock.now(), **told)  # type: ignore[arg-type]
    assert the_list(db, meetup) == []
    with pytest.raises(TurnedAway):
        bring(db, cast, meetup, ann)
    sending_out.let_in(db, batch=batch, held=case, now=clock.now(), actor_id=cast.organiser.id)
    again = bring(db, cast, meetup, ann)
    assert again is not None
    assert (again.number, held.rsvp_id) == (2, None)


@pytest.mark.parametrize("by", ["account", "the person's number"])
def test_who_was_sent_out_is_off_the_list_whatever_else_they_typed(
    db: Session, cast: Cast, by: str
) -> None:
    meetup, (ann,) = an_evening(db, cast, "Ann Barnes", phone="+447700900123")
    signed_up(db, db.get_one(Event, meetup.event_id), "Bob Carr")
    batch = rooms.batch_of(db, meetup)
    typed: dict[str, object] = {"email": "other@people.example", "person_id": ann.person_id}
    if by != "account":
        db.refresh(ann, ["person"])
        ann.person.phone = "+447700900456"
        typed = {"email": None, "phone": "+447700900456"}
    held = a_participant(db, batch, "Ann", **typed).participant  # type: ignore[arg-type]
    assert held.rsvp_id == ann.id
    told = {"reason": "behaviour", "words": "", "actor_id": cast.organiser.id}
    case = sending_out.send_out(db, batch=batch, person=held, now=clock.now(), **told)  # type: ignore[arg-type]
    assert [line.called for line in the_list(db, meetup)] == ["Bob C."]
    with pytest.raises(TurnedAway):
        bring(db, cast, meetup, ann)
    for again in ({"email": ANN}, {"email": None, "phone": "+447700900123"}, typed):
        with pytest.raises(TurnedAway):
            a_participant(db, batch, "Ann", **again)  # type: ignore[arg-type]
    sending_out.let_in(db, batch=batch, held=case, now=clock.now(), actor_id=cast.organiser.id)
    assert [line.called for line in the_list(db, meetup)] == ["Ann B.", "Bob C."]
    assert bring(db, cast, meetup, ann) is not None


def test_when_the_evening_ends_who_came_by_phone_has_come_for_their_sign_up_too(
    db: Session, cast: Cast
) -> None:
    meetup, (ann, bob, cid) = an_evening(db, cast, "Ann Barnes", "Bob Carr", "Cid Dunn")
    batch = rooms.batch_of(db, meetup)
    a_participant(db, batch, "Ann", email=ANN)
    bring(db, cast, meetup, bob)
    bring(db, cast, meetup, cid)
    take_back(db, cast, meetup, cid)
    event = db.get_one(Event, meetup.event_id)
    early = closing.end_forgotten(db, now=event.starts_at)
    assert (early, attendance(db, ann)) == (0, "unknown")
    assert closing.end_forgotten(db, now=event.ends_at + timedelta(hours=4)) == 1
    assert [attendance(db, one) for one in (ann, bob, cid)] == ["came", "came", "unknown"]
    with pytest.raises(Refused, match="This meetup is over"):
        bring(db, cast, meetup, cid)


def test_what_the_event_s_door_said_of_somebody_stays(db: Session, cast: Cast) -> None:
    meetup, (ann,) = an_evening(db, cast, "Ann Barnes")
    a_participant(db, rooms.batch_of(db, meetup), "Ann", email=ANN)
    ann.attendance = "did_not_come"
    event = db.get_one(Event, meetup.event_id)
    closing.end_forgotten(db, now=event.ends_at + timedelta(hours=4))
    assert attendance(db, ann) == "did_not_come"


def test_what_the_door_took_over_is_theirs_to_see_and_goes_with_the_sign_up(
    db: Session, cast: Cast
) -> None:
    meetup, (ann, bob) = an_evening(db, cast, "Ann Barnes", "Bob Carr")
    held = bring(db, cast, meetup, ann)
    typed = a_participant(db, rooms.batch_of(db, meetup), "Bob", email="bob@people.example")
    shown: dict[str, list[dict[str, object]]] = {}
    export_person(db, person_id=ann.person_id, into=shown)
    assert [one["email"] for one in shown["At meetups"]] == [ANN]
    export_person(db, person_id=bob.person_id, into=shown)
    assert shown["At meetups"] == [], "anybody can type an address"
    for rsvp in (ann, bob):
        db.refresh(rsvp, ["event"])
        forget_rsvp(db, rsvp=rsvp)
    assert held is not None
    db.refresh(held)
    db.refresh(typed.participant)
    assert (held.name, held.email, held.initial, held.rsvp_id) == ("Somebody", None, "", None)
    assert typed.participant.email == "bob@people.example"
    assert db.get_one(Batch, held.batch_id) is not None


def test_a_name_is_a_first_name_and_an_initial_and_never_a_way_to_reach_somebody() -> None:
    assert called("Tom van der Berg") == "Tom B."
    assert called("Cher") == "Cher"
    assert called("ann@people.example") == "Somebody"
    assert called("Ann 07700 900123") == "Somebody"
    assert called("  ") == "Somebody"
    assert same_first_name("Zoë Ash", "zoe")
    assert not same_first_name("", "")


def test_the_list_is_in_order_and_found_by_the_beginning_of_a_word_or_by_ticket(
    db: Session, cast: Cast
) -> None:
    meetup, _ = an_evening(db, cast, "bob Carr", "Émile Zorn", "Ann Barnes", "Annabel Lee-Moss")
    lines = the_list(db, meetup)
    assert [line.called for line in lines] == ["Ann B.", "Annabel L.", "bob C.", "Émile Z."]
    assert [line.called for line in found(lines, "ann")] == ["Ann B.", "Annabel L."]
    assert [line.called for line in found(lines, "emile z")] == ["Émile Z."]
    assert [line.called for line in found(lines, str(lines[2].ticket))] == ["bob C."]
    assert found(lines, "nobody") == []
    assert len(found(lines, "")) == 4
