"""What follows an evening, by the clock of the hall: when hosts are asked, and who must be rung."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Who closes after midnight still closes the evening before.
NIGHT_ENDS = timedelta(hours=4)
ASKED, CALLED = time(10), time(18)
OUTCOME_AFTER = 7
# How long after its hour a letter still makes sense, where the worker was down.
ASK_LATE, CALL_LATE, OUTCOME_LATE = timedelta(hours=48), timedelta(hours=24), timedelta(days=3)
# Where letters reached a host late, they have this long before anybody is asked to ring them.
TIME_TO_ANSWER = timedelta(hours=1)


class Answer(StrEnum):
    """What a host says the day after."""

    YES = "yes"
    HELP = "help"
    NO = "no"


class Stand(StrEnum):
    """How sure it is that an event has its host."""

    CONFIRMED = "confirmed"
    HELP = "help"
    SILENT = "silent"
    NOT_ASKED = "not asked"
    HOSTLESS = "hostless"


STAND_WORDS = {
    Stand.CONFIRMED: "Yes, it’s on",
    Stand.HELP: "Asks for help",
    Stand.SILENT: "No answer yet",
    Stand.NOT_ASKED: "Not asked yet",
    Stand.HOSTLESS: "Has no host",
}
# Whom to ring first.
URGENT = (Stand.HOSTLESS, Stand.HELP, Stand.SILENT, Stand.NOT_ASKED, Stand.CONFIRMED)


@dataclass(frozen=True)
class Days:
    """When what happens after an evening: all by the clock of the hall."""

    ask: datetime
    call: datetime
    outcome: datetime
    outcome_told: datetime


def days_after(closed_at: datetime, zone: str) -> Days:
    """The moments that follow an evening which closed then.

    10:00 and 18:00 stay so when the clocks change in between.
    """
    evening = (closed_at.astimezone(ZoneInfo(zone)) - NIGHT_ENDS).date()
    asked, outcome = evening + timedelta(days=1), evening + timedelta(days=OUTCOME_AFTER)
    return Days(
        ask=_at(asked, ASKED, zone),
        call=_at(asked, CALLED, zone),
        outcome=_at(outcome, ASKED, zone),
        outcome_told=_at(outcome, CALLED, zone),
    )


def day_after(ends_at: datetime, zone: str) -> datetime:
    """10:00 of the day after something ended."""
    evening = (ends_at.astimezone(ZoneInfo(zone)) - NIGHT_ENDS).date()
    return _at(evening + timedelta(days=1), ASKED, zone)


def _at(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_due(moment: datetime, *, late: timedelta, now: datetime) -> bool:
    """Whether the moment has come, and not passed for too long."""
    return moment <= now < moment + late


def stand_of(*, hostless: bool, asked: bool, answer: str | None, took_over: bool) -> Stand:
    """How an event stands: by its host's answer, or because somebody took it over by their own
    yes."""
    if hostless:
        return Stand.HOSTLESS
    if answer == Answer.HELP:
        return Stand.HELP
    if answer == Answer.YES or (took_over and answer is None):
        return Stand.CONFIRMED
    return Stand.SILENT if asked else Stand.NOT_ASKED
