"""Who may be handed out when: the pace of a caller, and why there is nobody just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# The design's own figures (trust: calls, lawfully). They hold over all phonebanks.
BETWEEN_CLAIMS = timedelta(seconds=15)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
REVEALS_AN_HOUR = 60
REVEALS_A_DAY = 250
SKIPS_AN_HOUR = 10
# A claim lives on while its page is looked at, three lives more at most.
EXTENSIONS = 3
# Somebody else rings a promised callback once its owner has had so long.
CALLBACK_GRACE = timedelta(minutes=30)
# Callers of a session may come so much early and stay so much late.
EARLY, LATE = timedelta(minutes=15), timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nobody for this caller now, for one stated reason; ``until`` when that may change."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How newcomers go: whoever has reported fewer real calls sees fewer numbers in an hour.

    An account of today is known to nobody, and what it sees it has seen. Whoever calls at a human
    pace does not notice.
    """

    newcomer_calls: int = 10
    newcomer_reveals: int = 30


USUAL_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Past:
    """What a caller has done lately. ``is_new`` is asked only where it makes a difference: after
    as many numbers in an hour as a newcomer sees."""

    last_claim: datetime | None
    reveals_hour: int
    oldest_reveal_hour: datetime | None
    reveals_day: int
    oldest_reveal_day: datetime | None
    skips_hour: int
    oldest_skip_hour: datetime | None
    is_new: bool = False


def too_many(past: Past, pace: Pace = USUAL_PACE) -> Nothing | None:
    """Why a caller sees no number more: those of the day, or of the hour, are seen."""
    if past.reveals_day >= REVEALS_A_DAY and past.oldest_reveal_day:
        return Nothing("day_limit", past.oldest_reveal_day + DAY)
    if past.reveals_hour >= REVEALS_AN_HOUR and past.oldest_reveal_hour:
        return Nothing("hour_limit", past.oldest_reveal_hour + HOUR)
    if past.is_new and past.reveals_hour >= pace.newcomer_reveals and past.oldest_reveal_hour:
        return Nothing("newcomer_limit", past.oldest_reveal_hour + HOUR)
    return None


def too_fast(past: Past, pace: Pace = USUAL_PACE, *, now: datetime) -> Nothing | None:
    """Why a caller has to wait before the next person: the pace, the hour or the day."""
    seen = too_many(past, pace)
    if seen is not None:
        return seen
    if past.last_claim and now - past.last_claim < BETWEEN_CLAIMS:
        return Nothing("pace", past.last_claim + BETWEEN_CLAIMS)
    return None


def kept_until(now: datetime, life: timedelta, *, closes_at: datetime | None) -> datetime:
    """Until when somebody is kept who is handed out now: a life, and never past the end."""
    return min(now + life, closes_at) if closes_at else now + life


def extended(
    claimed_at: datetime,
    until: datetime,
    life: timedelta,
    *,
    now: datetime,
    closes_at: datetime | None = None,
) -> datetime:
    """Until when somebody is kept for a caller whose screen was seen just now.

    Never shorter than promised before, and never past the cap or the phonebank's end. As it stands
    while more than half of a life is left, so that a screen that is open costs few writes.
    """
    if until - now > life / 2:
        return until
    cap = claimed_at + (1 + EXTENSIONS) * life
    return max(until, min(kept_until(now, life, closes_at=closes_at), cap))


def is_over(status: str, *, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a phonebank has come to its end: a lead closed it, or its last day is past."""
    return status == "closed" or (closes_at is not None and now >= closes_at)


def not_open(
    status: str, *, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Nothing | None:
    """Why a phonebank hands nobody out: it is a draft, paused, too early, or over."""
    if is_over(status, closes_at=closes_at, now=now):
        return Nothing("ended")
    if status == "paused":
        return Nothing("paused")
    if status == "draft":
        return Nothing("not_open")
    if opens_at and now < opens_at:
        return Nothing("not_open", opens_at)
    return None


def is_session_open(starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Whether the roster of a session may call now: a little before until a little after."""
    return starts_at - EARLY <= now <= ends_at + LATE
