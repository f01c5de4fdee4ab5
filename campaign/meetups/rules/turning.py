"""The table finder of a big room: more numbers than the back row can read take turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def in_pages(things: Sequence[Thing], most: int) -> list[Sequence[Thing]]:
    """As few pages as hold them all with at most so many each, as even as can be."""
    many = -(-len(things) // most)
    sizes = [len(things) // many + (at < len(things) % many) for at in range(many)]
    starts = [sum(sizes[:at]) for at in range(many)]
    return [things[start : start + size] for start, size in zip(starts, sizes, strict=True)]
