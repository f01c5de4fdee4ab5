"""Who is kept out of everything: how they are known again, for how long, and what stays of them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.conduct.models import KeptOut, KeptOutMark, KeptOutPerson
from campaign.conduct.operations import kept_out as keeping
from campaign.conduct.operations.cases import bar
from campaign.conduct.queries.apart import has_bar, is_barred
from campaign.conduct.queries.kept_out import addresses_kept_out, is_person_kept_out, kept_out
from campaign.conduct.rules.kept_out import LASTS, marks_of
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.people.models import Person
from campaign.people.operations import erase, export, export_address, open_sign_in
from tests.cast import Cast, a_person
from tests.conduct.keeping import keep

MOBILE, LANDLINE = "+447700900123", "+442079460142"
pytestmark = pytest.mark.usefixtures("app")


def test_an_address_and_a_mobile_count_alone_and_a_household_s_number_with_a_first_name() -> None:
    assert marks_of(email=" BEA@people.example", phone_e164=None, name="") == [
        "email:bea@people.example"
    ]
    assert marks_of(email=None, phone_e164=MOBILE, name="Bea") == [f"phone:{MOBILE}"]
    assert marks_of(email=None, phone_e164=LANDLINE, name="Bea Long") == [f"phone:{LANDLINE}:bea"]
    assert marks_of(email=None, phone_e164="+15551234567", name="Bea") == ["phone:+15551234567:bea"]
    assert marks_of(email="", phone_e164="", name="Bea") == []


def test_whoever_shares_the_landline_of_who_is_kept_out_may_come(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, phone=LANDLINE, name="Bea Long")
        assert kept_out(db, phone=LANDLINE, name="BEA") is not None
        assert kept_out(db, phone=LANDLINE, name="Tom Long") is None
        keep(db, cast, phone=MOBILE, name="Bea Long")
        assert kept_out(db, phone=MOBILE, name="Another name") is not None


def test_it_ends_by_itself_after_a_year_and_the_marks_go(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, email="bea@people.example")
    with database.reading() as db:
        held = kept_out(db, email="BEA@people.example")
        assert held is not None
        assert held.by_address
        assert held.until - clock.now() > LASTS - timedelta(minutes=1)
        assert addresses_kept_out(db, ["a@b.example", "bea@people.example"]) == {
            "bea@people.example"
        }
    over = clock.now() + LASTS + timedelta(minutes=1)
    with clock.at(over), database.unit_of_work() as db:
        assert kept_out(db, email="bea@people.example") is None
        assert addresses_kept_out(db, ["bea@people.example"]) == set()
        assert keeping.over_due(db, over) == 1
        assert keeping.forget_over(db, over) == 1
        assert db.scalar(select(func.count()).select_from(KeptOutMark)) == 0


def test_an_appeal_that_is_right_ends_it_at_once(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        open_sign_in(db, person=db.get_one(Person, cast.supporter.id))
        held = keep(db, cast, email=cast.supporter.email)
        assert is_barred(db, cast.supporter.id)
        for _ in range(2):
            keeping.let_back(db, case_id=held.case_id, actor_id=cast.moderator.id)
        assert not is_barred(db, cast.supporter.id)
        assert kept_out(db, email=cast.supporter.email) is None
        for table in (KeptOut, KeptOutMark, KeptOutPerson):
            assert db.scalar(select(func.count()).select_from(table)) == 0


def test_who_is_signed_in_is_known_at_once_and_everybody_else_when_they_sign_in(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        here = db.get_one(Person, cast.host.id)
        open_sign_in(db, person=here)
        keep(db, cast, email=here.email)
        keep(db, cast, email="new@people.example")
        assert is_barred(db, here.id)
        assert not has_bar(db, here.id)
        assert not is_barred(db, cast.supporter.id)
        fresh = a_person(db, "New Account", email="new@people.example")
        assert is_person_kept_out(db, fresh.id)
        assert not is_barred(db, fresh.id)
        open_sign_in(db, person=fresh)
        assert is_barred(db, fresh.id)


def test_who_is_kept_out_can_still_be_barred_besides(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        host = db.get_one(Person, cast.host.id)
        open_sign_in(db, person=host)
        keep(db, cast, email=host.email)
        bar(db, person_id=host.id, actor_id=cast.moderator.id)
        assert has_bar(db, host.id)


def test_erased_only_the_hash_stays_and_a_new_account_with_the_address_is_known_again(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        person = db.get_one(Person, cast.supporter.id)
        open_sign_in(db, person=person)
        email = person.email
        keep(db, cast, email=email)
        assert export(db, person=person)["Kept out of everything"][0]["why"] == (
            "How they treated somebody"
        )
        erase(db, person=person)
        assert db.scalar(select(KeptOutPerson.person_id)) is None
        assert "Kept out of everything" in export_address(db, email=str(email))
        again = a_person(db, "Somebody Else", email=email)
        open_sign_in(db, person=again)
        assert is_barred(db, again.id)
        marks = list(db.scalars(select(KeptOutMark.hashed)))
        assert [len(mark) for mark in marks] == [43]
        said = " ".join(str(row.details) + row.action for row in db.scalars(select(AuditRow)))
        assert str(email) not in said


def test_a_stranger_s_data_say_nothing_of_it(app: Flask, database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast, email="bea@people.example")
        stranger = db.get_one(Person, cast.stranger.id)
        assert not is_person_kept_out(db, stranger.id)
        assert not is_person_kept_out(db, None)
        assert "Kept out of everything" not in export(db, person=stranger)
