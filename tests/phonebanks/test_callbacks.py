"""Promised calls: what one tap offers at the edges, and what a refused time gives way to."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.words import human_when
from campaign.people.models import PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.dispensing import claim_next
from campaign.phonebanks.queries.nations import nations_waiting
from campaign.phonebanks.rules.callbacks import CallbackRefused, check_callback, offers
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.hours import reopening
from campaign.phonebanks.rules.week import read_week
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

RULES = adapters.calling_rules()
LONDON, TORONTO = "Europe/London", "America/Toronto"


def at(*parts: int, zone: str = LONDON) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


def said(now: datetime, zone: str = LONDON, **given: Any) -> list[str]:
    found = offers(now, zone, RULES, **given)
    return [f"{label}: {human_when(when, None, ZoneInfo(zone))}" for label, when in found]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            at(2026, 11, 24, 12, 1),
            ["In an hour: Tue 24 Nov, 13:15", "This evening: Tue 24 Nov, 18:00",
             "Tomorrow: Wed 25 Nov, 12:15"],
        ),
        # The evening is less than an hour off: the hour says it.
        (
            at(2026, 11, 24, 17, 30),
            ["In an hour: Tue 24 Nov, 18:30", "Tomorrow: Wed 25 Nov, 17:30"],
        ),
        # 20:30 is no longer lawful, 20:15 is.
        (
            at(2026, 11, 24, 19, 15),
            ["In an hour: Tue 24 Nov, 20:15", "Tomorrow: Wed 25 Nov, 19:15"],
        ),
        (at(2026, 11, 24, 19, 16), ["Tomorrow: Wed 25 Nov, 19:30"]),
        # Friday evening leads to Saturday, as far as Saturday goes; Saturday to Monday.
        (at(2026, 11, 27, 19, 30), ["Next time: Mon 30 Nov, 10:00"]),
        (
            at(2026, 11, 28, 12, 0),
            ["In an hour: Sat 28 Nov, 13:00", "Next time: Mon 30 Nov, 10:00"],
        ),
    ],
)  # fmt: skip
def test_one_tap_offers_an_hour_this_evening_and_tomorrow_where_they_are_lawful(
    now: datetime, expected: list[str]
) -> None:
    assert said(now) == expected
    for _, when in offers(now, LONDON, RULES):
        assert check_callback(when, LONDON, RULES, now=now) == when


def test_what_comes_after_the_end_is_not_offered() -> None:
    now = at(2026, 11, 24, 12, 0)
    assert said(now, closes_at=at(2026, 11, 24, 18)) == ["In an hour: Tue 24 Nov, 13:00"]
    assert said(now, closes_at=at(2026, 11, 24, 13)) == []


def test_the_evening_is_theirs_who_are_rung() -> None:
    now = at(2026, 11, 24, 12, 0, zone=TORONTO)
    assert said(now, TORONTO)[1] == "This evening: Tue 24 Nov, 18:00"
    assert offers(now, TORONTO, RULES)[1][1] == at(2026, 11, 24, 23, 0)


def test_tomorrow_at_the_same_time_is_so_by_the_wall_clock_when_clocks_change() -> None:
    friday = at(2026, 3, 27, 12, 0)  # in London clocks go forward on Sunday the 29th
    assert said(friday)[-1] == "Tomorrow: Sat 28 Mar, 12:00"
    every = {day: ("10:00", "18:00") for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    week = read_week({day: list(pair) for day, pair in every.items()}, RULES)
    saturday = at(2026, 3, 28, 12, 0)
    ((_, tomorrow),) = [
        one for one in offers(saturday, LONDON, RULES, week) if one[0] == "Tomorrow"
    ]
    assert tomorrow - saturday == timedelta(hours=23)


def test_the_nearest_time_is_that_evening_the_next_opening_or_the_last_before_the_end() -> None:
    def offered(wanted: datetime, **given: Any) -> datetime | None:
        with pytest.raises(CallbackRefused) as caught:
            check_callback(wanted, LONDON, RULES, now=at(2026, 11, 24, 12), **given)
        return caught.value.offered

    assert offered(at(2026, 11, 24, 20, 30)) == at(2026, 11, 24, 20, 15)
    assert offered(at(2026, 11, 25, 9, 59)) == at(2026, 11, 25, 10)
    assert offered(at(2026, 11, 29, 12)) == at(2026, 11, 30, 10)
    ends = at(2026, 11, 24, 16)
    assert offered(at(2026, 11, 24, 16), closes_at=ends) == at(2026, 11, 24, 15, 45)
    assert offered(at(2026, 11, 25, 12), closes_at=ends) == at(2026, 11, 24, 15, 45)
    # Nothing is left to offer.
    assert offered(at(2026, 11, 24, 14), closes_at=at(2026, 11, 24, 12, 5)) is None


@pytest.fixture
def noon(app: Flask) -> Any:
    with clock.at(NOON):
        yield


def test_a_time_that_was_typed_is_theirs_and_a_refused_one_gives_way_to_the_nearest(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, noon: None
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(PhoneNumber).values(time_zone=TORONTO))
        db.execute(update(Phonebank).values(zones=[TORONTO]))
    with clock.at(NOON + timedelta(hours=4)):  # eleven in Toronto
        client.sign_in(cast.caller)
        claim_id = claim_json(client)["claim"]["id"]
        client.post_asking_json(f"/claims/{claim_id}/reveal")
        page = client.get("/phonebanks/demo-calls/call").text
        assert "11:00 there" in page
        assert 'data-zone="America/Toronto"' in page
        sent = {
            "outcome": "call_later",
            "callback_at": "pick",
            "callback_pick": "2026-11-24T20:45",
            "callback_zone": TORONTO,
            "then": "stop",
        }
        mend = client.post_form(f"/claims/{claim_id}/outcome", sent)
        assert mend.status_code == 422
        assert "The nearest time is Tue 24 Nov, 20:15." in mend.text
        nearest = at(2026, 11, 24, 20, 15, zone=TORONTO).isoformat()
        assert f'class="chip is-wanted" name="callback_at" value="{nearest}"' in mend.text
        # Another button drops no time that was typed.
        saved = {name: value for name, value in sent.items() if name != "callback_at"}
        again = client.post_form(f"/claims/{claim_id}/outcome", saved)
        assert "The nearest time is Tue 24 Nov, 20:15." in again.text
        empty = client.post_form(f"/claims/{claim_id}/outcome", {**sent, "callback_pick": ""})
        assert empty.status_code == 422
        assert "Choose the day and the time" in empty.text
        sent["callback_pick"] = "2026-11-25T10:30"
        assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        kept = db.scalars(select(Contact).where(Contact.state == "callback")).one()
        assert kept.promised_at == at(2026, 11, 25, 10, 30, zone=TORONTO)


# Again, after hours.

EASTER_EVE = at(2026, 4, 5, 12)  # Easter Sunday: Monday is a holiday except in Scotland


def test_again_is_when_the_first_of_those_opens_who_are_waiting() -> None:
    def again(now: datetime, *nations: str, zones: tuple[str, ...] = (LONDON,)) -> datetime | None:
        return reopening(now, zones, RULES, nations=nations)

    monday, tuesday = at(2026, 4, 6, 10), at(2026, 4, 7, 10)
    assert again(EASTER_EVE, "england") == tuesday
    assert again(EASTER_EVE, "scotland") == monday
    assert again(EASTER_EVE, "england", "scotland") == monday
    assert again(EASTER_EVE) == tuesday
    # Who may be rung this minute is not waited for.
    assert again(at(2026, 4, 6, 12), "england", "scotland") == tuesday
    assert again(at(2026, 4, 7, 12), "england") is None
    assert again(EASTER_EVE, zones=(TORONTO,)) == at(2026, 4, 7, 10, zone=TORONTO)
    late = at(2026, 4, 7, 21)  # four in the afternoon in Toronto
    assert again(late, "england", zones=(LONDON, TORONTO)) == at(2026, 4, 8, 10)


@pytest.mark.parametrize(
    ("postcodes", "again"),
    [
        (("BN1 1AA",), at(2026, 4, 7, 10)),
        (("EH1 1AA",), at(2026, 4, 6, 10)),
        (("BN1 1AA", "EH1 1AA"), at(2026, 4, 6, 10)),
        ((None,), at(2026, 4, 7, 10)),
    ],
)
def test_a_list_says_again_when_the_first_of_its_people_may_be_rung(
    database: Database, postcodes: tuple[str | None, ...], again: datetime
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        for place, postcode in enumerate(postcodes):
            fill(db, phonebank, range(place, place + 1), postcode=postcode)
        # Who was rung already is waited for no more.
        fill(db, phonebank, range(50, 51), postcode="EH1 1AA", state="done")
        caller = make_person(db)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=EASTER_EVE, pace=False)
        assert found == Nothing("closed", again)
        assert nations_waiting(db, phonebank.id, ()) == []
