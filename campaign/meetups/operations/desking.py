"""What only the desk does with cards: publish many, make one of two, send a helper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from campaign.conduct.rules.kept_out import KeptOut
from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.queries.trust import is_trusted
from campaign.foundation import audit
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups.models import Batch, Breakout, Card, Commitment, HelpWanted, Participant
from campaign.meetups.operations.committing import as_it_is_now, sign_up_to
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.operations.publishing import publish
from campaign.meetups.operations.recapping import add_up_anew
from campaign.meetups.queries.tables import (
    CardView,
    cards_of_batch,
    cards_of_table,
)
from campaign.meetups.queries.wall import overlapping
from campaign.meetups.rules.cards import State
from campaign.people.operations import insert_or_leave

MERGED = "It goes together with another one that was planned in the same room: see your next mail."


def publish_solid(
    db: Session, *, batch: Batch, now: datetime, actor_id: int, mail: Mail | None = None
) -> int:
    """Put every card on the map that is solid and whose host is trusted; how many.

    A host counts as trusted who said yes while signed in: an address alone anybody can type.
    """
    batch = lock(db, batch.id)
    chosen = publishable_at_once(db, cards_of_batch(db, batch.id))
    for view in chosen:
        publish(db, batch=batch, view=view, now=now, actor_id=actor_id, mail=mail)
    return len(chosen)


def publishable_at_once(db: Session, cards: Iterable[CardView]) -> list[CardView]:
    """The cards of these that are solid, wait for the desk, and have a trusted host."""
    return [
        view
        for view in cards
        if view.state is State.READY
        and view.solid
        and not view.is_off
        and _host_is_trusted(db, view.card)
    ]


def _host_is_trusted(db: Session, card: Card) -> bool:
    """Whether the host of a card is known to us, and trusted with events of the group."""
    if card.event is None or not card.host_known:
        return False
    return is_trusted(db, card.event.host_id, card.event.group_id)


def merge(
    db: Session,
    *,
    batch: Batch,
    view: CardView,
    into: CardView,
    now: datetime,
    actor_id: int,
    mail: Mail | None = None,
) -> None:
    """Make one of two cards: who said yes to the one is down for the other, with its host.

    Whoever is down for something else at that time stays with that. What the card had become is
    called off, and who comes hears of it. Refuses a card that is on the map already, one with
    itself, and one into a card that no host has said yes to.
    """
    batch = lock(db, batch.id)
    view, into = as_it_is_now(db, batch, view), as_it_is_now(db, batch, into)
    card, kept = view.card, into.card
    if card.id == kept.id:
        raise Refused("Choose another card to put it with.")
    if card.published_at is not None:
        raise Refused("This one is on the map already. Call it off on its own page.")
    if kept.event is None or into.is_off:
        raise Refused("The other one has no host yet: put that one into this one instead.")
    moving = {one.id: one for one in (card.host, card.cohost, *view.coming) if one is not None}
    if card.event is not None:
        events.cancel(db, event=card.event, actor_id=actor_id, note=MERGED)
    for person in moving.values():
        _move(db, person, cards=(card, kept), now=now, mail=mail)
    db.execute(delete(Card).where(Card.id == card.id))
    if not cards_of_table(db, card.breakout_id):
        db.add(Card(breakout_id=card.breakout_id, begun_at=now))  # a table always has one
    add_up_anew(db, batch=batch, now=now)
    audit.append(
        db,
        "cards merged",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"card:{card.id}", f"card:{kept.id}"],
    )
    db.flush()


def _move(
    db: Session,
    person: Participant,
    *,
    cards: tuple[Card, Card],
    now: datetime,
    mail: Mail | None,
) -> None:
    card, kept = cards
    assert kept.event is not None  # looked at above
    db.execute(
        delete(Commitment).where(
            Commitment.card_id == card.id, Commitment.participant_id == person.id
        )
    )
    if person.id == kept.host_id:
        return
    if not person.is_practice:
        hours = kept.event.starts_at, kept.event.ends_at
        if overlapping(db, person, hours=hours, but=kept.event_id) is not None:
            return
        try:
            sign_up_to(db, event=kept.event, person=person, approved=True, mail=mail)
        except KeptOut:
            return
    insert_or_leave(db, Commitment, card_id=kept.id, participant_id=person.id, made_at=now)


def call_helper(db: Session, *, batch: Batch, person: Participant, now: datetime) -> None:
    """A table calls for somebody from the desk; calling again changes nothing."""
    batch = lock_open(db, batch.id, person)
    if person.breakout_id is None:
        raise Refused("You have no table yet. Go to the desk.")
    insert_or_leave(db, HelpWanted, breakout_id=person.breakout_id, asked_at=now)


def send_helper(db: Session, *, batch: Batch, number: int, now: datetime) -> None:
    """The desk sees that a local table cannot finish its card, and wants somebody to go there: it
    stands as if the table had called. Doing it again changes nothing."""
    lock_open(db, batch.id)
    table_id = db.scalar(_local_table(batch.id, number))
    if table_id is None:
        raise NotFound("There is no such table in this meetup.")
    insert_or_leave(db, HelpWanted, breakout_id=table_id, asked_at=now)


def _local_table(batch_id: int, number: int) -> Select[int]:
    return select(Breakout.id).where(
        Breakout.batch_id == batch_id, Breakout.kind == "local", Breakout.number == number
    )


def need_no_helper(db: Session, *, batch: Batch, number: int) -> None:
    """The local table of this number is helped, or somebody is on the way."""
    lock(db, batch.id)
    mine = _local_table(batch.id, number)
    db.execute(
        delete(HelpWanted)
        .where(HelpWanted.breakout_id.in_(mine))
        .execution_options(synchronize_session=False)
    )
