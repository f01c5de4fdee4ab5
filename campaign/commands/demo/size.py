"""How big a demo is: the one thing in which the small and the national demo differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many of everything. ``calls`` is the list of ``demo-calls``, ``lists`` are further
    phonebanks of other groups with ``calls_each`` people."""

    name: str
    groups: int
    events: int
    crowd: int
    members: tuple[int, int]
    calls: int
    lists: int = 0
    calls_each: int = 0

    @property
    def contacts(self) -> int:
        """How many people there are to ring."""
        return self.calls + self.lists * self.calls_each

    @property
    def steps(self) -> int:
        """The length of the progress bar: people, events, and contacts with their numbers."""
        return self.crowd + self.events + 2 * self.contacts


SMALL = Size("small", groups=12, events=600, crowd=700, members=(25, 90), calls=2000)
NATIONAL = Size(
    "national",
    groups=300,
    events=28_000,
    crowd=100_000,
    members=(150, 500),
    calls=50_000,
    lists=50,
    calls_each=5_000,
)
SIZES = {one.name: one for one in (SMALL, NATIONAL)}
