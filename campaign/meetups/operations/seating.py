"""A chair for one: whoever comes late, comes back, or is moved. Nobody else is moved for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.meetups.models import Batch, Breakout, Card, Participant, Sheet
from campaign.meetups.queries import rooms, sheets
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.rules.dealing import Standing, table_for_latecomer
from campaign.meetups.rules.needs import NOTHING, Needs


def standing(db: Session, batch: Batch, kind: str) -> list[tuple[Breakout, Standing]]:
    """The tables of a kind as they stand."""
    held = rooms.tables(db, batch.id, kind)
    marks = marks_of(db, batch.meetup_id) if held else {}
    return [
        (
            table,
            Standing(table.number, people, table.lat, table.lng, marks.get(table.number, NOTHING)),
        )
        for table, people in held
    ]


@dataclass(frozen=True)
class Chairs:
    """The tables of a kind as they stand, and who is kept from which: read once for a list.

    ``seats`` says at which table each number sits.
    """

    tables: Sequence[Standing]
    apart: Collection[frozenset[int]]
    seats: Mapping[int, int]

    def shunned_by(self, number: int) -> set[int]:
        """As ``shunned_tables``."""
        others = {other for pair in self.apart if number in pair for other in pair - {number}}
        return {self.seats[other] for other in others & self.seats.keys()}


def chairs(db: Session, batch: Batch, kind: str) -> Chairs:
    """Where there is a chair, for everybody whom a page offers one."""
    return Chairs(
        tables=[one for _, one in standing(db, batch, kind)],
        apart=sheets.kept_apart(db, batch.id),
        seats={number: table for number, table, _ in rooms.seats(db, batch.id, kind)},
    )


def shunned_tables(db: Session, batch: Batch, kind: str, *, number: int) -> set[int]:
    """At which tables somebody sits whom they are kept from; by table number, for no page."""
    others = {
        other
        for pair in sheets.kept_apart(db, batch.id)
        if number in pair
        for other in pair - {number}
    }
    if not others:
        return set()
    return {table for seat, table, _ in rooms.seats(db, batch.id, kind) if seat in others}


def local_chair(
    db: Session,
    batch: Batch,
    *,
    number: int,
    lat: float | None,
    lng: float | None,
    needs: Needs = NOTHING,
) -> int | None:
    """The smallest near local table, first of those marked for what they need; never one with whom
    they are kept from where there is another.

    None where the local tables were not dealt yet.
    """
    if batch.dealt_at is None:
        return None
    held = standing(db, batch, "local")
    shunned = shunned_tables(db, batch, "local", number=number)
    free = [one for _, one in held if one.number not in shunned] or [one for _, one in held]
    chosen = table_for_latecomer(free, lat=lat, lng=lng, needs=needs)
    return next((table.id for table, one in held if one.number == chosen), None)


def let_go(db: Session, person: Participant) -> None:
    """What waited for somebody at their table waits for somebody else: host, co-host, pen."""
    for column in (Card.host_id, Card.cohost_id):
        open_cards = update(Card).where(column == person.id, Card.host_accepted_at.is_(None))
        db.execute(open_cards.values({column.key: None}))
    db.execute(update(Sheet).where(Sheet.recorder_id == person.id).values(recorder_id=None))


def seat_at(db: Session, person: Participant, table: Breakout) -> None:
    """Sit somebody at a table; they lead it no more than anybody else there."""
    let_go(db, person)
    if table.kind == "strategy":
        person.strategy_id = table.id
    else:
        person.breakout_id, person.convenes = table.id, False
    db.flush()


def seat_again(db: Session, batch: Batch, person: Participant) -> None:
    """Who comes back sits where they sat, unless somebody they are kept from sits there now."""
    for kind, held in (("strategy", person.strategy_id), ("local", person.breakout_id)):
        number = db.scalar(select(Breakout.number).where(Breakout.id == held)) if held else None
        if number is None:
            continue
        shunned = shunned_tables(db, batch, kind, number=person.number)
        free = [one for one in standing(db, batch, kind) if one[1].number not in shunned]
        if number in shunned and free:
            best = table_for_latecomer(
                [one for _, one in free], lat=person.lat, lng=person.lng, needs=person.needs
            )
            seat_at(db, person, next(table for table, one in free if one.number == best))
