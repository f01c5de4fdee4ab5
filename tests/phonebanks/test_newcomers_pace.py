"""Newcomers see fewer numbers in an hour, and no claim of anybody else becomes dearer for it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.foundation.errors import TooOften
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries.at_hand import call_at_hand
from campaign.phonebanks.queries.caller import past_of
from campaign.phonebanks.rules.claims import HOUR, Nothing, Pace, Past, too_fast
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank

PACE = Pace(newcomer_calls=3, newcomer_reveals=5)


def calls_before(
    db: Session, bank: Phonebank, person: Person, many: int, *, reported: int, minutes: int = 50
) -> None:
    """Numbers that somebody saw within the last hour; of so many they noted how it went."""
    contact = fill(db, bank, range(900, 901))[0]
    seen = NOON - timedelta(minutes=minutes)
    rows = [
        {
            "phonebank_id": bank.id,
            "contact_id": contact.id,
            "number_id": contact.number_id,
            "caller_id": person.id,
            "claimed_at": seen,
            "expires_at": seen,
            "revealed_at": seen,
            "status": "reported" if place < reported else "expired",
            "public_id": f"c{bank.id}-{person.id}-{place}",
            "answers": {},
            "reached": False,
            "note": "",
            "late": False,
        }
        for place in range(many)
    ]
    db.execute(insert(Call), rows)


def test_who_is_new_waits_after_fewer_numbers_and_nobody_else() -> None:
    seen = Past(None, 30, NOON - timedelta(minutes=50), 30, NOON - timedelta(minutes=50), 0, None)
    new = Past(**{**{name: getattr(seen, name) for name in Past.__slots__}, "is_new": True})
    assert too_fast(seen, now=NOON) is None
    until = NOON - timedelta(minutes=50) + HOUR
    assert too_fast(new, now=NOON) == Nothing("newcomer_limit", until)
    assert too_fast(new, Pace(newcomer_reveals=31), now=NOON) is None


@pytest.mark.parametrize(("reported", "is_new"), [(0, True), (2, True), (3, False), (5, False)])
def test_enough_real_calls_noted_make_one_known(
    database: Database, reported: int, is_new: bool
) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        calls_before(db, bank, person, 5, reported=reported)
        assert bool(past_of(db, person.id, now=NOON, pace=PACE).is_new) is is_new
        fill(db, bank, range(3))
        found = claim_next(db, phonebank=bank, caller_id=person.id, now=NOON, pace=PACE)
        assert isinstance(found, Nothing if is_new else Claim)


def test_practice_makes_nobody_known(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, practice = make_phonebank(db), make_phonebank(db, is_practice=True)
        person = make_person(db)
        calls_before(db, practice, person, 5, reported=5)
        assert past_of(db, person.id, now=NOON, pace=PACE).is_new
        fill(db, bank, range(3))
        found = claim_next(db, phonebank=bank, caller_id=person.id, now=NOON, pace=PACE)
        assert found == Nothing("newcomer_limit", NOON + timedelta(minutes=10))


def test_below_the_limit_nobody_is_asked_whether_they_are_new(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        calls_before(db, bank, person, 4, reported=0)
        assert not past_of(db, person.id, now=NOON, pace=PACE).is_new
        assert not past_of(db, person.id, now=NOON, pace=Pace(0, 1)).is_new, "nobody is new"


def test_the_one_look_of_a_report_knows_it_too(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        fill(db, bank, range(3))
        held = claim(db, bank, person)
        calls_before(db, bank, person, 5, reported=0)
        found = call_at_hand(db, held.call.public_id, person.id, now=NOON, pace=PACE)
        assert found is not None
        assert found.caller.past.is_new
        assert found.caller.past.reveals_hour == 5


def test_a_number_is_not_shown_to_a_newcomer_who_has_seen_enough(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        fill(db, bank, range(3))
        held = claim(db, bank, person)
        calls_before(db, bank, person, 5, reported=1)
        with pytest.raises(TooOften, match="first calls are noted"):
            reveal(db, call=held.call, phonebank=bank, now=NOON, pace=PACE)
        shown = reveal(db, call=held.call, phonebank=bank, now=NOON, pace=Pace(1, 5))
        assert isinstance(shown, Claim)
