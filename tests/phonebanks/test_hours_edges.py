"""Every edge of the calling hours, a second before, at and after it: the rule, claim and reveal."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations.dispensing import Claim, claim_next, moment_of
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries import queue
from campaign.phonebanks.rules.callbacks import CallbackRefused, check_callback
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.hours import next_opening, open_now
from campaign.phonebanks.rules.nations import nation_of_postcode
from campaign.phonebanks.rules.week import Window, plain_week
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.phonebanks.test_hours import LONDON, RULES, SECOND, WIDEST, london

DAY, SATURDAY = Window(time(10), time(20, 30)), Window(time(10), time(18))
OUTER, OUTER_FREE = Window(time(8), time(21)), Window(time(9), time(21))
PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
HOVE, LEITH, GLASGOW, DERRY = "BN3 1AA", "EH6 6QQ", "G1 1AA", "BT48 6HJ"


class Row(NamedTuple):
    """A day where somebody lives: when they may be rung in the usual week, and in the widest."""

    day: date
    usual: Window | None
    widest: Window
    postcode: str | None = None
    zone: str = LONDON


TABLE = [
    Row(date(2026, 11, 23), DAY, OUTER),  # Monday
    Row(date(2026, 11, 24), DAY, OUTER),
    Row(date(2026, 11, 25), DAY, OUTER),
    Row(date(2026, 11, 26), DAY, OUTER),
    Row(date(2026, 11, 27), DAY, OUTER),
    Row(date(2026, 11, 28), SATURDAY, OUTER_FREE),
    Row(date(2026, 11, 29), None, OUTER_FREE),
    # The clocks change on these Sundays; before and after, ten o'clock is ten o'clock.
    Row(date(2026, 10, 24), SATURDAY, OUTER_FREE),
    Row(date(2026, 10, 25), None, OUTER_FREE),
    Row(date(2026, 10, 26), DAY, OUTER),
    Row(date(2027, 3, 27), SATURDAY, OUTER_FREE),
    Row(date(2027, 3, 28), None, OUTER_FREE),
    Row(date(2027, 3, 30), DAY, OUTER),
    Row(date(2027, 10, 31), None, OUTER_FREE),
    Row(date(2027, 11, 1), DAY, OUTER),
    # Elsewhere they change on other days: New York on 1 November 2026.
    Row(date(2026, 10, 26), DAY, OUTER, zone=NEW_YORK),
    Row(date(2026, 11, 2), DAY, OUTER, zone=NEW_YORK),
    Row(date(2026, 11, 23), DAY, OUTER, zone=PARIS),
    # Christmas for all, with its substitute on the Monday.
    Row(date(2026, 12, 25), None, OUTER_FREE, HOVE),
    Row(date(2026, 12, 28), None, OUTER_FREE, LEITH),
    # St Andrew's Day is a Monday; Easter Monday is none in Scotland; the Twelfth is Ulster's.
    Row(date(2026, 11, 30), None, OUTER_FREE, LEITH),
    Row(date(2026, 11, 30), None, OUTER_FREE, GLASGOW),
    Row(date(2026, 11, 30), DAY, OUTER, HOVE),
    Row(date(2026, 11, 30), DAY, OUTER, DERRY),
    Row(date(2027, 3, 29), DAY, OUTER, LEITH),
    Row(date(2027, 3, 29), None, OUTER_FREE, HOVE),
    Row(date(2027, 3, 29), None, OUTER_FREE, DERRY),
    Row(date(2027, 3, 29), None, OUTER_FREE),
    Row(date(2027, 7, 12), None, OUTER_FREE, DERRY),
    Row(date(2027, 7, 12), DAY, OUTER, HOVE),
    Row(date(2027, 7, 12), DAY, OUTER),
    # Beyond the last year that is known, every day is taken for a bank holiday.
    Row(date(2029, 1, 9), None, OUTER_FREE),
]


def called(row: Row) -> str:
    return f"{row.day}-{row.postcode or row.zone}".replace(" ", "")


def instant(row: Row, at: time) -> datetime:
    return datetime.combine(row.day, at, ZoneInfo(row.zone)).astimezone(UTC)


def around(row: Row, window: Window | None) -> list[tuple[datetime, bool]]:
    """The instants that are tried, and whether one may ring then."""
    if window is None:
        return [(instant(row, time(hour)), False) for hour in (9, 10, 12, 17, 20)]
    start, end = instant(row, window.start), instant(row, window.end)
    return [
        (start - SECOND, False),
        (start, True),
        (start + SECOND, True),
        (end - SECOND, True),
        (end, False),
        (end + SECOND, False),
    ]


@pytest.mark.parametrize("row", TABLE, ids=called)
def test_the_rule_turns_at_the_second(row: Row) -> None:
    nation = nation_of_postcode(row.postcode)
    for week, window in ((None, row.usual), (WIDEST, row.widest)):
        for now, may in around(row, window):
            assert open_now(now, row.zone, RULES, week, nation=nation) is may, now
            opening = next_opening(now, row.zone, RULES, week, nation=nation)
            assert (opening == now) is may


@pytest.mark.parametrize("row", TABLE, ids=called)
def test_a_claim_turns_at_the_second(database: Database, row: Row) -> None:
    with database.unit_of_work() as db:
        for widest, window in ((False, row.usual), (True, row.widest)):
            phonebank = a_bank(db, row, widest=widest)
            for now, may in around(row, window):
                found = ask(db, phonebank, now)
                assert isinstance(found, Claim) is may, (now, found)
                if isinstance(found, Claim):
                    shown = reveal(db, call=found.call, phonebank=phonebank, now=now, pace=False)
                    assert shown == found
                else:
                    assert found.reason == "closed"


@pytest.mark.parametrize("row", [row for row in TABLE if row.usual], ids=called)
def test_a_number_is_shown_until_the_last_second_and_no_longer(
    database: Database, row: Row
) -> None:
    with database.unit_of_work() as db:
        for widest, window in ((False, row.usual), (True, row.widest)):
            assert window is not None
            phonebank, end = a_bank(db, row, widest=widest), instant(row, window.end)
            for now, may in ((end - SECOND, True), (end, False), (end + SECOND, False)):
                found = ask(db, phonebank, end - timedelta(minutes=5))
                assert isinstance(found, Claim)
                shown = reveal(db, call=found.call, phonebank=phonebank, now=now, pace=False)
                assert shown == (found if may else Nothing("closed"))
                assert (found.call.revealed_at is not None) is may


def a_bank(db: Session, row: Row, *, widest: bool) -> Phonebank:
    """A phonebank with enough people who all live there."""
    phonebank = make_phonebank(db, zones=[row.zone], hours=plain_week(WIDEST) if widest else None)
    first = 100 if widest else 0
    for contact in fill(db, phonebank, range(first, first + 8), postcode=row.postcode):
        db.get_one(PhoneNumber, contact.number_id).time_zone = row.zone
    db.flush()
    return phonebank


def ask(db: Session, phonebank: Phonebank, now: datetime) -> Claim | Nothing:
    person = make_person(db)
    return claim_next(db, phonebank=phonebank, caller_id=person.id, now=now, pace=False)


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        ((2026, 11, 24), [HOVE, LEITH, GLASGOW, DERRY, None]),
        ((2026, 11, 30), [HOVE, DERRY, None]),
        ((2027, 3, 29), [LEITH, GLASGOW]),
        ((2027, 7, 12), [HOVE, LEITH, GLASGOW, None]),
        ((2026, 12, 25), []),
    ],
)
def test_one_list_rings_only_whose_nation_keeps_no_holiday(
    database: Database, day: tuple[int, int, int], rung: list[str | None]
) -> None:
    now = london(*day, 12)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        for number, postcode in enumerate((HOVE, LEITH, GLASGOW, DERRY, None)):
            fill(db, phonebank, range(number, number + 1), postcode=postcode)
        counted = queue.reasons(db, phonebank, moment_of(phonebank, now=now))
        assert counted.get("ready", 0) == len(rung)
        assert counted.get("hours", 0) == 5 - len(rung)
        met = [ask(db, phonebank, now) for _ in range(6)]
        claims = [found for found in met if isinstance(found, Claim)]
        assert {one.contact.postcode for one in claims} == set(rung)
        assert len(claims) == len(rung)


def test_a_promise_waits_for_the_end_of_a_holiday_where_they_live(database: Database) -> None:
    promised = {"state": "callback", "promised_at": london(2026, 11, 30, 11)}
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), postcode=LEITH, **promised)
        assert isinstance(ask(db, phonebank, london(2026, 11, 30, 12)), Nothing)
        found = ask(db, phonebank, london(2026, 12, 1, 10))
        assert isinstance(found, Claim)


def test_who_turns_out_to_live_where_a_holiday_is_kept_is_not_shown(database: Database) -> None:
    now = london(2026, 11, 30, 12)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), postcode=HOVE)
        found = ask(db, phonebank, now)
        assert isinstance(found, Claim)
        found.contact.postcode = LEITH
        shown = reveal(db, call=found.call, phonebank=phonebank, now=now, pace=False)
        assert shown == Nothing("closed")
        assert found.call.revealed_at is None


def test_a_holiday_where_they_live_is_no_time_to_promise() -> None:
    at = london(2026, 11, 30, 15)
    assert check_callback(at, LONDON, RULES, now=NOON, nation=nation_of_postcode(HOVE)) == at
    with pytest.raises(CallbackRefused, match="Tue 1 Dec, 10:00") as refused:
        check_callback(at, LONDON, RULES, now=NOON, nation=nation_of_postcode(LEITH))
    assert refused.value.offered == london(2026, 12, 1, 10)


def test_a_postcode_says_the_nation_and_nothing_else_does() -> None:
    texts = ("g12 8QQ", "GU1 3AA", "KA1", "BT1", "", None)
    assert [nation_of_postcode(text) for text in texts] == [
        "scotland", None, "scotland", "northern-ireland", None, None,
    ]  # fmt: skip
