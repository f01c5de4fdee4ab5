"""Which answers of a script say that somebody was asked, and which that they said yes.

A script may say so itself: an option that signs the person up (``"effect": "signup"``), or one with
``"goal": true``, is a yes, and its question is the one that asks. Where no option says so, it is
the last question that has an answer with the key ``yes`` or one that begins with it, opinions
aside: what comes before leads up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.phonebanks.rules.scripts import SIGN_UP

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asks:
    """Answers by question and option: all to what is asked, and those that are a yes.

    ``words`` are the questions as callers say them, the newest version's first.
    """

    asked: frozenset[Pair] = frozenset()
    yes: frozenset[Pair] = frozenset()
    words: tuple[str, ...] = ()


def asks_of(scripts: Iterable[Sequence[Mapping[str, Any]]]) -> Asks:
    """What the versions of a script ask for, the newest version first."""
    asked: set[Pair] = set()
    yes: set[Pair] = set()
    words: dict[str, str] = {}
    for steps in scripts:
        for step in _asking(steps):
            key = str(step["key"])
            options = step["options"]
            asked |= {(key, str(option["key"])) for option in options}
            yes |= {(key, str(option["key"])) for option in options if _is_yes(option, steps)}
            words.setdefault(key, str(step.get("say") or key))
    return Asks(frozenset(asked), frozenset(yes), tuple(words.values()))


def _asking(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    asking = [
        step
        for step in steps
        if not step.get("opinion")
        and any(_is_yes(option, steps) for option in step.get("options") or [])
    ]
    return asking if _is_marked(steps) else asking[-1:]


def _is_marked(steps: Sequence[Mapping[str, Any]]) -> bool:
    return any(_marks(option) for step in steps for option in step.get("options") or [])


def _marks(option: Mapping[str, Any]) -> bool:
    return bool(option.get("goal")) or option.get("effect") == SIGN_UP


def _is_yes(option: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> bool:
    if _is_marked(steps):
        return _marks(option)
    return str(option["key"]).split("_")[0] == "yes"
