"""A script as a plain form holds it: steps with answers, and where each answer leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.scripts import CLOSING, END, key_of

STEPS = 5
ANSWERS = 4
# Where an answer may lead: on, to a numbered step, to the goodbye, or to the end at once.
WAYS = (
    ("", "The next step"),
    *((str(number), f"Step {number}") for number in range(2, STEPS + 1)),
    (CLOSING, "Goodbye"),
    (END, "The end, at once"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One step: what is said, the answers as (label, way), and whether it asks an opinion."""

    say: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    opinion: bool = False


def steps_from(drafts: Sequence[Draft], closing: str) -> list[dict[str, Any]]:
    """Make the steps of a script. Refuses answers that lead to a step without words.

    Steps that were left empty are left out; whether the rest leads somewhere is for
    ``check_steps``.
    """
    keys = _keys(drafts, closing)
    steps: list[dict[str, Any]] = []
    for number, draft in enumerate(drafts, 1):
        if not draft.say:
            if draft.answers:
                raise Refused(f"Step {number} has answers and no words. Write what is said.")
            continue
        options: list[dict[str, str]] = []
        for label, way in draft.answers:
            key = key_of(label, [option["key"] for option in options])
            options.append({"key": key, "label": label, "next": _target(label, way, number, keys)})
        step = {"key": keys[str(number)], "say": draft.say, "options": options}
        steps.append(step | {"opinion": True} if draft.opinion and options else step)
    if closing:
        steps.append({"key": CLOSING, "say": closing, "options": []})
    return steps


def drafts_from(steps: Sequence[Mapping[str, Any]]) -> tuple[list[Draft], str]:
    """Read a script back into its form: the steps, then what is said at the end."""
    closing = next((str(step["say"]) for step in steps if step["key"] == CLOSING), "")
    asked = [step for step in steps if step["key"] != CLOSING]
    ways = {str(step["key"]): str(number) for number, step in enumerate(asked, 1)}
    ways |= {CLOSING: CLOSING, END: END, "": ""}
    drafts = [
        Draft(
            str(step["say"]),
            tuple(
                (option["label"], ways.get(option.get("next") or "", ""))
                for option in step.get("options") or []
            ),
            bool(step.get("opinion")),
        )
        for step in asked
    ]
    return drafts, closing


def _keys(drafts: Sequence[Draft], closing: str) -> dict[str, str]:
    """The way to each step that has words, and its key."""
    keys = {"": "", END: END}
    if closing:
        keys[CLOSING] = CLOSING
    taken = [CLOSING, END, "opening"]
    for number, draft in enumerate(drafts, 1):
        if draft.say:
            key = "opening" if number == 1 else key_of(draft.say, taken)
            taken.append(key)
            keys[str(number)] = key
    return keys


def _target(label: str, way: str, number: int, keys: Mapping[str, str]) -> str:
    if way not in keys:
        where = "the goodbye" if way == CLOSING else f"step {way}"
        raise Refused(
            f"“{label}” in step {number} leads nowhere: {where} has no words. "
            "Write it, or choose where it goes."
        )
    return keys[way]
