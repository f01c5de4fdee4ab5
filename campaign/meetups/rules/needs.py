"""What somebody needs of a table, and how tables are marked for it: one word for each thing.

Who needs something is never said to the room. Which tables are marked is: that is about tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaign.foundation.errors import Refused

Needs = frozenset[str]
NOTHING: Needs = frozenset()
Marks = Mapping[int, Needs]
"""How tables are marked, by the numbers that stand on them."""
MOST_TABLES = 200


@dataclass(frozen=True)
class Need:
    """One thing. ``ask`` stands where somebody says it of themselves, ``mark`` at a table,
    ``table`` is such a table in a sentence, ``told`` what its owner reads who sits at one."""

    key: str
    ask: str
    mark: str
    table: str
    told: str


# The keys are those of an event's facts, where it has them (``events.rules.accessibility``).
NEEDS = (
    Need("quiet", "A quiet table", "Quiet", "a quiet table", "Your table is a quiet one."),
    Need(
        "step_free",
        "A step-free table, with a seat",
        "Step-free",
        "a step-free table",
        "Your table is step-free, with a seat.",
    ),
    Need(
        "bsl",
        "Near the BSL interpreter",
        "BSL",
        "a table with the BSL interpreter",
        "BSL interpreter at this table.",
    ),
)
BY_KEY = {need.key: need for need in NEEDS}


def columns_of(needs: Collection[str]) -> dict[str, bool]:
    """What somebody needs, as a row keeps it."""
    return {f"needs_{need.key}": need.key in needs for need in NEEDS}


def lacking(needs: Needs, marks: Needs) -> int:
    """How many of these needs a table with these marks does not meet."""
    return len(needs - marks)


def marks_in_words(marks: Collection[str]) -> str:
    """ "Quiet, BSL": how a table is marked; empty where it is not."""
    return ", ".join(need.mark for need in NEEDS if need.key in marks)


def asks_in_words(needs: Collection[str]) -> str:
    """ "A quiet table; Near the BSL interpreter": what somebody has tapped."""
    return "; ".join(need.ask for need in NEEDS if need.key in needs)


def told_at(needs: Needs, marks: Needs) -> list[str]:
    """What somebody reads of their own table: what they need and it is."""
    return [need.told for need in NEEDS if need.key in needs & marks]


def numbers_marked(marks: Marks, tables: Iterable[int]) -> list[tuple[str, list[int]]]:
    """ "Quiet" with 3 and 9: each mark with those of these tables that have it."""
    shown = sorted(tables)
    found = [(need.mark, [n for n in shown if need.key in marks.get(n, ())]) for need in NEEDS]
    return [(mark, numbers) for mark, numbers in found if numbers]


def check_mark(number: int, key: str) -> None:
    """Refuse a table no hall has, and a mark nobody knows."""
    if key not in BY_KEY or not 1 <= number <= MOST_TABLES:
        raise Refused(f"Choose a table from 1 to {MOST_TABLES}, and one of its marks.")


@dataclass(frozen=True)
class Unmet:
    """Somebody's need that their table does not meet; for the desk alone.

    ``elsewhere`` are the tables that are marked so, ``near`` whether one of them is theirs.
    """

    number: int
    at: int
    need: Need
    place: str
    elsewhere: tuple[int, ...]
    near: bool

    @property
    def words(self) -> str:
        """ "Number 14 needs a quiet table: none in BN2. Marked so: table 9." """
        return f"Number {self.number} {self.gap}"

    @property
    def gap(self) -> str:
        """ "needs a quiet table: none in BN2. Marked so: table 9." """
        where = f" in {self.place}" if self.place else ""
        gap = f"none is free{where}" if self.near else f"none{where or ' is marked'}"
        such = f"{'table' if len(self.elsewhere) == 1 else 'tables'} {_listed(self.elsewhere)}"
        more = f" Marked so: {such}." if self.elsewhere else ""
        return f"needs {self.need.table}: {gap}.{more}"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
