"""The words of the almanac, each kept once and known by a number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# So many numbers stand in a row; what is said after that many words is kept as one.
WIDTH = 16


class Wordbook:
    """Words by their numbers, only ever added to, so that numbers given out stay true.

    A search looks at each word once, however many events say it, and a part that is searched for
    has no space in it: it lies within one word or nowhere.
    """

    def __init__(self) -> None:
        self._numbers = {"": 0}

    def row(self, text: str) -> tuple[int, ...]:
        """The numbers of a folded text's words, ``WIDTH`` of them, filled up with nought."""
        words = text.split(maxsplit=WIDTH - 1)
        numbers = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        return (*numbers, *([0] * (WIDTH - len(numbers))))

    def holding(self, part: str) -> NDArray[np.bool_]:
        """Of every number given out so far, whether its word holds this part."""
        # A copy first: another thread may be adding words.
        return np.array([part in word for word in list(self._numbers)], dtype=np.bool_)
