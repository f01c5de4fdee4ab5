"""Dealing the strategy tables, and finding a chair for who comes late."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Breakout, Participant, Sheet
from campaign.meetups.operations.seating import shunned_tables, standing
from campaign.meetups.queries import rooms, sheets
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.queries.topics import choices, topics_of
from campaign.meetups.rules.dealing import COLOURS, table_for_latecomer
from campaign.meetups.rules.mixed import Guest, Mixed
from campaign.meetups.rules.mixing import mix
from campaign.meetups.rules.needs import NOTHING, Marks, Needs
from campaign.meetups.rules.parting import Pair
from campaign.meetups.rules.sheets import wishes
from campaign.meetups.rules.topics import deal_topics


def deal_strategy(db: Session, *, batch: Batch) -> None:
    """Deal the room to strategy tables, each with a blank sheet; once, and then they stay.

    Refuses a room in which nobody is.
    """
    if rooms.tables(db, batch.id, "strategy"):
        return
    there = rooms.present(db, batch.id)
    if not there:
        raise Refused("Nobody is here yet: tables are dealt to people who have joined.")
    by_number = {person.number: person for person in there}
    dealt = _dealt(db, batch, there, sheets.kept_apart(db, batch.id))
    for number, (topic, table) in enumerate(dealt, start=1):
        held = Breakout(
            batch_id=batch.id,
            kind="strategy",
            number=number,
            name="Strategy",
            colour=COLOURS[(number - 1) % len(COLOURS)],
            topic=topic,
        )
        db.add(held)
        db.flush()
        db.add(Sheet(breakout_id=held.id))
        for guest in table.guests:
            by_number[guest.number].strategy_id = held.id
    db.flush()


def _dealt(
    db: Session, batch: Batch, there: Sequence[Participant], apart: set[Pair]
) -> list[tuple[str, Mixed]]:
    """The tables, each with its topic; without topics about the one question of the evening."""
    guests = [
        Guest(p.number, p.branch, leads=p.leads, is_new=p.is_new, needs=p.needs) for p in there
    ]
    marks = _in_a_row(marks_of(db, batch.meetup_id))
    together = wishes({p.number: p.came_with for p in there})
    offered = topics_of(db, batch.id) if batch.meetup.topics != "none" else []
    if not offered:
        dealt = mix(guests, seed=batch.meetup.seed, together=together, apart=apart, marks=marks)
        return [("", table) for table in dealt]
    at = {view.topic.id: index for index, view in enumerate(offered)}
    number_of = {person.id: person.number for person in there}
    chosen = {
        number_of[person_id]: [at[topic_id] for topic_id in ballot]
        for person_id, ballot in choices(db, batch.id).items()
        if person_id in number_of
    }
    by_topic = deal_topics(
        guests,
        topics=len(offered),
        choices=chosen,
        seed=batch.meetup.seed,
        together=together,
        apart=apart,
        marks=marks,
    )
    return [(offered[one.topic].topic.text, one.table) for one in by_topic]


def _in_a_row(marks: Marks) -> list[Needs]:
    """The marks of the first table, the second, and so on."""
    return [marks.get(number, NOTHING) for number in range(1, max(marks, default=0) + 1)]


def late_chair(db: Session, batch: Batch, *, number: int, needs: Needs = NOTHING) -> int | None:
    """The smallest strategy table for who comes late, first of those marked for what they need;
    never one with whom they are kept from.

    Nobody else is moved. None where no such tables were dealt.
    """
    dealt = standing(db, batch, "strategy")
    if not dealt:
        return None
    shunned = shunned_tables(db, batch, "strategy", number=number)
    free = [one for _, one in dealt if one.number not in shunned] or [one for _, one in dealt]
    chosen = table_for_latecomer(free, lat=None, lng=None, needs=needs)
    return next(table.id for table, one in dealt if one.number == chosen)
