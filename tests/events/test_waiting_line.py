"""One line for an event: who moves up, offers with an end, and nobody twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations, queries
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.rules.allocation import Policy, Why
from campaign.events.rules.features import shift_time
from campaign.events.rules.offers import OfferOver
from campaign.events.rules.signups import Attendance, NoRoom, Source
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up


def shifts(db: Session, event: Event, *capacities: int) -> list[Shift]:
    """Shifts of an hour, one after the other."""
    return [
        operations.add_shift(
            db,
            event=event,
            starts_at=event.starts_at + timedelta(hours=at),
            ends_at=event.starts_at + timedelta(hours=at + 1),
            capacity=capacity,
        )
        for at, capacity in enumerate(capacities)
    ]


def statuses(*rsvps: Rsvp) -> list[str]:
    return [rsvp.status for rsvp in rsvps]


def test_one_line_for_all_shifts_and_any_shift_will_do(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=None)
        first, second = shifts(db, event, 1, 1)
        one, two = first.public_id, second.public_id
        ada = signed_up(db, event, "Ada Warren", shift=one).rsvp
        bea = signed_up(db, event, "Bea Long", shift=two).rsvp
        cy = signed_up(db, event, "Cy Moss", shift=one)
        di = signed_up(db, event, "Di Noon")
        ed = signed_up(db, event, "Ed Park", shift=one, also=[two])
        assert [one.before for one in (cy, di, ed)] == [0, 1, 2], "there is one line"
        operations.cancel_rsvp(db, rsvp=bea)
        assert statuses(cy.rsvp, di.rsvp, ed.rsvp) == ["waiting", "accepted", "waiting"]
        assert di.rsvp.shift_id == second.id
        operations.cancel_rsvp(db, rsvp=ada)
        assert statuses(cy.rsvp, ed.rsvp) == ["accepted", "waiting"]
        operations.cancel_rsvp(db, rsvp=di.rsvp)
        assert (ed.rsvp.status, ed.rsvp.shift_id) == ("accepted", second.id)
        assert (first.taken, second.taken, event.taken) == (1, 1, 2)


def test_the_letter_of_a_place_names_the_shift_it_is_for(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=None)
        first, second = shifts(db, event, 1, 1)
        signed_up(db, event, "Ada Warren", shift=first.public_id)
        bea = signed_up(db, event, "Bea Long", shift=second.public_id).rsvp
        signed_up(db, event, "Cy Moss", shift=first.public_id, also=[second.public_id])
        operations.cancel_rsvp(db, rsvp=bea, mail=mail)  # type: ignore[arg-type]
        assert f"{shift_time(event, second).partition('–')[0]}" in mail.letters[-1].subject
        assert mail.letters[-1].to == "cy@people.example"


def test_who_names_no_shift_gets_the_first_with_a_place(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=None)
        first, second = shifts(db, event, 1, 1)
        assert signed_up(db, event, "Ada Warren").rsvp.shift_id == first.id
        assert signed_up(db, event, "Bea Long").rsvp.shift_id == second.id
        waits = signed_up(db, event, "Cy Moss").rsvp
        assert (waits.status, waits.shift_id) == ("waiting", None)


def test_a_larger_party_holds_up_the_line_or_lets_smaller_ones_pass(
    database: Database, cast: Cast
) -> None:
    for policy, wanted in ((Policy.STRICT, "waiting"), (Policy.BEST_FIT, "accepted")):
        with database.unit_of_work() as db:
            event = announced(db, cast, capacity=2)
            ada = signed_up(db, event, "Ada Warren", guests=1).rsvp
            bea = signed_up(db, event, "Bea Long", guests=2).rsvp
            operations.change_rsvp(db, rsvp=ada, guests=0)
            cy = signed_up(db, event, "Cy Moss").rsvp
            assert cy.status == "waiting", "strict is how every event begins"
            why = queries.turn_of(db, event=event, rsvp=cy, now=clock.now())
            assert why is not None
            assert why.why is Why.BEHIND
            operations.set_policy(db, event=event, policy=policy)
            assert statuses(bea, cy) == ["waiting", wanted]
            told = queries.turn_of(db, event=event, rsvp=bea, now=clock.now())
            assert told is not None
            assert told.why is (Why.TOO_MANY if policy is Policy.STRICT else Why.FULL)


def test_from_two_days_before_a_free_place_is_an_offer_that_holds_it(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=later(cast))
        ada, bea = (signed_up(db, event, name, mail=mail).rsvp for name in ("Ada A", "Bea B"))
        with clock.at(event.starts_at - timedelta(hours=30)):
            operations.cancel_rsvp(db, rsvp=ada, mail=mail)  # type: ignore[arg-type]
            assert bea.status == "offered"
            assert bea.offered_until is not None
            assert bea.offered_until - clock.now() <= timedelta(hours=12)
            assert "A place for you until" in mail.letters[-1].subject
            assert "/take" in mail.letters[-1].text
            assert event.taken == 1, "the place is held"
            # Nobody else gets it: not by signing up, not at the door.
            assert signed_up(db, event, "Cy Moss").rsvp.status == "waiting"
            with pytest.raises(NoRoom):
                operations.add_walk_in(db, event=event, name="Zed", actor_id=cast.organiser.id)
            operations.accept_offer(db, rsvp=bea, mail=mail)  # type: ignore[arg-type]
            operations.accept_offer(db, rsvp=bea, mail=mail)  # type: ignore[arg-type]
            assert (bea.status, bea.offered_until, event.taken) == ("accepted", None, 1)


def later(cast: Cast) -> Any:
    """Ten days from now, so that the clock can be turned to before it."""
    return (clock.now() + timedelta(days=10)).replace(second=0, microsecond=0)


def test_a_no_frees_the_place_at_once_and_an_offer_that_runs_out_goes_on(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    names = ("Ada A", "Bea B", "Cy C", "Di D")
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=later(cast))
        ada, bea, cy, di = (signed_up(db, event, name, mail=mail).rsvp for name in names)
        with clock.at(event.starts_at - timedelta(hours=20)):
            operations.cancel_rsvp(db, rsvp=ada, mail=mail)  # type: ignore[arg-type]
            operations.cancel_rsvp(db, rsvp=bea, mail=mail)  # type: ignore[arg-type]
            assert statuses(ada, bea, cy, di) == ["cancelled", "cancelled", "offered", "waiting"]
        starts_at, event_id = event.starts_at, event.id
    with clock.at(starts_at - timedelta(hours=18, minutes=1)):
        assert sweep(database, mail) == 0, "two hours are not over"
    with clock.at(starts_at - timedelta(hours=17, minutes=59)):
        with pytest.raises(OfferOver), database.unit_of_work() as db:
            operations.accept_offer(db, rsvp=of(db, "Cy C"))
        assert sweep(database, mail) == 1
        assert sweep(database, mail) == 0, "another worker finds nothing"
    with database.unit_of_work() as db:
        assert [of(db, name).status for name in names[2:]] == ["cancelled", "offered"]
        over = db.scalars(select(OutboxLetter).where(OutboxLetter.key.like("rsvp-offer-over:%")))
        assert [letter.to for letter in over] == ["cy@people.example"]
        # Out, and welcome again: at the end of the line.
        with clock.at(starts_at - timedelta(hours=17)):
            again = signed_up(db, db.get_one(Event, event_id), "Cy C").rsvp
            assert (again.status, again.offered_until) == ("waiting", None)
            assert again.place_in_line > of(db, "Di D").place_in_line


def of(db: Session, name: str) -> Rsvp:
    return db.scalars(select(Rsvp).where(Rsvp.name == name)).one()


def sweep(database: Database, mail: RecordingMail) -> int:
    return operations.sweep_offers(database, mail=mail, now=clock.now())  # type: ignore[arg-type]


def test_once_the_doors_are_open_nobody_is_offered_anything(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=2, starts_at=later(cast))
        ada, bea, cy = (signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B", "Cy C"))
        with clock.at(event.starts_at - timedelta(hours=1)):
            operations.cancel_rsvp(db, rsvp=ada)
            assert cy.offered_until == event.starts_at - timedelta(minutes=30)
        with clock.at(event.starts_at - timedelta(minutes=29)):
            operations.cancel_rsvp(db, rsvp=bea)
            assert cy.status == "cancelled"
            late = signed_up(db, event, "Di D").rsvp
            assert late.status == "accepted", "who asks now and finds a place has it"
            walked = operations.add_walk_in(db, event=event, name="Zed", actor_id=cast.organiser.id)
            assert (walked.source, event.taken) == ("door", 2)
        with clock.at(event.starts_at + timedelta(minutes=1)):
            assert signed_up(db, event, "Ed E").rsvp.status == "waiting"
            operations.cancel_rsvp(db, rsvp=late)
            assert of(db, "Ed E").status == "waiting", "the start has passed"


def test_a_cancelled_person_is_never_promoted_again(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        ada, bea, cy = (signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B", "Cy C"))
        operations.cancel_rsvp(db, rsvp=bea)
        operations.cancel_rsvp(db, rsvp=ada)
        assert statuses(ada, bea, cy) == ["cancelled", "cancelled", "accepted"]
        operations.cancel_rsvp(db, rsvp=cy)
        assert statuses(ada, bea, cy) == ["cancelled"] * 3
        assert event.taken == 0


def test_an_earlier_start_ends_offers_earlier(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=later(cast))
        ada, bea = (signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B"))
        with clock.at(event.starts_at - timedelta(hours=40)):
            operations.cancel_rsvp(db, rsvp=ada)
            sooner = event.starts_at - timedelta(hours=34)
            operations.edit(
                db,
                event=event,
                actor_id=cast.organiser.id,
                title=event.title,
                about="",
                capacity=1,
                starts_at=sooner,
                ends_at=event.ends_at,
            )
            assert bea.offered_until == sooner - timedelta(minutes=30)


def test_who_has_an_offer_and_stands_at_the_door_is_in(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=later(cast))
        ada, bea = (signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B"))
        with clock.at(event.starts_at - timedelta(hours=1)):
            operations.cancel_rsvp(db, rsvp=ada)
            operations.mark_attendance(
                db,
                event=event,
                rsvp_id=bea.public_id,
                attendance=Attendance.CAME,
                actor_id=cast.organiser.id,
            )
        assert (bea.status, bea.attendance, event.taken) == ("accepted", "came", 1)


def test_the_host_lets_somebody_in_out_of_turn_and_never_into_an_offered_place(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=later(cast))
        ada, bea, cy = (signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B", "Cy C"))
        with clock.at(event.starts_at - timedelta(hours=20)):
            operations.cancel_rsvp(db, rsvp=ada)
            with pytest.raises(NoRoom):
                operations.answer_request(db, event=event, rsvp_id=cy.public_id, yes=True)
            operations.answer_request(db, event=event, rsvp_id=bea.public_id, yes=True)
            assert (bea.status, event.taken) == ("accepted", 1)
            operations.answer_request(db, event=event, rsvp_id=bea.public_id, yes=False)
            assert statuses(bea, cy) == ["declined", "offered"]


def test_a_shift_that_is_over_takes_nobody(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=None)
        first, second = shifts(db, event, 1, 1)
        ada = signed_up(db, event, "Ada Warren", shift=first.public_id).rsvp
        bea = signed_up(db, event, "Bea Long", shift=first.public_id).rsvp
        with clock.at(second.starts_at + timedelta(minutes=5)):
            operations.cancel_rsvp(db, rsvp=ada)
            assert bea.status == "waiting"
            with pytest.raises(Refused, match="shift is over"):
                signed_up(db, event, "Cy Moss", shift=first.public_id)
            assert signed_up(db, event, "Di Noon").rsvp.shift_id == second.id


def test_where_a_sign_up_comes_from_is_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        assert signed_up(db, event, "Ada Warren").rsvp.source == "page"
        assert signed_up(db, event, "Bea Long", source=Source.MEETUP).rsvp.source == "meetup"
