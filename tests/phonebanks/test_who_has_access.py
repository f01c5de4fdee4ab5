"""Who still has access: a page for administrators, and a letter a month with counts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.foundation.carriers import MemoryCarrier
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter, deliver_due
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.people.models import Person
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import removing, setup
from campaign.phonebanks.operations.reminding import tell_who_has_access
from campaign.phonebanks.queries.who_has_access import who_has_access
from campaign.phonebanks.rules.who_has_access import month_of
from campaign.phonebanks.tasks import add_jobs
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, make_phonebank
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("noon")

PAGE = "/phonebanks/access"


def test_each_way_in_is_named_or_counted(database: Database, cast: Cast, made: Made) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.make_lead(db, phonebank=phonebank, person_id=cast.lead.id, actor_id=cast.organiser.id)
        claim(db, phonebank, cast.caller, NOON - timedelta(days=29))
        rostered = make_phonebank(db, cast.group, title="Rostered", access="rostered")
        event = an_event(db, cast.group, cast.host, starts_at=NOON, capacity=5)
        setup.attach_session(db, phonebank=rostered, event=event, actor_id=cast.organiser.id)
        an_rsvp(db, event, cast.stranger)
        an_rsvp(db, event, cast.supporter, status="cancelled")
        make_phonebank(db, cast.group, title="To everybody", access="open")
        make_phonebank(db, cast.group, title="A draft", status="draft")
        make_phonebank(db, cast.group, title="Long over", closes_at=NOON - timedelta(days=31))
    with database.reading() as db:
        ways = {one.phonebank.title: one for one in who_has_access(db, now=NOON)}
        first = ways.pop("Hove rents vote")
        assert [(one.name, one.role) for one in first.runs] == [
            ("Lena Lead", "lead"),
            ("Olwen Organiser", "convenor"),
        ]
        assert [one.name for one in first.calls] == ["Cal Caller"]
        # Hari, Lena, Cal and Olwen are the group's members.
        assert (first.callers, first.admitted) == (1, 4)
        assert {title: one.admitted for title, one in ways.items()} == {
            "Rostered": 1,
            "To everybody": 1,
        }
        # Thirty days on, whoever was handed nobody is no caller of late.
        later = {one.phonebank.title: one for one in who_has_access(db, now=NOON + timedelta(2))}
        assert later["Hove rents vote"].callers == 0


def test_who_was_taken_off_or_disabled_has_no_way_in(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        claim(db, phonebank, cast.caller)
        actor = {"phonebank": phonebank, "actor_id": cast.organiser.id}
        setup.make_lead(db, person_id=cast.lead.id, **actor)
        removing.remove(db, person=cast.caller, now=NOON, **actor)
        db.get_one(Person, cast.lead.id).disabled_at = NOON
    with database.reading() as db:
        (only,) = who_has_access(db, now=NOON)
        assert [one.name for one in only.runs] == ["Olwen Organiser"]
        assert only.calls == []


def test_a_closed_phonebank_stands_there_for_thirty_days(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.close(db, phonebank=phonebank, actor_id=cast.organiser.id, now=NOON)
    with database.reading() as db:
        last = NOON + timedelta(days=30) - timedelta(seconds=1)
        assert [one.phonebank.status for one in who_has_access(db, now=last)] == ["closed"]
        assert who_has_access(db, now=NOON + timedelta(days=30)) == []


def test_administrators_read_names_of_accounts_and_nothing_of_who_is_rung(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        claim(db, db.get_one(Phonebank, made[0].id), cast.caller)
    client.sign_in(cast.caller)
    client.sign_in(cast.administrator)
    page = client.get(PAGE).text
    for words in ("Hove rents vote", "Olwen Organiser", "Cal Caller", "Tue 24 Nov, 12:00"):
        assert words in page
    assert not says(page, "Kay")
    for hidden in ("Amina", "+44", "@people.example"):
        assert hidden not in page
    assert PAGE in client.get("/me").text


@pytest.mark.parametrize("part", ["organiser", "lead", "caller", "stranger", "officer"])
def test_to_everybody_else_there_is_no_such_page(
    client: ProofReadingClient, cast: Cast, made: Made, part: str
) -> None:
    client.sign_in(cast.everybody[part])
    assert client.get(PAGE).status_code == 404


def test_one_letter_a_month_with_counts_and_the_imprint(
    database: Database, cast: Cast, made: Made, mail: Mail, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        claim(db, db.get_one(Phonebank, made[0].id), cast.caller)
    for at in (NOON, NOON, NOON + timedelta(days=6)):
        with database.unit_of_work() as db:
            tell_who_has_access(db, mail=mail, now=at)
    with database.reading() as db:
        assert [row.to for row in db.scalars(select(OutboxLetter))] == [cast.administrator.email]
    carrier = MemoryCarrier()
    deliver_due(database, carrier)
    (letter,) = carrier.letters
    for body in (letter.text, letter.html):
        assert "Hove rents vote" in body
        assert "1 person leads or runs it. 1 called in the last 30 days, 4 may call." in body
        assert f"{settings.base_url}{PAGE}" in body
        assert settings.imprint in body
        for hidden in ("Olwen", "Cal", "Amina"):
            assert hidden not in body
    with database.unit_of_work() as db:
        tell_who_has_access(db, mail=mail, now=NOON + timedelta(days=7))
    with database.reading() as db:
        assert len(list(db.scalars(select(OutboxLetter)))) == 2


def test_the_month_is_that_of_the_people_here() -> None:
    assert month_of(datetime(2026, 5, 31, 22, 59, tzinfo=UTC)) == "2026-05"
    assert month_of(datetime(2026, 5, 31, 23, 0, tzinfo=UTC)) == "2026-06"


def test_nobody_is_written_to_where_no_phonebank_is(
    database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        tell_who_has_access(db, mail=mail, now=NOON)
        assert list(db.scalars(select(OutboxLetter))) == []


def test_the_clock_asks_for_it_every_morning(
    database: Database, cast: Cast, made: Made, settings: Settings, tmp_path: Path
) -> None:
    queue = Queue(tmp_path, "")
    add_jobs(queue, database, settings)
    jobs = {job.name: job for job in queue.huey._registry.periodic_tasks}
    assert jobs["tell_who_has_access"].validate_datetime(datetime(2026, 12, 1, 6, 10))
    queue.huey.execute(jobs["tell_who_has_access"])
    with database.reading() as db:
        keys = list(db.scalars(select(OutboxLetter.key)))
    assert keys == [f"who-has-access:2026-11:{cast.administrator.id}"]
