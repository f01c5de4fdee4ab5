"""A card: an event that a table is planning, and what it still needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaign.events.rules.giveaways import gives_home_away
from campaign.events.rules.kinds import Kind
from campaign.events.rules.times import ZONE, instant
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.words import plural

DAYS_AHEAD = 14
FARTHEST = timedelta(days=21)
SOLID_NAMES = 3
CARD_KINDS = (Kind.PHONEBANK, Kind.CANVASS, Kind.STALL, Kind.LEAFLETING, Kind.SOCIAL, Kind.MEETING)
FIRST_STARTS = ("10:00", "11:00", "14:00", "18:00", "18:30", "19:00")
LENGTHS = (60, 90, 120, 180)
ROOMS = (6, 8, 12, 20)
# How many it needs at least; 0 for what its kind usually does.
NEEDS = (0, 2, 3, 4, 6, 8)
ANSWERS = {"yes": True, "no": False, "unknown": None}
LONGEST_NOTE = 140
# Seven digits and more are somebody’s telephone, however they are set.
_NUMBER = re.compile(r"(?:\d[\s().+/-]*){7,}")


class CardGone(NotFound):
    """The desk has put it together with another one before it could be written on."""

    def __init__(self) -> None:
        super().__init__("This card is gone: the desk has put it together with another one.")


class State(StrEnum):
    """How far a card is."""

    EMPTY = "empty"
    PART = "part"
    READY = "ready"
    PUBLISHED = "published"


class Willing(StrEnum):
    """What somebody would do in the next two weeks."""

    HOST = "host"
    COHOST = "cohost"
    COME = "come"


@dataclass(frozen=True)
class Facts:
    """What stands on a card. ``names`` counts who said that they come, host and co-host too."""

    kind: str | None
    day: date | None
    start: time | None
    minutes: int
    place_kind: str | None
    place_found: bool
    host: str | None
    host_accepted: bool
    cohost: str | None
    names: int
    published: bool = False


@dataclass(frozen=True)
class Line:
    """One of the six things of a card: done or not, and what it still waits for."""

    name: str
    done: bool
    waits: str


def lines(facts: Facts) -> tuple[Line, ...]:
    """The six dots of a card, in the order in which one fills it."""
    return (
        Line("What", facts.kind is not None, "what it is"),
        Line("Day", facts.day is not None, "a day"),
        Line("Start", facts.start is not None, "a start"),
        Line("Where", _placed(facts), "a place"),
        Line("Host", facts.host_accepted, _host_waits(facts)),
        Line("Co-host", facts.cohost is not None, "a co-host"),
    )


def _placed(facts: Facts) -> bool:
    # A home's address is asked of its host alone, on their own phone.
    return facts.place_kind in ("home", "online") or (
        facts.place_kind == "venue" and facts.place_found
    )


def _host_waits(facts: Facts) -> str:
    return f"{facts.host}’s own yes" if facts.host else "a host"


def missing(facts: Facts) -> list[str]:
    """What must be there before it can go on the map, in words; a co-host need not."""
    return [line.waits for line in lines(facts)[:5] if not line.done]


def can_be_hosted(facts: Facts) -> bool:
    """Whether a host can say yes now: to a what, a when and a where, not to a blank card."""
    return all(line.done for line in lines(facts)[:4])


def state_of(facts: Facts) -> State:
    """How far the card is; derived, never stored."""
    if facts.published:
        return State.PUBLISHED
    if not missing(facts):
        return State.READY
    begun = any(line.done for line in lines(facts)) or facts.host
    return State.PART if begun else State.EMPTY


def wanting(facts: Facts) -> list[str]:
    """What a card with its host lacks to be solid, in words."""
    short = SOLID_NAMES - facts.names
    cohost = [] if facts.cohost else ["a co-host"]
    return cohost + ([plural(short, "more name")] if short > 0 else [])


def is_solid(facts: Facts) -> bool:
    """A co-host and three names: it happens also when somebody falls ill."""
    return facts.cohost is not None and facts.names >= SOLID_NAMES and facts.host_accepted


def days(now: datetime) -> list[date]:
    """The days one can tap: tomorrow and the thirteen after it."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return [today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)]


def times(*, day: date, start: time, minutes: int, now: datetime) -> tuple[datetime, datetime]:
    """The instants of a card. Refuses the past, more than 21 days ahead, a night's missing hour."""
    starts_at = instant(day, start, zone=ZoneInfo(ZONE), twice="first")
    if starts_at <= now:
        raise Refused("That is in the past. Choose a later day or start.", field="day")
    if starts_at > now + FARTHEST:
        raise Refused("A card plans the next three weeks. Choose an earlier day.", field="day")
    return starts_at, starts_at + timedelta(minutes=minutes)


def checked_day(text: str, *, now: datetime) -> date:
    """A day from tomorrow's chips or typed; Refused where it is none or too far."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise Refused("Choose one of the days.", field="day") from None
    today = now.astimezone(ZoneInfo(ZONE)).date()
    if not today <= day <= today + FARTHEST:
        raise Refused("A card plans the next three weeks. Choose one of those days.", field="day")
    return day


def checked_start(text: str) -> time:
    """A start such as 18:30; Refused where it is none."""
    try:
        return datetime.strptime(text.strip()[:5], "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        raise Refused("Write the start like 18:30.", field="start") from None


def checked_choice(text: str, allowed: Sequence[int], *, field: str) -> int:
    """One of the numbers that can be tapped; Refused otherwise."""
    if text.isascii() and text.isdigit() and len(text) < 5 and int(text) in allowed:
        return int(text)
    raise Refused("Choose one of those that are shown.", field=field)


def checked_answer(text: str, *, field: str) -> bool | None:
    """Yes, no, or None for "not known"; Refused otherwise."""
    if text not in ANSWERS:
        raise Refused("Choose one of those that are shown.", field=field)
    return ANSWERS[text]


def checked_note(text: str) -> str:
    """What stands on the event's page; Refused where it has somebody's number in it."""
    if _NUMBER.search(text):
        raise Refused("Leave numbers out: this stands on a public page.", field="note")
    return text[:LONGEST_NOTE]


def check_home_note(note: str) -> None:
    """Refused where a card at a home says which: its host gives that on their own phone, to who
    comes."""
    if gives_home_away(note):
        raise Refused(
            "This note gives the home away: take the postcode and the house number out. Who comes "
            "gets the address from the host.",
            field="note",
        )


def target_hosts(people: int) -> int:
    """How many hosts a room needs: one session for nine people, as the barnstorms planned."""
    return -(-people // 9)
