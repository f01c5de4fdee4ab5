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


def is_nobody_of(one: Sequence[str | None], known: Iterable[Sequence[str | None]]) -> bool:
    """Whether a first name, last name and id of a file are none of those it has at a number.

    Two ids are two people whatever they are called: a father and a son may have one name.
    """
    return all(
        bool(one[2] and other[2] and one[2] != other[2])
        or is_another([name or "" for name in one[:2]], [name or "" for name in other[:2]])
        for other in known
    )


def told_apart(names: Sequence[str]) -> list[str]:
    """The first names at a number, so that each can be chosen: Amina, J (1 of 2), J (2 of 2)."""
    names = [name.strip() for name in names]
    plain = [name.casefold() for name in names]
    return [
        f"{name} ({plain[: at + 1].count(plain[at])} of {plain.count(plain[at])})"
        if name and plain.count(plain[at]) > 1
        else name
        for at, name in enumerate(names)
    ]
