"""One telephone, several people: who is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SOMEBODY = "this person"


def names_of(names: Iterable[str]) -> str:
    """Name whom a caller asks for: Amina, Amina or Bilal, Amina, Bilal or Carys."""
    found: dict[str, str] = {}
    for name in names:
        if name.strip():
            found.setdefault(name.strip().casefold(), name.strip())
    *others, last = found.values() or (SOMEBODY,)
    return f"{', '.join(others)} or {last}" if others else last


def is_another(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names at one number are two people: a blank tells nothing."""
    (first, last), (first_too, last_too) = (
        (name.strip().casefold() for name in pair) for pair in (one, other)
    )
    if not first or not first_too:
        return False
    return first != first_too or bool(last and last_too and last != last_too)


def is_nobody_of(one: Sequence[str], known: Iterable[Sequence[str]]) -> bool:
    """Whether a first and last name is none of those that are known at a number."""
    return all(is_another(one, other) for other in known)
