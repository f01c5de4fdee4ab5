"""Whether a host’s events need no look before they are on the map."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.groups.queries import standings_in
from campaign.people.rules import Standing

RUNS_IT = frozenset({Standing.ORGANISER, Standing.CONVENOR})


def is_trusted(db: Session, person_id: int, group_id: int) -> bool:
    """Whether this person’s events of this group are listed at once: who runs the group is."""
    return not RUNS_IT.isdisjoint(standings_in(db, group_id, person_id))
