"""The ways through a script: where each block leads, and what leads nowhere or in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

END = "end"
# The goodbye, which is said last.
CLOSING = "closing"
# Stand beside the way through.
BESIDE = ("objection", "voicemail")
# Before what a form could not find: no key holds its sign.
NOWHERE = "?"
Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a block: after which words, and to which block; ``END`` ends the call."""

    after: str
    to: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to mend: in which block of the way through, or of those beside it, and in words."""

    key: str
    words: str


def kind_of(block: Block) -> str:
    """What kind of block it is."""
    if block.get("kind"):
        return str(block["kind"])
    if block.get("key") == CLOSING:
        return CLOSING
    return "question" if block.get("options") else "say"


def flow_of(steps: Sequence[Block]) -> list[Block]:
    """The blocks that lead through a call, in their order."""
    return [step for step in steps if kind_of(step) not in BESIDE]


def ways_out(flow: Sequence[Block], place: int) -> list[Way]:
    """Where a block leads."""
    block, kind = flow[place], kind_of(flow[place])
    following = str(flow[place + 1]["key"]) if place + 1 < len(flow) else END
    if kind == CLOSING:
        return [Way("", END)]
    if kind == "question":
        return [
            Way(str(option["label"]), str(option.get("next") or following))
            for option in block["options"]
        ]
    on = [Way("otherwise" if kind == "branch" else "", str(block.get("next") or following))]
    if kind != "branch":
        return on
    cases = block.get("cases") or []
    return [Way(str(case["label"]), str(case.get("next") or following)) for case in cases] + on


def name_of(flow: Sequence[Block], place: int) -> str:
    """A block by its number and its words: "Step 3, “Could you come?”"."""
    block = flow[place]
    if kind_of(block) == CLOSING:
        return "The goodbye"
    words = short_name(block)
    return f"Step {place + 1}, “{words}”" if words else f"Step {place + 1}"


def short_name(block: Block, most: int = 40) -> str:
    """What a block is called, or how it begins."""
    words = str(block.get("title") or block.get("say") or "").split()
    short = ""
    for word in words:
        if len(short) + len(word) >= most:
            return f"{short or word[:most]} …"
        short = f"{short} {word}".strip()
    return short


def problems(steps: Sequence[Block]) -> list[Problem]:
    """All that keeps a script from being used, in the order of its blocks; a circle comes last.

    Only what leads somewhere is looked at for circles and for what nothing leads to.
    """
    flow = flow_of(steps)
    found = [p for place in range(len(flow)) for p in _of_block(flow, place)]
    found += [p for step in steps if kind_of(step) in BESIDE for p in _beside(step)]
    if found or not flow:
        return found
    return _unreached(flow) + _circle(flow)


def has_words(text: object) -> bool:
    """Whether there is a letter in it: signs alone are no words."""
    return any(sign.isalpha() for sign in str(text or ""))


def _of_block(flow: Sequence[Block], place: int) -> list[Problem]:
    block, name = flow[place], name_of(flow, place)
    key, found = str(block["key"]), []
    if kind_of(block) == "branch":
        asked = {str(step["key"]) for step in flow if kind_of(step) == "question"}
        if str(block.get("on")) not in asked:
            found.append(Problem(key, f"{name}: choose the question that it looks back to."))
    elif not has_words(block.get("say")):
        found.append(Problem(key, f"{name} has no words. Write what is said, or take it out."))
    names = [option["key"] for option in block.get("options") or []]
    if len(set(names)) != len(names):
        found.append(Problem(key, f"{name} has the same answer twice."))
    known = {str(step["key"]) for step in flow} | {END}
    for way in ways_out(flow, place):
        if way.to not in known:
            found.append(Problem(key, f"{name}: {_nowhere(way)}"))
    return found


def _nowhere(way: Way) -> str:
    who = f"“{way.after}”" if way.after else "it"
    missing = way.to.removeprefix(NOWHERE) if way.to.startswith(NOWHERE) else ""
    if not missing:
        return f"{who} leads nowhere. Choose where it goes, or the goodbye."
    where = "the goodbye" if missing == CLOSING else f"step {missing}"
    return f"{who} leads nowhere: {where} has no words. Write it, or choose where it goes."


def _beside(block: Block) -> list[Problem]:
    if has_words(block.get("say")):
        return []
    called = str(block.get("title") or "")
    what = "The voicemail" if kind_of(block) == "voicemail" else f"The card “{called}”"
    return [Problem(str(block["key"]), f"{what} has no words. Write what is said.")]


def _unreached(flow: Sequence[Block]) -> list[Problem]:
    places = {str(block["key"]): place for place, block in enumerate(flow)}
    reached, waiting = {0}, [0]
    while waiting:
        for way in ways_out(flow, waiting.pop()):
            place = places.get(way.to)
            if place is not None and place not in reached:
                reached.add(place)
                waiting.append(place)
    return [
        Problem(str(flow[place]["key"]), f"{name_of(flow, place)}: nothing leads to it.")
        for place in range(len(flow))
        if place not in reached
    ]


def _circle(flow: Sequence[Block]) -> list[Problem]:
    way = circle_in(flow)
    if not way:
        return []
    names = [name_of(flow, place) for place in way]
    round_ = " → ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])
    back = f"step {way[0] + 1}"
    words = f"{round_} → {back}: that goes round in a circle. Let one of them lead on."
    return [Problem(str(flow[way[0]]["key"]), words)]


def circle_in(flow: Sequence[Block]) -> list[int]:
    """The places of one circle, in the order in which it goes round; none where there is none."""
    places = {str(block["key"]): place for place, block in enumerate(flow)}
    done: set[int] = set()
    for start in range(len(flow)):
        # The way that was taken to each block that is being looked at, without recursion.
        trail, left = [start], [_targets(flow, places, start)]
        while trail and trail[-1] not in done:
            if not left[-1]:
                done.add(trail.pop())
                left.pop()
                continue
            target = left[-1].pop(0)
            if target in trail:
                return trail[trail.index(target) :]
            if target not in done:
                trail.append(target)
                left.append(_targets(flow, places, target))
    return []


def _targets(flow: Sequence[Block], places: Mapping[str, int], place: int) -> list[int]:
    return [places[way.to] for way in ways_out(flow, place) if way.to in places]


def in_order(flow: Sequence[Block]) -> list[int]:
    """The places of a script without circles so that each comes after all that lead to it."""
    places = {str(block["key"]): place for place, block in enumerate(flow)}
    before = [0] * len(flow)
    for place in range(len(flow)):
        for target in _targets(flow, places, place):
            before[target] += 1
    ready, order = [place for place in range(len(flow)) if not before[place]], []
    while ready:
        place = ready.pop(0)
        order.append(place)
        for target in _targets(flow, places, place):
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    return order
