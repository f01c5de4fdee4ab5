"""A strategy table's sheet: taps and short lines; and the dots with which a room weighs them."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from campaign.foundation.errors import Refused

PROPOSALS, DOTS, TOP = 3, 3, 7
LONGEST, LONGEST_LINE = 120, 240
MOST_HANDS = 10
QUESTION = "What should we do next, here, to win this?"
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Hands:
    """A table's show of hands."""

    agree: int = 0
    unsure: int = 0
    against: int = 0


@dataclass(frozen=True)
class Line:
    """A proposal as it was written. ``carrier`` is who will carry it on, by public id."""

    text: str
    hands: Hands = Hands()
    carrier: str | None = None


def question_of(written: str, topic: str = "") -> str:
    """What the tables talk about: their own topic, where there are topics."""
    return topic or written or QUESTION


def shuffled(things: Iterable[Thing], *, seed: int, number: int) -> list[Thing]:
    """In an order of each phone's own, so that none of them stands first for everybody."""
    mixed = list(things)
    random.Random(f"{seed}:{number}").shuffle(mixed)  # noqa: S311 (fair, not secret)
    return mixed


def grouped(things: Iterable[Thing], key: Callable[[Thing], str]) -> list[tuple[str, list[Thing]]]:
    """By topic, in the order in which each first comes; one group without topics."""
    groups: dict[str, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.items())


def check_dots(chosen: Collection[str]) -> None:
    """Refuse a fourth dot."""
    if len(set(chosen)) > DOTS:
        raise Refused("You have three dots. Take one back, then give it to another.")


def position_of(text: str | None) -> int:
    """Which of the three proposals a form is about; Refused for any other."""
    if text not in {str(at) for at in range(1, PROPOSALS + 1)}:
        raise Refused("Choose one of your three ideas.")
    return int(text)


def hands_of(agree: str, unsure: str, against: str, tapped: str = "") -> Hands:
    """The show of hands of a form, with the button that was tapped: "agree 7".

    A button says the number it leads to, not a step, so that a tap which is sent twice counts once.
    """
    given = {"agree": agree, "unsure": unsure, "against": against}
    name, _, number = tapped.partition(" ")
    if name in given:
        given[name] = number
    return Hands(**{key: _hands(text) for key, text in given.items()})


def _hands(text: str) -> int:
    if not text:
        return 0
    if text not in {str(number) for number in range(MOST_HANDS + 1)}:
        raise Refused(f"Hands are counted from 0 to {MOST_HANDS}.")
    return int(text)


def check_reason(reason: str) -> str:
    """The reason for hiding a proposal; Refused for none."""
    reason = reason.strip()
    if not 3 <= len(reason) <= 160:
        raise Refused("Say why in a few words: the room may ask.", field="why")
    return reason


def wishes(came_with: Mapping[int, str]) -> list[set[int]]:
    """Who stays together: those who named one another. One name alone binds nobody."""
    named = {number: set(numbers_of(text)) for number, text in came_with.items()}
    units: list[set[int]] = []
    for number in sorted(named):
        mutual = {other for other in named[number] if number in named.get(other, set())}
        if not mutual:
            continue
        touching = [unit for unit in units if unit & (mutual | {number})]
        joined = set.union({number}, mutual, *touching)
        units = [unit for unit in units if unit not in touching] + [joined]
    return units


def numbers_of(text: str) -> list[int]:
    """The numbers in "12, 15", at most two."""
    parts = "".join(sign if sign in "0123456789" else " " for sign in text).split()
    return [int(part) for part in parts[:2] if len(part) <= 5]
