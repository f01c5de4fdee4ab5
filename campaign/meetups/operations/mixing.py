"""Dealing the strategy tables, and finding a chair for who comes late."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Breakout, Participant, Sheet
from campaign.meetups.queries import rooms, sheets
from campaign.meetups.queries.topics import choices, topics_of
from campaign.meetups.rules.dealing import COLOURS
from campaign.meetups.rules.mixing import Guest, Mixed, Pair, mix, still_together
from campaign.meetups.rules.sheets import wishes
from campaign.meetups.rules.topics import deal_topics


def deal_strategy(db: Session, *, batch: Batch) -> None:
    """Deal the room to strategy tables, each with a blank sheet; once, and then they stay.

    Where the room has one table alone for a pair that is kept apart, the log says that there is
    such a pair, and not who. Refuses a room in which nobody is.
    """
    if rooms.tables(db, batch.id, "strategy"):
        return
    there = rooms.present(db, batch.id)
    if not there:
        raise Refused("Nobody is here yet: tables are dealt to people who have joined.")
    by_number = {person.number: person for person in there}
    apart = sheets.kept_apart(db, batch.id)
    dealt = _dealt(db, batch, there, apart)
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
    if still_together([table for _, table in dealt], apart):
        audit.append(db, "no second table to keep people apart", subject=f"batch:{batch.id}")
    db.flush()


def _dealt(
    db: Session, batch: Batch, there: Sequence[Participant], apart: set[Pair]
) -> list[tuple[str, Mixed]]:
    """The tables, each with its topic; without topics about the one question of the evening."""
    guests = [Guest(p.number, p.branch, leads=p.leads, is_new=p.is_new) for p in there]
    together = wishes({p.number: p.came_with for p in there})
    offered = topics_of(db, batch.id) if batch.meetup.topics != "none" else []
    if not offered:
        dealt = mix(guests, seed=batch.meetup.seed, together=together, apart=apart)
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
    )
    return [(offered[one.topic].topic.text, one.table) for one in by_topic]


def late_chair(db: Session, batch: Batch, *, number: int) -> int | None:
    """The smallest strategy table for who comes late, never one with whom they are kept from.

    Nobody else is moved. None where no such tables were dealt.
    """
    dealt = rooms.tables(db, batch.id, "strategy")
    if not dealt:
        return None
    seated = {seat: table for seat, table, _ in rooms.seats(db, batch.id, "strategy")}
    shunned = {
        seated.get(other)
        for pair in sheets.kept_apart(db, batch.id)
        if number in pair
        for other in pair - {number}
    }
    free = [(table, many) for table, many in dealt if table.number not in shunned] or dealt
    return min(free, key=lambda one: (one[1], one[0].number))[0].id
