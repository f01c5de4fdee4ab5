"""What is said in each part of the evening, and at what time: anybody can run it who can read.

The words are ours, made after what was learnt from scripted mass meetings: who can host is asked
before all others, by itself, and nobody speaks for long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.foundation.errors import Conflict
from campaign.meetups.rules.phases import NAMES, Phase, plan

LONGEST_WORDS = 1200
USUAL: dict[Phase, str] = {
    Phase.DOORS: (
        "Greet everybody at the door. Ask each to join by the code on the screen; who has no phone "
        "gets a number on a slip. Seat people near the front, and begin on time."
    ),
    Phase.PLENARY: (
        "Good evening. In this room tonight we plan what happens in our streets in the next two "
        "weeks, and nobody goes home without a date. We listen to each other, nobody is shouted "
        "down, and no is an answer. If something is wrong, press Talk to someone on your phone, "
        "or come to the desk.\n"
        "Three people say in one minute each why they are here. Then the plan: what wins, what one "
        "evening of calls brings, and what we need from this room."
    ),
    Phase.STRATEGY: (
        "Look at your phone: it says your table. Tables are mixed on purpose, so that you hear "
        "other streets than your own. You have the question and one sheet. One of you writes. "
        "Three ideas, one worry, one thing you need from the centre. Count hands for each idea."
    ),
    Phase.REPORT_BACK: (
        "All the ideas are on your phones, in a different order on each. You have three dots. Give "
        "them to what you would work for yourself. The seven with most are on the screen; all of "
        "them are kept and published."
    ),
    Phase.ASK: (
        "Now the one thing I ask tonight. Who can host? It takes a table, two chairs and two "
        "hours, and you are not alone: somebody helps you, and the call sheet tells you what to "
        "do. Look at your phone and press I can host. If not, say that you would help a host. I "
        "wait. (Wait. Do not fill the silence.)"
    ),
    Phase.LOCAL: (
        "Now your neighbours. Look at your phone for the table. Take one card: what, which day, "
        "when, where. One of you hosts and says yes on their own phone, one helps, and three more "
        "names make it solid. Call for help on the phone if you are stuck. When your host has said "
        "yes, look up: there it is on the map."
    ),
    Phase.COMMIT: (
        "Hosts, stand up. Each of you in ten seconds: your name, where, and when. Everybody else: "
        "your phone shows what is near you. Take one. One tap, and you are in."
    ),
    Phase.CLOSE: (
        "Look at the screen: this is what we did tonight. Hosts, stay ten minutes, there is a "
        "sheet for each of you. Everybody else: you have a mail with your date. Thank you. Good "
        "night."
    ),
}


@dataclass(frozen=True)
class Cue:
    """A part of the evening with what is said in it; hours on the hall's clock, where known."""

    phase: Phase
    name: str
    minutes: int | None
    starts: datetime | None
    words: str
    is_own: bool


def running_order(preset: str, own: Mapping[str, str], *, starts: datetime) -> list[Cue]:
    """All parts in their order. ``starts`` is when the doors close and the first part begins."""
    cues: list[Cue] = []
    at = starts
    for step in plan(preset):
        if step.phase is Phase.OVER:
            continue
        timed = step.minutes is not None
        words = own.get(step.phase, "")
        cues.append(
            Cue(
                step.phase,
                NAMES[step.phase],
                step.minutes,
                at if timed else None,
                words or USUAL[step.phase],
                bool(words),
            )
        )
        at += timedelta(minutes=step.minutes or 0)
    return cues


def said_in(phase: str, own: Mapping[str, str]) -> str:
    """What is said now; nothing once it is over."""
    return own.get(phase, "") or USUAL.get(Phase(phase), "")


def mark_of(words: str) -> str:
    """The same for the same words, however their lines were sent."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:12]


def was_touched(typed: str, *, stands: str, seen: str) -> bool:
    """Whether somebody who saw the words with the mark ``seen`` changed what stands there.

    Conflict where it is another text by now: both would not know of one another. Without a mark
    what was typed counts.
    """
    if seen and mark_of(typed) == seen:
        return False
    if seen and seen != mark_of(stands) != mark_of(typed):
        raise Conflict(
            f"Somebody else wrote here meanwhile: “{stands}” Keep the script again to have yours."
        )
    return True
