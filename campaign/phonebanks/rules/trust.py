"""How far a caller's word goes by itself, and when somebody else has a look first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A newcomer's calls are all looked at, and their word on a wrong number waits for a second one.
REGULAR_AFTER = 20
# So many more as a regular, so many of them looked at and found right, over so many days.
TRUSTED_AFTER = 200
TRUSTED_FOUND_RIGHT = 10
TRUSTED_AFTER_DAYS = timedelta(days=14)
# What keeps somebody from the next call: they were suspended, a lead wants to talk to them first,
# or they have not read what was found in a call of theirs.
SUSPENDED, HELD_BACK, FEEDBACK = "suspended", "held_back", "feedback"
STOPPED = (SUSPENDED, HELD_BACK, FEEDBACK)


class Trust(StrEnum):
    """How far somebody's word goes; without a row of their own they are new."""

    NEW = "new"
    REGULAR = "regular"
    TRUSTED = "trusted"
    LEAD = "lead"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody did since they have their present standing, or since their first call."""

    calls: int
    found_right: int = 0
    since: datetime | None = None


def earned(trust: str, record: Record, *, now: datetime) -> Trust:
    """The standing that a caller has by their record: one step up, and never one down.

    Down goes only who made a serious mistake (``after_serious``) or was suspended by somebody;
    leads and the suspended stay what they are.
    """
    if trust == Trust.NEW and record.calls >= REGULAR_AFTER:
        return Trust.REGULAR
    if trust == Trust.REGULAR and _is_proved(record, now):
        return Trust.TRUSTED
    return Trust(trust)


def after_serious(trust: str) -> Trust:
    """The standing after a serious mistake: new again, until twenty more calls."""
    return Trust.SUSPENDED if trust == Trust.SUSPENDED else Trust.NEW


def is_new(trust: str, record: Record, *, now: datetime) -> bool:
    """Whether somebody's word on a person waits for a second one."""
    return earned(trust, record, now=now) in (Trust.NEW, Trust.SUSPENDED)


def _is_proved(record: Record, now: datetime) -> bool:
    long_enough = record.since is None or now - record.since >= TRUSTED_AFTER_DAYS
    return (
        long_enough and record.calls >= TRUSTED_AFTER and record.found_right >= TRUSTED_FOUND_RIGHT
    )
