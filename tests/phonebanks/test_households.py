"""Households: while one is in a call, or was just spoken to, nobody rings the next of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import homes
from campaign.phonebanks.operations.dispensing import claim_next, moment_of
from campaign.phonebanks.operations.revealing import release, reveal
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.queries import queue
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.households import home_of, key_of
from tests.phonebanks.lists import bring
from tests.phonebanks.making import KEY, NOON, claim, fill, make_person, make_phonebank, report

HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=20)


def ask(db: Session, phonebank: Phonebank, now: Any = NOON) -> Any:
    person = make_person(db)
    return claim_next(db, phonebank=phonebank, caller_id=person.id, now=now, pace=False)


def reasons(db: Session, phonebank: Phonebank, now: Any = NOON) -> dict[str, int]:
    return queue.reasons(db, phonebank, moment_of(phonebank, now=now))


def test_nobody_rings_the_next_of_a_household_while_one_is_in_a_call(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        fill(db, hove, range(2), household_key="one")
        fill(db, worthing, range(5, 6), household_key="one")
        held = claim(db, hove, make_person(db))
        assert reasons(db, hove) == {"household": 1, "in_call": 1}
        assert reasons(db, worthing) == {"household": 1}
        assert ask(db, hove) == Nothing("waiting", held.call.expires_at)
        assert isinstance(ask(db, worthing), Nothing)
        release(db, call=held.call, phonebank=hove, reason="stop", now=NOON)
        assert reasons(db, worthing) == {"ready": 1}
        assert claim(db, worthing, make_person(db))


@pytest.mark.parametrize("outcome", ["talked", "refused_soft", "no_answer"])
def test_a_household_is_left_in_peace_once_one_was_spoken_to(
    database: Database, outcome: str
) -> None:
    spoken = outcome != "no_answer"
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), household_key="one")
        held = claim(db, phonebank, make_person(db))
        report(db, call=held.call, phonebank=phonebank, outcome=outcome, now=NOON)
        assert isinstance(ask(db, phonebank, NOON + HOUR), Nothing) is spoken
        # Twenty hours on it is eight in the morning, and nobody is rung before ten.
        moment = moment_of(phonebank, now=NOON + LONGEST + timedelta(hours=2))
        found = queue.reasons(db, phonebank, moment)
        assert "household" not in found
        if spoken:
            assert claim(db, phonebank, make_person(db), moment.now)


def test_a_promise_is_kept_although_another_of_the_household_was_spoken_to(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        first, second = fill(db, phonebank, range(2), household_key="one")
        second.state, second.promised_at, second.not_before = "callback", NOON, NOON
        first.reached_at = NOON - HOUR
        db.flush()
        assert claim(db, phonebank, make_person(db)).contact.id == second.id
        assert reasons(db, phonebank) == {"household": 1, "in_call": 1}


def test_a_household_that_was_reached_since_the_claim_is_not_shown(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        first, second = fill(db, phonebank, range(2), household_key="one")
        held = claim(db, phonebank, make_person(db))
        other = second if held.contact.id == first.id else first
        other.reached_at = NOON
        db.flush()
        shown = reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        assert shown == Nothing("household")
        assert held.contact.state == "ready"


def test_a_claim_that_ran_out_does_not_keep_a_household(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        fill(db, hove, range(1), household_key="one")
        fill(db, worthing, range(1, 2), household_key="one")
        held = claim(db, hove, make_person(db))
        later = held.call.expires_at + timedelta(seconds=1)
        found = claim(db, worthing, make_person(db), later)
        assert found.contact.phonebank_id == worthing.id
        assert held.call.status == "expired"


def test_the_database_itself_refuses_a_household_on_two_screens(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        people = fill(db, phonebank, range(2), household_key="one")
        held = claim(db, phonebank, make_person(db))
        other = next(one for one in people if one.id != held.contact.id)
        with pytest.raises(IntegrityError, match="household"), db.begin_nested():
            db.execute(
                update(Contact)
                .where(Contact.id == other.id)
                .values(state="claimed", claimed_by=9, claimed_until=NOON + HOUR)
            )


HOMES = [
    # Two rows, and whether they are one home.
    (("BN3 1AA", ["12 Elm Road"], "Kay"), ("BN3 1AA", ["12, Elm Rd."], "Osei"), True),
    (("BN3 1AA", ["12 Elm Road"], "Kay"), ("BN3 1AA", ["14 Elm Road"], "Kay"), False),
    (("BN3 1AA", ["12 Elm Road"], "Kay"), ("BN3 1AB", ["12 Elm Road"], "Kay"), False),
    (("BN3 1AA", ["Flat A", "12 Elm Road"], "X"), ("BN3 1AA", ["flat a, 12 Elm Road"], "Y"), True),
    (("BN3 1AA", ["Flat A, 12 Elm Road"], "X"), ("BN3 1AA", ["Flat B, 12 Elm Road"], "X"), False),
    (("BN3 1AA", ["12 3rd Avenue"], "X"), ("BN3 1AA", ["12 Third Avenue"], "Y"), True),
    (("BN3 1AA", ["The Cottage, Elm Lane"], "X"), ("BN3 1AA", ["the cottage"], "Y"), True),
    (("BN3 1AA", [], "Kay"), ("BN3 1AA", [""], "KAY"), True),
    (("BN3 1AA", [], "Kay"), ("BN3 1AA", [], "Osei"), False),
]


@pytest.mark.parametrize(("one", "other", "same"), HOMES)
def test_a_home_is_a_house_of_a_postcode_or_a_name_in_one(one: Any, other: Any, same: bool) -> None:
    homes = [
        home_of(postcode=code, address=lines, last_name=name, landline=None)
        for code, lines, name in (one, other)
    ]
    assert all(homes)
    assert (homes[0] == homes[1]) is same


def test_without_a_postcode_a_name_at_a_landline_is_a_home() -> None:
    def home(**told: Any) -> str:
        return home_of(**{"postcode": None, "address": ["12 Elm Road"], **told})

    assert home(last_name="Kay", landline="+441273000001") == home(
        last_name="kay", landline="+441273000001"
    )
    assert home(last_name="Kay", landline=None) == ""
    assert home(last_name="", landline="+441273000001") == ""


def test_a_home_is_kept_as_a_keyed_hash_of_its_own() -> None:
    home = home_of(postcode="BN3 1AA", address=["12 Elm Road"], last_name="", landline=None)
    assert key_of(home, KEY) != key_of(home, b"another key")
    assert "BN3" not in str(key_of(home, KEY))
    assert key_of("", KEY) is None


def test_a_list_tells_who_lives_together_and_no_address_is_kept(bench_shop: Shop) -> None:
    file = (
        "First name,Surname,Mobile,Address 1,Address 2,Postcode\r\n"
        "Amina,Kay,07700900001,12 Elm Road,Hove,BN3 1AA\r\n"
        "Bilal,Osei,07700900002,12 Elm Rd,,bn31aa\r\n"
        "Carys,Moss,07700900003,14 Elm Rd,,BN3 1AA\r\n"
    )
    database = bench_shop.database
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
    bring(bench_shop, phonebank, file, basis="all_agreed")
    with database.reading() as db:
        rows = db.scalars(select(Contact).order_by(Contact.first_name)).all()
        amina, bilal, carys = (row.household_key for row in rows)
        assert amina
        assert amina == bilal != carys
        kept = [value for row in rows for value in vars(row).values() if isinstance(value, str)]
        assert not any("Elm" in value for value in kept)
    # A list without addresses knows less, and changes nothing.
    less = "First name,Surname,Mobile,Postcode\r\nAmina,Kay,07700900001,BN3 1AA\r\n"
    bring(bench_shop, phonebank, less, basis="all_agreed")
    with database.reading() as db:
        assert db.scalar(select(Contact.household_key).order_by(Contact.first_name)) == amina
    # Somebody moves in: the same file with another address.
    moved = file.replace("14 Elm Rd", "12 Elm Road")
    bring(bench_shop, phonebank, moved, basis="all_agreed")
    with database.reading() as db:
        assert {row.household_key for row in db.scalars(select(Contact))} == {amina}


def test_people_to_practise_on_live_with_nobody(bench_shop: Shop) -> None:
    with bench_shop.database.unit_of_work() as db:
        practice = make_phonebank(db, is_practice=True)
    bring(bench_shop, practice, "Name,Phone,Postcode\r\nAmina Kay,+444000000001,BN3 1AA\r\n")
    with bench_shop.database.reading() as db:
        assert db.scalars(select(Contact.household_key)).all() == [None]


def test_lists_from_before_are_told_who_lives_together(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), postcode="BN3 1AA")
        fill(db, phonebank, range(2, 3), postcode="BN3 1AB")
        practice = make_phonebank(db, is_practice=True)
        fill(db, practice, range(3, 5), postcode="BN3 1AA")
        held = claim(db, practice, make_person(db))
        assert held
    assert homes.fill_in_homes(database, key=KEY) == 3
    assert homes.fill_in_homes(database, key=KEY) == 0
    with database.reading() as db:
        found = db.scalars(select(Contact.household_key).order_by(Contact.id)).all()
    assert found[0] == found[1] != found[2]
    assert found[3:] == [None, None]
