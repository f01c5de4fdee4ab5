"""Who is in the room, as the desk and the people of one table see them."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.meetups.models import Batch, Participant
from campaign.meetups.queries.tables import shown_name
from campaign.meetups.rules.needs import columns_of
from campaign.meetups.rules.phases import Phase

# Until the local tables are dealt, who sits together are those of a strategy table.
TALKING = (Phase.STRATEGY, Phase.REPORT_BACK, Phase.ASK)


def with_words(db: Session, *, batch_id: int, words: str) -> list[Participant]:
    """Whose four words have this fingerprint; hardly ever more than one."""
    return list(
        db.scalars(
            select(Participant)
            .where(Participant.batch_id == batch_id, Participant.words == words)
            .order_by(Participant.number)
        )
    )


def many_needing(db: Session, batch_id: int) -> int:
    """How many who are here said what they need tonight."""
    query = select(func.count()).select_from(Participant)
    here = (Participant.batch_id == batch_id, Participant.left_at.is_(None))
    says = or_(
        Participant.access_needs != "",
        *(getattr(Participant, column) for column in columns_of(())),
    )
    return db.scalar(query.where(*here, says)) or 0


def everybody(db: Session, batch_id: int) -> list[Participant]:
    """Everybody who is in the room, by number, with their tables."""
    return list(
        db.scalars(
            select(Participant)
            .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
            .options(joinedload(Participant.breakout), joinedload(Participant.strategy))
            .order_by(Participant.number)
            .execution_options(populate_existing=True)
        )
    )


def by_public_id(db: Session, *, batch_id: int, public_id: str) -> Participant | None:
    """Somebody who is in the room."""
    return db.scalar(
        select(Participant)
        .where(
            Participant.batch_id == batch_id,
            Participant.public_id == public_id,
            Participant.left_at.is_(None),
        )
        .options(joinedload(Participant.breakout), joinedload(Participant.strategy))
    )


def by_number(db: Session, *, batch_id: int, number: int) -> Participant | None:
    """Somebody who is in the room, by their number."""
    return db.scalar(
        select(Participant)
        .where(
            Participant.batch_id == batch_id,
            Participant.number == number,
            Participant.left_at.is_(None),
        )
        .options(joinedload(Participant.breakout), joinedload(Participant.strategy))
    )


def without_phone_beside(db: Session, batch: Batch, me: Participant) -> list[Participant]:
    """Who sits at one's table now and has no phone: their table taps for them."""
    talks = batch.phase in TALKING and me.strategy_id is not None
    seat = Participant.strategy_id if talks else Participant.breakout_id
    mine = me.strategy_id if talks else me.breakout_id
    if mine is None:
        return []
    return list(
        db.scalars(
            select(Participant)
            .where(
                seat == mine,
                Participant.fingerprint.is_(None),
                Participant.is_practice.is_(False),
                Participant.left_at.is_(None),
            )
            .order_by(Participant.number)
        )
    )


def brought_in(db: Session, batch_id: int) -> list[Participant]:
    """Everybody without a phone, with their tables: for the slips."""
    return [one for one in everybody(db, batch_id) if one.is_without_phone and not one.is_practice]


def name_for(reader: Participant, person: Participant) -> str:
    """What a phone calls somebody: by name where both agreed to that, otherwise by number."""
    both = reader.shows_name and person.shows_name
    if reader.id == person.id or both:
        return shown_name(person) or f"No. {person.number}"
    return f"No. {person.number}"
