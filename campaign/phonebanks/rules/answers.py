"""A bureau's answer for one list, held against the list: listed, clear, missing, of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.never import (
    Loaded,
    refuse_empty,
    refuse_unreadable,
    verdicts_in,
)
from campaign.phonebanks.rules.screening import LASTS, day_of_file

# Some may have left the list since it was sent out; most of a file are still on it.
LEAST_OF_LIST = 0.5


@dataclass(slots=True)
class Answer:
    """What a file says of the numbers of a list, by their ids; of other numbers only how many.

    Where a number stands twice and once as listed, it is listed.
    """

    listed: set[int] = field(default_factory=set)
    clear: set[int] = field(default_factory=set)
    missing: int = 0
    elsewhere: int = 0
    unreadable: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, as they are kept and shown."""
        return {
            "listed": len(self.listed),
            "clear": len(self.clear),
            "missing": self.missing,
            "elsewhere": self.elsewhere,
            "unreadable": self.unreadable,
        }


def read_answer(
    written: Iterable[str], ours: Mapping[bytes, int], *, key: bytes, allow_unassigned: bool
) -> Answer:
    """Read a table with a column of flags against the keyed hashes of a list.

    Refuses one without such a column, one with many unreadable rows, and one of which fewer than
    half the rows are on the list: it answers for another.
    """
    loaded, answer = Loaded(), Answer()
    for digest, is_listed in verdicts_in(
        written, loaded, key=key, allow_unassigned=allow_unassigned
    ):
        number_id = ours.get(digest)
        if number_id is None:
            answer.elsewhere += 1
        else:
            (answer.listed if is_listed else answer.clear).add(number_id)
    refuse_empty(loaded.lines)
    refuse_unreadable(loaded.lines, loaded.unreadable, loaded.places)
    answer.clear -= answer.listed
    answer.unreadable = loaded.unreadable
    _refuse_other_list(len(answer.listed) + len(answer.clear), answer.elsewhere)
    answer.missing = len(ours) - len(answer.listed) - len(answer.clear)
    return answer


def day_of_answer(dated: date, *, now: datetime) -> datetime:
    """From when an answer counts; refuses a day to come, and one whose 28 days are over."""
    start = day_of_file(dated, None, now=now)
    if now - start > LASTS:
        raise Refused(
            f"An answer of {dated.day} {dated:%B} is over: it holds for 28 days. Have the list "
            "screened again."
        )
    return start


def _refuse_other_list(found: int, elsewhere: int) -> None:
    total = found + elsewhere
    if found < total * LEAST_OF_LIST or not found:
        raise Refused(
            f"Only {found:,} of the {total:,} numbers in this file are on this list, so it seems "
            "to answer for another. Nothing was changed: look at the file, and at the phonebank."
        )
