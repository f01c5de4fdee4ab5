"""The numbers of a TPS file in little room: eight bytes each, sorted, and parts to look them up in.

Of a number's keyed hash sixteen hexadecimal digits are kept: the first five name its part, the
other eleven stand in it. That another number is taken for a listed one happens once in a hundred
thousand million times, and then somebody is not rung.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

START, KEPT = 5, 16
BYTES = KEPT // 2
STARTS_AT = np.uint64(4 * (KEPT - START))
BELOW_START = np.uint64((1 << 4 * (KEPT - START)) - 1)


class Packed:
    """Keyed hashes as they come, and then in order."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def add(self, digest: bytes) -> None:
        """Take a hash in; one that is there already counts once."""
        self._kept += digest[:BYTES]

    def parts(self, portion: int) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        """Give all hashes away once, in order: portions of so many, as starts with their keys.

        Each portion comes with how many different hashes it holds, and a start is in one only.
        """
        every = np.frombuffer(self._kept, dtype=np.uint64)
        if sys.byteorder == "little":
            every.byteswap(inplace=True)
        every.sort()
        first = 0
        while first < len(every):
            last = every[min(first + portion, len(every)) - 1]
            end = int(np.searchsorted(every, last | BELOW_START, side="right"))
            yield _rows(every[first:end])
            first = end


def _news(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of sorted values are not the same as the one before them."""
    news = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=news[1:])
    return news


def _rows(values: NDArray[np.uint64]) -> tuple[int, list[tuple[str, str]]]:
    values = values[_news(values)]
    digits = values.astype(">u8").tobytes().hex()
    cuts = (np.flatnonzero(_news(values >> STARTS_AT)) * KEPT).tolist()
    ends = [*cuts[1:], len(digits)]
    return len(values), [
        (
            digits[cut : cut + START],
            "".join(digits[at + START : at + KEPT] for at in range(cut, end, KEPT)),
        )
        for cut, end in zip(cuts, ends, strict=True)
    ]
