"""Which tables are marked, and whose needs are not met where they sit."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.meetups.models import Batch, Breakout, Participant, TableMark
from campaign.meetups.queries import rooms
from campaign.meetups.rules.dealing import NEAR_KM
from campaign.meetups.rules.needs import NEEDS, NOTHING, Marks, Need, Needs, Unmet, told_at
from campaign.places.rules import distance_km


def marks_of(db: Session, meetup_id: int) -> Marks:
    """How the tables of a meetup are marked, by their numbers; those alone that are."""
    query = select(TableMark).where(TableMark.meetup_id == meetup_id).order_by(TableMark.number)
    return {row.number: row.marks for row in db.scalars(query) if row.marks}


def table_mark(db: Session, *, meetup_id: int, number: int) -> TableMark | None:
    """The row of one table, where it was ever marked."""
    return db.get(TableMark, (meetup_id, number))


def many_asking(db: Session, batch_id: int) -> dict[str, int]:
    """How many who are here need each, by key; no more than that is said of them before a deal."""
    columns = [getattr(Participant, f"needs_{need.key}") for need in NEEDS]
    row = db.execute(
        select(*(func.count(Participant.id).filter(column) for column in columns)).where(
            Participant.batch_id == batch_id, Participant.left_at.is_(None)
        )
    ).one()
    return {need.key: many for need, many in zip(NEEDS, row, strict=True)}


def unmarked(db: Session, batch: Batch) -> list[tuple[Need, int]]:
    """What people need of a table that no table is marked for, and how many of them."""
    marked = {key for keys in marks_of(db, batch.meetup_id).values() for key in keys}
    asked = many_asking(db, batch.id)
    return [(n, asked[n.key]) for n in NEEDS if asked[n.key] and n.key not in marked]


def told_to(db: Session, meetup_id: int, *, needs: Needs, table: Breakout) -> list[str]:
    """What somebody reads of their table on their own phone: what they need and it is."""
    if not needs:
        return []
    return told_at(needs, marks_of(db, meetup_id).get(table.number, NOTHING))


def unmet(db: Session, batch: Batch, kind: str) -> list[Unmet]:
    """Whose table is not marked for what they need, by number; for who runs the meetup alone."""
    seat = Participant.strategy_id if kind == "strategy" else Participant.breakout_id
    rows = db.execute(
        select(Participant, Breakout)
        .join(Breakout, Breakout.id == seat)
        .where(
            Participant.batch_id == batch.id,
            Participant.left_at.is_(None),
            Participant.needs_quiet | Participant.needs_step_free | Participant.needs_bsl,
        )
        .order_by(Participant.number)
    ).all()
    if not rows:
        return []
    marks = marks_of(db, batch.meetup_id)
    tables = [table for table, _ in rooms.tables(db, batch.id, kind)]
    found = []
    for person, table in rows:
        have = marks.get(table.number, NOTHING)
        for need in NEEDS:
            if need.key not in person.needs - have:
                continue
            such = [one for one in tables if need.key in marks.get(one.number, NOTHING)]
            found.append(
                Unmet(
                    number=person.number,
                    at=table.number,
                    need=need,
                    place=(person.branch or table.name) if kind == "local" else "",
                    elsewhere=tuple(one.number for one in such),
                    near=any(_is_near(person, one, kind) for one in such),
                )
            )
    return found


def _is_near(person: Participant, table: Breakout, kind: str) -> bool:
    """Whether a table is theirs: any one of strategy, a local one where they live."""
    points = (person.lat, person.lng, table.lat, table.lng)
    if kind == "strategy" or person.lat is None:
        return True
    return None not in points and distance_km(*(value or 0.0 for value in points)) <= NEAR_KM
