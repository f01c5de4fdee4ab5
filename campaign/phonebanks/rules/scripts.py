"""A script: blocks that are said or asked, where an answer leads on to another block.

A block is ``{"key", "say", "options": [{"key", "label", "next", "effect", "tag",
"goal"}], "next", "opinion", "title", "unnamed", "kind", "on", "cases"}``; all but the first two may
be left out.
``next`` names another block, or is empty for the one after it, or is ``end``. Without a ``kind``
a block with options is a question, one whose key is ``closing`` the goodbye, any other is said.
A ``branch`` says nothing: it leads on by what was answered to the question ``on``, in ``cases`` by
the option. An ``objection`` and the ``voicemail`` stand beside the way through. The answer to an
``opinion``, on politics, health or faith, is kept only where the person agreed to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.ways import CLOSING, END, Block, flow_of, kind_of, problems

__all__ = ["AGREED", "CLOSING", "END", "KEY", "MOVEMENT", "SIGN_UP"]

KEY = re.compile(r"[a-z0-9_]{1,40}")
# What callers may say of the person in a step.
MOVEMENT = "{movement}"
# Before the key of a question: they agreed that their answer is noted. No key holds its sign.
AGREED = "agreed:"
# What an answer may do besides: sign the person up to an event near them.
SIGN_UP = "signup"
MOST_BLOCKS, MOST_ANSWERS = 40, 9
NO_BEGINNING = "Write at least how the call begins."


def check_steps(steps: Sequence[Block]) -> None:
    """Refuse a script without a beginning, with a key twice, or that does not lead through.

    What leads nowhere, round in a circle, or is led to by nothing is named by its number and its
    words. A goodbye alone is no beginning, and signs without a letter are no words.
    """
    flow = flow_of(steps)
    if not flow or kind_of(flow[0]) == CLOSING:
        raise Refused(NO_BEGINNING, field="opening")
    keys = [str(step.get("key", "")) for step in steps]
    if len(set(keys)) != len(keys) or not all(KEY.fullmatch(key) for key in keys):
        raise Refused("Each step of the script needs a name of its own.")
    if len(steps) > 2 * MOST_BLOCKS:
        raise Refused(f"A script has at most {MOST_BLOCKS} steps.")
    for found in problems(steps):
        raise Refused(found.words)


def is_usable(steps: Sequence[Block]) -> bool:
    """Whether a call can be made with a script, however it came to be kept."""
    return not whats_wrong(steps)


def whats_wrong(steps: Sequence[Block]) -> str:
    """What keeps a call from being made with a script, with its block; empty where nothing does."""
    try:
        check_steps(steps)
    except Refused as refusal:
        return refusal.message
    return ""


def is_answer(steps: Sequence[Block], question: str, option: str) -> bool:
    """Whether a script has this question with this answer."""
    return any(
        step["key"] == question and any(o["key"] == option for o in step.get("options") or [])
        for step in steps
    )


def kept_answers(steps: Sequence[Block], answers: Mapping[str, str]) -> dict[str, str]:
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


def _options(steps: Sequence[Block]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for step in steps:
        for option in step.get("options") or []:
            yield str(step["key"]), option


def signs_up(steps: Sequence[Block]) -> bool:
    """Whether some answer of a script signs people up to an event."""
    return any(option.get("effect") == SIGN_UP for _, option in _options(steps))


def says_yes_to(steps: Sequence[Block], answers: Mapping[str, str]) -> set[str]:
    """The questions at which they chose an answer that signs them up."""
    return {
        question
        for question, option in _options(steps)
        if option.get("effect") == SIGN_UP and answers.get(question) == option["key"]
    }


def tags_of(steps: Sequence[Block], answers: Mapping[str, str]) -> list[str]:
    """The tags that come with the answers that were kept, each once, in the order of the script."""
    found = [
        str(option["tag"])
        for question, option in _options(steps)
        if option.get("tag") and answers.get(question) == option["key"]
    ]
    return list(dict.fromkeys(found))


def says_who_rings(steps: Sequence[Block], movement: str = "") -> bool:
    """Whether the person learns whose call it is: some step has our name, or its mark.

    What is said to a machine, or only where they ask, does not count.
    """
    said = " ".join(str(step.get("say") or "") for step in flow_of(steps)).casefold()
    return MOVEMENT in said or bool(movement and movement.casefold() in said)


def key_of(label: str, taken: Sequence[str] = ()) -> str:
    """A stable key for a question or an answer, made of its words."""
    base = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30] or "step"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
