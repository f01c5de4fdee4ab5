"""Small numbers of answers are not shown to who may not read single answers.

A number from 1 to 4 says too much of too few. Where the parts add up to a total that is shown, one
hidden part could be reckoned from the others, and so could two ones: so more are hidden, the
smallest first, until what is hidden is at least two parts and comes to five.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5
Key = TypeVar("Key", bound=Hashable)


def is_small(number: int) -> bool:
    """Whether a number is too small to be shown."""
    return 0 < number < LEAST


def hidden(parts: Mapping[Key, int]) -> frozenset[Key]:
    """Which of the parts of a whole are not shown."""
    small = {key for key, number in parts.items() if is_small(number)}
    if not small:
        return frozenset()
    others = sorted((number, place, key) for place, (key, number) in enumerate(parts.items())
                    if number >= LEAST)  # fmt: skip
    for _, _, key in others:
        if len(small) > 1 and sum(parts[one] for one in small) >= LEAST:
            break
        small.add(key)
    return frozenset(small)
