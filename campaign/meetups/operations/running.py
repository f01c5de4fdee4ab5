"""Moving the evening on, and dealing the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Breakout, Card, Participant
from campaign.meetups.operations.devices import close_all
from campaign.meetups.operations.expecting import note_who_came
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.operations.mixing import deal_strategy
from campaign.meetups.operations.noting import propose_plan
from campaign.meetups.operations.recapping import keep_recap
from campaign.meetups.queries import rooms
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.queries.sheets import kept_apart
from campaign.meetups.rules import phases
from campaign.meetups.rules.dealing import COLOURS, deal
from campaign.meetups.rules.neighbours import Seat, Table
from campaign.meetups.rules.phases import Clock, Phase

Naming = Callable[[Table], str]
"""Says what a table is called: the places are looked up outside."""


def move_on(
    db: Session, *, batch: Batch, seen: str, to: str, now: datetime, actor_id: int, naming: Naming
) -> Batch:
    """Go to the next part of the evening, or back to the one before.

    Conflict where the room has moved since ``seen``. The first step to the strategy tables deals
    them, the first to the local tables those; going back and forth keeps them.
    """
    batch = lock(db, batch.id)
    clock = phases.move(batch.meetup.preset, clock_of(batch), seen=seen, to=to, now=now)
    if clock.phase is Phase.STRATEGY:
        deal_strategy(db, batch=batch)
    if clock.phase is Phase.LOCAL and batch.dealt_at is None:
        _deal(db, batch, now=now, naming=naming)
    _keep(db, batch, clock)
    batch.phase_since, batch.word = now, ""
    if clock.phase in (Phase.CLOSE, Phase.OVER):
        keep_recap(db, batch=batch, now=now)
    if clock.phase is Phase.OVER:
        propose_plan(db, batch=batch, actor_id=actor_id)
        close_all(db, batch=batch, now=now)
        note_who_came(db, batch=batch, now=now)
    audit.append(
        db,
        "meetup moved on",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[seen, clock.phase.value],
    )
    return batch


def extend(db: Session, *, batch: Batch, seen: str, now: datetime, actor_id: int) -> None:
    """Two minutes more. Conflict where the clock has changed since ``seen``."""
    batch = lock(db, batch.id)
    phases.check_seen(clock_of(batch), seen)
    _keep(db, batch, phases.extend(clock_of(batch), now=now))
    audit.append(db, "meetup extended", subject=f"batch:{batch.id}", actor_id=actor_id)


def pause(db: Session, *, batch: Batch, seen: str, now: datetime, actor_id: int) -> None:
    """Stop the clock, or let it run on. Conflict where it has changed since ``seen``."""
    batch = lock(db, batch.id)
    phases.check_seen(clock_of(batch), seen)
    _keep(db, batch, phases.pause(clock_of(batch), now=now))
    audit.append(db, "meetup paused", subject=f"batch:{batch.id}", actor_id=actor_id)


def tell_everybody(db: Session, *, batch: Batch, word: str, actor_id: int) -> None:
    """A word to the room, on every phone and the screen until the next part; "" takes it off."""
    lock_open(db, batch.id).word = word
    audit.append(db, "word to the room", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()


def clock_of(batch: Batch) -> Clock:
    """The clock as the rules read it."""
    left = None if batch.paused_left is None else timedelta(seconds=batch.paused_left)
    return Clock(Phase(batch.phase), ends_at=batch.ends_at, left=left)


def _keep(db: Session, batch: Batch, clock: Clock) -> None:
    batch.phase = clock.phase.value
    batch.ends_at = clock.ends_at
    batch.paused_left = None if clock.left is None else int(clock.left.total_seconds())
    db.flush()


def _deal(db: Session, batch: Batch, *, now: datetime, naming: Naming) -> None:
    there = rooms.present(db, batch.id)
    if not there:
        raise Refused("Nobody is here yet: tables are dealt to people who have joined.")
    # Who came in with a sheet of paper sits at its table already.
    by_number = {person.number: person for person in there if person.breakout_id is None}
    # A table that stands on paper may be here already: what was read in stays.
    first = max((table.number for table, _ in rooms.tables(db, batch.id)), default=0) + 1
    dealt = deal(
        (Seat(p.number, p.branch, p.lat, p.lng, p.needs) for p in by_number.values()),
        seed=batch.meetup.seed,
        apart=kept_apart(db, batch.id),
        marks=marks_of(db, batch.meetup_id),
        first=first,
    )
    for number, table in enumerate(dealt, start=first):
        middle = table.middle or (None, None)
        held = Breakout(
            batch_id=batch.id,
            number=number,
            name=naming(table)[:80],
            colour=COLOURS[(number - 1) % len(COLOURS)],
            lat=middle[0],
            lng=middle[1],
        )
        db.add(held)
        db.flush()
        _sit(table, held, by_number)
        db.add(Card(breakout_id=held.id, begun_at=now))
    batch.dealt_at = now
    db.flush()


def _sit(table: Table, held: Breakout, by_number: dict[int, Participant]) -> None:
    """Seat them; who said they could host holds the table, the lowest number first."""
    people = sorted((by_number[seat.number] for seat in table.seats), key=lambda p: p.number)
    for person in people:
        person.breakout_id = held.id
        person.convenes = False
    real = [person for person in people if not person.is_without_phone]
    for wish in ("host", "cohost"):
        if chosen := next((person for person in real if person.willing == wish), None):
            chosen.convenes = True
            return
