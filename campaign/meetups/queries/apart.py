"""Who is kept apart and sits at one table all the same: for the safeguarding officers alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.queries import rooms, sheets
from campaign.meetups.rules.phases import Phase, tables_at
from campaign.people.models import Person


@dataclass(frozen=True)
class Sharing:
    """Two people who are kept apart, at one table of a room that goes on."""

    batch: Batch
    kind: str
    table: int
    one: Participant
    other: Participant

    def concerns(self, person: Person) -> bool:
        """Whether somebody is one of the two, by their account, address or number."""
        return any(
            known is not None and known == theirs
            for two in (self.one, self.other)
            for known, theirs in (
                (person.id, two.person_id),
                (person.email, two.email),
                (person.phone, two.phone),
            )
        )


def sharing(db: Session) -> list[Sharing]:
    """Every such pair just now, by room and number.

    There is one where a room has no second table, or where somebody was kept apart when the tables
    were dealt already.
    """
    query = (
        select(Batch)
        .where(Batch.phase != Phase.OVER.value)
        .options(joinedload(Batch.meetup).joinedload(Meetup.event))
        .order_by(Batch.id)
    )
    return [found for batch in db.scalars(query) for found in _in_room(db, batch)]


def _in_room(db: Session, batch: Batch) -> Iterator[Sharing]:
    pairs = sheets.kept_apart(db, batch.id)
    if not pairs:
        return
    # While hosts are asked for, people still sit at the tables at which they talked.
    asks = batch.phase == Phase.ASK and batch.dealt_at is None
    kind = "strategy" if asks else tables_at(batch.phase)
    at = {number: table for number, table, _ in rooms.seats(db, batch.id, kind)}
    by_number = {person.number: person for person in rooms.present(db, batch.id)}
    for one, other in sorted(sorted(pair) for pair in pairs):
        if at.get(one, 0) == at.get(other) and {one, other} <= by_number.keys():
            yield Sharing(batch, kind, at[one], by_number[one], by_number[other])
