"""What everybody may read of an evening once it is over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from campaign.events.rules.giveaways import gives_home_away
from campaign.foundation.words import plural

# Seven digits with what people write between them: a telephone number, not a count.
_NUMBER = re.compile(r"(?:\d[\s().-]*){7}")
_ADDRESS = re.compile(r"\S@\S|https?:|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Tally:
    """The sums of an evening. ``seats`` are promises to come or to host, over all that is planned;
    ``committed`` are the people who made them."""

    people: int
    first_timers: int | None
    hosts: int
    cohosted: int
    committed: int
    seats: int


def may_be_public(text: str) -> bool:
    """Whether an idea may stand where everybody reads: no number, address or link is in it."""
    return not (_NUMBER.search(text) or _ADDRESS.search(text) or gives_home_away(text))


def figures_of(tally: Any, *, planned: int) -> list[tuple[str, str]]:
    """The sums with their words, for the wall and for the page; what nobody asked is left out."""
    told = [
        (tally.people, "person was here", "people were here"),
        (planned, "event planned", "events planned"),
        (tally.committed, "signed up to something", "signed up to something"),
        (tally.seats, "seat filled", "seats filled"),
        (tally.hosts, *_hosts(tally)),
    ]
    if tally.first_timers:
        told.append((tally.first_timers, "here for the first time", "here for the first time"))
    return [(f"{many:,}", one if many == 1 else more) for many, one, more in told]


def _hosts(tally: Any) -> tuple[str, str]:
    with_help = f", {tally.cohosted} with a co-host" if tally.cohosted else ""
    return f"host{with_help}", f"hosts{with_help}"


def summary(tally: Any, *, planned: int) -> str:
    """The evening in a line, for who is sent its link."""
    return (
        f"{plural(tally.people, 'person', 'people')} came, "
        f"{plural(planned, 'event')} planned, {plural(tally.seats, 'seat')} filled."
    )


def split_ideas(ideas: Iterable[Any]) -> tuple[list[Any], int]:
    """The ideas that may be public, and how many stay in the group's notes."""
    all_of_them = list(ideas)
    shown = [one for one in all_of_them if may_be_public(one.proposal.text)]
    return shown, len(all_of_them) - len(shown)


# What the last screen has room for beside its sums, in letters a back row can read.
LINES, LETTERS_A_LINE = 6, 46


def fitting(ideas: Iterable[Any]) -> list[Any]:
    """As many of the first ideas as stand on the wall whole, one at least; the recap has them
    all."""
    found: list[Any] = []
    lines = 0
    for view in ideas:
        lines += -(-len(view.proposal.text) // LETTERS_A_LINE)
        if found and lines > LINES:
            break
        found.append(view)
    return found
