"""How far calls came in a script: from how many talked and what was answered, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.phonebanks.rules.ways import (
    CLOSING,
    END,
    Block,
    flow_of,
    in_order,
    kind_of,
    short_name,
    ways_out,
)

Said = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Reached:
    """One block: how many calls came to it, and how many gave each answer.

    ``ended`` are those of whom no answer is noted: the call was over, or they did not say. Of an
    opinion only how many answered is told, and not what.
    """

    key: str
    number: int
    name: str
    kind: str
    asked: int
    answered: int = 0
    answers: Sequence[tuple[str, int]] = ()
    opinion: bool = False

    @property
    def ended(self) -> int:
        """Of whom no answer is noted."""
        return self.asked - self.answered if self.kind == "question" else 0


def how_far(steps: Sequence[Block], *, talks: int, said: Said) -> list[Reached]:
    """Each block of the way through, in its order; ``said`` are answers by question and option.

    Whoever talked came to the first block. An answer takes them where it leads; a turning shares
    out whoever comes to it by what was answered before, as far as they go round.
    """
    flow = flow_of(steps)
    came = dict.fromkeys((str(block["key"]) for block in flow), 0)
    if flow:
        came[str(flow[0]["key"])] = talks
    for place in in_order(flow):
        key = str(flow[place]["key"])
        came[key] = max(came[key], sum(_answers(flow[place], said)))
        shares = _shares(flow[place], said, came[key])
        for way, many in zip(ways_out(flow, place), shares, strict=True):
            if way.to != END and way.to in came:
                came[way.to] += many
    return [
        _reached(block, place + 1, came[str(block["key"])], said)
        for place, block in enumerate(flow)
        if kind_of(block) != "branch"
    ]


def _answers(block: Block, said: Said) -> list[int]:
    return [said.get((str(block["key"]), str(o["key"])), 0) for o in block.get("options") or []]


def _shares(block: Block, said: Said, came: int) -> list[int]:
    """How many go each way out of a block."""
    kind = kind_of(block)
    if kind == "question":
        return _answers(block, said)
    if kind != "branch":
        return [came]
    left, shares = came, []
    for case in block.get("cases") or []:
        share = min(left, said.get((str(block.get("on")), str(case["key"])), 0))
        shares.append(share)
        left -= share
    return [*shares, left]


def _reached(block: Block, number: int, asked: int, said: Said) -> Reached:
    answers = _answers(block, said)
    opinion = bool(block.get("opinion"))
    words = [str(option["label"]) for option in block.get("options") or []]
    name = "Goodbye" if kind_of(block) == CLOSING else short_name(block)
    return Reached(
        key=str(block["key"]),
        number=number,
        name=name,
        kind=kind_of(block),
        asked=asked,
        answered=sum(answers),
        answers=() if opinion else tuple(zip(words, answers, strict=True)),
        opinion=opinion,
    )
