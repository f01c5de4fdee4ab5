"""The evening as a row of phases: which come, how long they last, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.foundation.errors import Conflict, Refused

EXTENSION = timedelta(minutes=2)


class Phase(StrEnum):
    """What the whole room does just now."""

    DOORS = "doors"
    PLENARY = "plenary"
    STRATEGY = "strategy"
    REPORT_BACK = "report_back"
    ASK = "ask"
    LOCAL = "local"
    COMMIT = "commit"
    CLOSE = "close"
    OVER = "over"


def tables_at(phase: str) -> str:
    """At which kind of table the room sits in this part."""
    return "strategy" if phase in {Phase.STRATEGY, Phase.REPORT_BACK} else "local"


@dataclass(frozen=True)
class Step:
    """A phase with the minutes planned for it; None where nobody hurries."""

    phase: Phase
    minutes: int | None


@dataclass(frozen=True)
class Preset:
    """An evening as it is usually run."""

    label: str
    steps: tuple[Step, ...]


NAMES: dict[Phase, str] = {
    Phase.DOORS: "Doors",
    Phase.PLENARY: "Welcome",
    Phase.STRATEGY: "Strategy tables",
    Phase.REPORT_BACK: "Report back",
    Phase.ASK: "The ask",
    Phase.LOCAL: "Local tables",
    Phase.COMMIT: "The wall",
    Phase.CLOSE: "Close",
    Phase.OVER: "Over",
}


def _evening(label: str, **minutes: int) -> Preset:
    steps = [Step(Phase.DOORS, None)]
    steps += [Step(Phase(name), length) for name, length in minutes.items()]
    return Preset(label, (*steps, Step(Phase.OVER, None)))


# The minutes are those of the scripted meetings this follows: a campaign meetup of two hours that
# talks about strategy first, a barnstorm of ninety minutes, and its half for a small room.
PRESETS: dict[str, Preset] = {
    "meetup": _evening(
        "120 minutes, with strategy tables",
        plenary=30,
        strategy=25,
        report_back=10,
        ask=5,
        local=30,
        commit=15,
        close=5,
    ),
    "barnstorm": _evening("90 minutes", plenary=25, ask=5, local=40, commit=15, close=5),
    "short": _evening("45 minutes", plenary=10, ask=5, local=20, commit=10),
}


@dataclass(frozen=True)
class Clock:
    """Where the evening stands: ``ends_at`` while the clock runs, ``left`` while it is paused."""

    phase: Phase
    ends_at: datetime | None = None
    left: timedelta | None = None


def plan(preset: str) -> tuple[Step, ...]:
    """The phases of an evening in their order; Refused for one we do not know."""
    if preset not in PRESETS:
        raise Refused("Choose how long the meetup is.", field="preset")
    return PRESETS[preset].steps


def neighbours(preset: str, phase: Phase) -> tuple[Phase | None, Phase | None]:
    """The phase before and the phase after."""
    row = [step.phase for step in plan(preset)]
    at = row.index(phase)
    return (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)


def move(preset: str, clock: Clock, *, seen: str, to: str, now: datetime) -> Clock:
    """The clock after the desk moved on, or back, by one phase.

    ``seen`` is the phase the desk looked at. Where another desk was first that is a Conflict, so
    that two people who press at once do not skip a phase.
    """
    if seen != clock.phase:
        raise Conflict("Somebody else has moved the evening on. Look where it stands now.")
    if to not in neighbours(preset, clock.phase):
        raise Refused("The evening goes on one step at a time.")
    return start(preset, Phase(to), now=now)


def start(preset: str, phase: Phase, *, now: datetime) -> Clock:
    """The clock at the beginning of a phase."""
    minutes = {step.phase: step.minutes for step in plan(preset)}[phase]
    return Clock(phase, ends_at=now + timedelta(minutes=minutes) if minutes else None)


def check_change(phase: Phase, preset: str, *, has_talked: bool) -> None:
    """Refuse another row of parts once people sit, or have sat, at tables: before that, an
    evening that runs late leaves the strategy tables out."""
    plan(preset)
    if phase not in (Phase.DOORS, Phase.PLENARY) or has_talked:
        raise Refused("The tables have begun. The parts of the evening stay.", field="preset")


def sign_of(clock: Clock) -> str:
    """How the clock stands, in a word: what a desk sends back to say what it looked at."""
    if clock.left is not None:
        return f"{clock.phase} rests {int(clock.left.total_seconds())}"
    return f"{clock.phase} {clock.ends_at.isoformat() if clock.ends_at else ''}"


def check_seen(clock: Clock, seen: str) -> None:
    """Refuse (Conflict) what was asked of a clock that stands otherwise by now.

    Two desks that press at once, and a request that is sent again, count once.
    """
    if seen != sign_of(clock):
        raise Conflict("The clock was changed a moment ago. Look how it stands now.")


def extend(clock: Clock, *, now: datetime) -> Clock:
    """Two minutes more; from now, where the time is up already."""
    if clock.left is not None:
        return Clock(clock.phase, left=clock.left + EXTENSION)
    if clock.ends_at is None:
        raise Refused("This part has no fixed length: go on when the room is ready.")
    return Clock(clock.phase, ends_at=max(clock.ends_at, now) + EXTENSION)


def pause(clock: Clock, *, now: datetime) -> Clock:
    """Stop the clock, or let it run on."""
    if clock.left is not None:
        return Clock(clock.phase, ends_at=now + clock.left)
    if clock.ends_at is None:
        raise Refused("This part has no fixed length: there is nothing to pause.")
    return Clock(clock.phase, left=max(clock.ends_at - now, timedelta()))


def has_strategy(preset: str) -> bool:
    """Whether an evening sits down to talk about strategy first."""
    return any(step.phase is Phase.STRATEGY for step in plan(preset))
