"""A script as a caller has it before them: names put in, each block with where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.phonebanks.rules.saying import Part, parts_of
from campaign.phonebanks.rules.scripts import SIGN_UP
from campaign.phonebanks.rules.ways import (
    CLOSING,
    END,
    Block,
    flow_of,
    kind_of,
    short_name,
    ways_out,
)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to tap: which block it leads to, and whether it signs them up."""

    key: str
    label: str
    next: str
    signs_up: bool = False


@dataclass(frozen=True, slots=True)
class Led:
    """An answer that leads here: to which question, and in which words."""

    step: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One block of the way through."""

    key: str
    kind: str
    number: int
    title: str
    parts: Sequence[Part]
    next: str
    options: Sequence[Option] = ()
    opinion: bool = False
    led: Sequence[Led] = ()
    on: str = ""

    @property
    def signs_up(self) -> bool:
        """Whether one of its answers signs them up to an event."""
        return any(option.signs_up for option in self.options)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say where they ask or object."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Script:
    """All of it, with the number of the version."""

    number: int | None
    blocks: Sequence[Shown] = ()
    closing: Shown | None = None
    cards: Sequence[Reply] = ()
    voicemail: Sequence[Part] = ()

    @property
    def signs_up(self) -> bool:
        """Whether some answer signs people up to an event."""
        return any(block.signs_up for block in self.blocks)

    def words_for(self, target: str) -> str:
        """What a block is called where a caller is sent there."""
        found = next((block.number for block in self.blocks if block.key == target), None)
        return f"step {found}" if found else "the end" if target == END else "the goodbye"


def shown(steps: Sequence[Block], number: int | None = None, **words: str) -> Script:
    """What a caller reads; ``words`` are the names that are put in (``saying.FIELDS``)."""
    flow = flow_of(steps)
    led = _led(flow)
    blocks = [_shown(flow, place, led, words) for place in range(len(flow))]
    said = {
        kind: [step for step in steps if kind_of(step) == kind]
        for kind in ("objection", "voicemail")
    }
    return Script(
        number=number,
        blocks=[block for block in blocks if block.kind != CLOSING],
        closing=next((block for block in blocks if block.kind == CLOSING), None),
        cards=[
            Reply(str(step.get("title") or ""), parts_of(str(step["say"]), **words))
            for step in said["objection"]
        ],
        voicemail=parts_of(str(said["voicemail"][0]["say"]), **words) if said["voicemail"] else (),
    )


def _shown(
    flow: Sequence[Block], place: int, led: Mapping[str, list[Led]], words: Mapping[str, str]
) -> Shown:
    block, kind, ways = flow[place], kind_of(flow[place]), ways_out(flow, place)
    answers = (block.get("cases") if kind == "branch" else block.get("options")) or []
    return Shown(
        key=str(block["key"]),
        kind=kind,
        number=place + 1,
        title=str(block.get("title") or "") or (short_name(block) if kind == "branch" else ""),
        parts=parts_of(str(block.get("say") or ""), str(block.get("unnamed") or ""), **words),
        # A question leads on by its answers alone.
        next="" if kind == "question" else ways[-1].to,
        options=[
            Option(str(one["key"]), str(one["label"]), way.to, one.get("effect") == SIGN_UP)
            for one, way in zip(answers, ways, strict=False)
        ],
        opinion=bool(block.get("opinion")),
        led=led.get(str(block["key"]), []),
        on=str(block.get("on") or ""),
    )


def _led(flow: Sequence[Block]) -> dict[str, list[Led]]:
    """The answers that name a block: whoever reads without scripts reads there when it is said."""
    led: dict[str, list[Led]] = {}
    for block in flow:
        question = str(block.get("on") if kind_of(block) == "branch" else block["key"])
        for one in block.get("cases") or block.get("options") or []:
            if one.get("next") and one["next"] != END:
                held = led.setdefault(str(one["next"]), [])
                held.append(Led(question, str(one["key"]), str(one["label"])))
    return led


@dataclass(frozen=True, slots=True)
class Node:
    """A block in the drawing of the ways through; ``arms`` are the words that lead to it."""

    arms: Sequence[str]
    target: str
    name: str
    number: int | None = None
    kind: str = "step"
    ways: Sequence[Node] = ()


def drawn(steps: Sequence[Block]) -> list[Node]:
    """The ways through as a tree: each block is drawn out once, and only named where it comes
    again. A block with one way out is followed by the next on the same line.
    """
    flow = flow_of(steps)
    if not flow:
        return []
    return _line(flow, str(flow[0]["key"]), (), set())


def _line(flow: Sequence[Block], key: str, arms: Sequence[str], seen: set[str]) -> list[Node]:
    line: list[Node] = []
    while True:
        place = next((n for n, block in enumerate(flow) if block["key"] == key), None)
        if place is None:
            ended = key == END
            name, kind = ("The end", "end") if ended else ("Nowhere yet", "broken")
            return [*line, Node(arms, key, name, kind=kind)]
        block = flow[place]
        name = "Goodbye" if kind_of(block) == CLOSING else short_name(block, 28) or "A turning"
        if key in seen or kind_of(block) == CLOSING:
            kind = "end" if kind_of(block) == CLOSING else "again"
            return [*line, Node(arms, key, name, place + 1, kind)]
        seen.add(key)
        targets: dict[str, list[str]] = {}
        for way in ways_out(flow, place):
            targets.setdefault(way.to, []).append(way.after)
        if len(targets) > 1:
            ways = [one for to, words in targets.items() for one in _line(flow, to, words, seen)]
            return [*line, Node(arms, key, name, place + 1, ways=ways)]
        line.append(Node(arms, key, name, place + 1))
        key, arms = next(iter(targets)), ()
