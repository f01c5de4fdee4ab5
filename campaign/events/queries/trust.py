"""Whether a host’s events need no look before they are on the map, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.queries.apart import is_barred
from campaign.conduct.rules.reasons import Verdict
from campaign.events.models import Event, TrustedHost
from campaign.groups.queries import standings_in
from campaign.people.rules import Standing

RUNS_IT = frozenset({Standing.ORGANISER, Standing.CONVENOR})


@dataclass(frozen=True)
class Trust:
    """Whether a host is trusted, and the sentence that says why; ``by_hand`` by a moderator."""

    trusted: bool
    why: str
    since: datetime | None = None
    by_hand: bool = False


def is_trusted(db: Session, person_id: int, group_id: int) -> bool:
    """Whether this person’s events of this group are listed at once.

    Who runs the group is, and who earned it: by a moderator's word, or by approved events. Never
    who is barred.
    """
    if is_barred(db, person_id):
        return False
    if not RUNS_IT.isdisjoint(standings_in(db, group_id, person_id)):
        return True
    held = trust_row(db, person_id)
    return held is not None and held.revoked_at is None


def trust_row(db: Session, person_id: int) -> TrustedHost | None:
    """What is written of a host's trust."""
    return db.scalar(select(TrustedHost).where(TrustedHost.person_id == person_id))


def approved_count(db: Session, person_id: int) -> int:
    """How many of a host's events somebody else looked at and listed."""
    query = (
        select(func.count(func.distinct(Event.id)))
        .select_from(Decision)
        .join(Event, Event.public_id == Decision.subject_id)
        .where(
            Decision.subject_kind == "event",
            Decision.verdict == Verdict.LISTED.value,
            Decision.undone_at.is_(None),
            Decision.actor_id.is_distinct_from(person_id),
            Event.host_id == person_id,
            Event.hidden_at.is_(None),
        )
    )
    return db.scalar(query) or 0


def trust_of(db: Session, person_id: int, group_id: int, *, approved: int, after: int) -> Trust:
    """A host's trust as a moderator reads it; ``after`` so many approved events it is earned."""
    held = trust_row(db, person_id)
    if is_barred(db, person_id):
        return Trust(False, "Barred for the time being: can announce nothing.")
    if held is not None and held.revoked_at is not None:
        return Trust(False, f"No longer trusted: {held.revoked_because}", held.revoked_at)
    if held is not None and held.made_by is not None:
        return Trust(True, f"Trusted by a moderator: {held.note}", held.made_at, by_hand=True)
    if held is not None:
        return Trust(True, "Trusted, by approved events and no report upheld.", held.made_at)
    if not RUNS_IT.isdisjoint(standings_in(db, group_id, person_id)):
        return Trust(True, "Trusted here: runs the group.")
    left = max(1, after - approved)
    return Trust(
        False,
        f"{left} more approved {'event makes' if left == 1 else 'events make'} "
        "this host trusted: listed at once from then on.",
    )
