"""A script: a few steps to say or ask, where an answer may lead on to another step.

A step is ``{"key", "say", "options": [{"key", "label", "next"}], "next", "opinion"}``; ``next``
names a later step, or is empty for the one after it, or is ``end``. The answer to an ``opinion``,
on politics, health or faith, is kept only where the person agreed to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from campaign.foundation.errors import Refused

KEY = re.compile(r"[a-z0-9_]{1,40}")
END = "end"
# The goodbye, which is said last.
CLOSING = "closing"
# What callers may say of the person in a step.
MOVEMENT = "{movement}"
MERGE = {"{first_name}": "first_name", "{caller}": "caller", MOVEMENT: "movement"}
# Before the key of a question: they agreed that their answer is noted. No key holds its sign.
AGREED = "agreed:"


def check_steps(steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a script without a beginning, with a key twice, or that leads nowhere or backwards.

    A goodbye alone is no beginning, and signs without a letter are no words.
    """
    if not steps or steps[0].get("key") == CLOSING:
        raise Refused("Write at least how the call begins.", field="opening")
    keys = [str(step.get("key", "")) for step in steps]
    if len(set(keys)) != len(keys) or not all(KEY.fullmatch(key) for key in keys):
        raise Refused("Each step of the script needs a name of its own.")
    for place, step in enumerate(steps):
        later = set(keys[place + 1 :]) | {END, ""}
        _check_step(step, later, place + 1)
    _refuse_unreachable(steps, keys)


def is_usable(steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a call can be made with a script, however it came to be kept."""
    try:
        check_steps(steps)
    except Refused:
        return False
    return True


def _check_step(step: Mapping[str, Any], later: set[str], number: int) -> None:
    if not any(sign.isalpha() for sign in str(step.get("say") or "")):
        raise Refused(f"Step {number} of the script has no words.")
    options = step.get("options") or []
    names = [option["key"] for option in options]
    if len(set(names)) != len(names) or not all(KEY.fullmatch(name) for name in names):
        raise Refused(f"Step {number} of the script has the same answer twice.")
    for target in [step.get("next") or "", *(option.get("next") or "" for option in options)]:
        if target not in later:
            raise Refused(f"Step {number} of the script leads nowhere or back. Lead on, or end.")


def _refuse_unreachable(steps: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    reached = {keys[0]}
    for place, step in enumerate(steps):
        if keys[place] not in reached:
            raise Refused(f"Nothing leads to step {place + 1} of the script.")
        following = keys[place + 1] if place + 1 < len(keys) else END
        options = step.get("options") or []
        ways = [step.get("next") or ""] if not options else [o.get("next") or "" for o in options]
        reached |= {way or following for way in ways}


def is_answer(steps: Sequence[Mapping[str, Any]], question: str, option: str) -> bool:
    """Whether a script has this question with this answer."""
    return any(
        step["key"] == question and any(o["key"] == option for o in step.get("options") or [])
        for step in steps
    )


def kept_answers(steps: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> dict[str, str]:
    """What may be kept of the answers that were sent: those to questions of the script.

    An opinion is left out unless ``AGREED`` and its key says that they agreed to its being noted.
    """
    opinions = {step["key"] for step in steps if step.get("opinion")}
    return {
        question: option
        for question, option in answers.items()
        if is_answer(steps, question, option)
        and (question not in opinions or answers.get(AGREED + question))
    }


def says_who_rings(steps: Sequence[Mapping[str, Any]], movement: str = "") -> bool:
    """Whether the person learns whose call it is: some step has our name, or its mark."""
    said = " ".join(str(step.get("say") or "") for step in steps).casefold()
    return MOVEMENT in said or bool(movement and movement.casefold() in said)


def spoken(text: str, **words: str) -> str:
    """A line with the names put in; an unknown first name is left out gracefully."""
    for mark, name in MERGE.items():
        text = text.replace(mark, words.get(name, ""))
    return " ".join(text.split())


def key_of(label: str, taken: Sequence[str] = ()) -> str:
    """A stable key for a question or an answer, made of its words."""
    base = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30] or "step"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def simple_steps(
    *, opening: str, questions: Sequence[tuple[str, Sequence[str]]], closing: str
) -> list[dict[str, Any]]:
    """A script from a plain form: how it begins, questions with answers, how it ends."""
    steps: list[dict[str, Any]] = [{"key": "opening", "say": opening, "options": []}]
    for text, labels in questions:
        taken = [step["key"] for step in steps]
        options: list[dict[str, str]] = []
        for label in labels:
            options.append({"key": key_of(label, [o["key"] for o in options]), "label": label})
        steps.append({"key": key_of(text, taken), "say": text, "options": options})
    if closing:
        steps.append({"key": "closing", "say": closing, "options": []})
    return steps
