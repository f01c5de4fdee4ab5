"""Printing sheets, and reading one in: the same card, the same yes, the same roster as by phone."""

from __future__ import annotations

import random
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.rules.venues import PlaceChoice
from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.tokens import ALPHABET
from campaign.meetups.models import Batch, Breakout, Card, PaperSheet, Participant
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.filling import CardPlace, fill
from campaign.meetups.operations.joining import join
from campaign.meetups.operations.locking import lock
from campaign.meetups.operations.publishing import accept
from campaign.meetups.queries import paper, people, rooms, tables
from campaign.meetups.rules.cards import State
from campaign.meetups.rules.dealing import COLOURS
from campaign.meetups.rules.incidents import TurnedAway
from campaign.meetups.rules.paper import CODE_LENGTH, MOST_SHEETS, Entry, Named, is_called


def print_sheets(
    db: Session, *, batch: Batch, many: int, now: datetime, actor_id: int
) -> list[PaperSheet]:
    """So many more sheets, each with an id of its own. Refuses more than a hall can use."""
    lock(db, batch.id)
    last = db.scalar(select(func.max(PaperSheet.number)).where(PaperSheet.batch_id == batch.id))
    number = last or 0
    if number + many > MOST_SHEETS:
        raise Refused(f"{MOST_SHEETS} sheets are enough for one meetup.", field="many")
    dice, made = random.SystemRandom(), list[PaperSheet]()
    taken = {sheet.code for sheet in paper.sheets_of(db, batch.id)}
    while len(made) < many:
        code = "".join(dice.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if code in taken:
            continue
        taken.add(code)
        number += 1
        made.append(PaperSheet(batch_id=batch.id, number=number, code=code, printed_at=now))
    db.add_all(made)
    audit.append(db, "sheets printed", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()
    return made


def read_in(
    db: Session,
    *,
    batch: Batch,
    sheet: PaperSheet,
    entry: Entry,
    place: PlaceChoice,
    now: datetime,
    actor_id: int,
    mail: Mail | None = None,
) -> list[str]:
    """Read a sheet in: its card gets its host, its roster and its place on the map.

    The steward has read the host's number back to them; that stands in for their own phone.
    Answers whom the roster could not take, by number, with why. Conflict where the sheet was read
    in before. Refuses a host without a number, and what a phone's card would be refused for.
    """
    lock(db, batch.id)
    db.refresh(sheet, ["entered_at", "card_id"])  # the batch is held: nobody else reads it in
    if sheet.entered_at is not None:
        raise Conflict("This sheet was read in before. Here is what it became.")
    table = _table(db, batch, entry.table)
    card = _blank_card(db, table, now)
    host = _in_charge(db, batch, table, entry.host, now, field="host_reach")
    if not host.phone:
        raise Refused(
            "The sheet needs the host’s number: read it back to them.", field="host_reach"
        )
    _fill(db, batch, card, entry=entry, place=place, now=now)
    card.host_id = host.id
    if not entry.cohost.is_blank:
        cohost = _in_charge(db, batch, table, entry.cohost, now, field="cohost_reach")
        card.cohost_id = cohost.id if cohost.id != host.id else None
    db.flush()
    left = _coming(db, batch, table, card=card, entry=entry, now=now)
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)
    assert view is not None
    accept(
        db,
        batch=batch,
        view=view,
        host=host,
        place=place,
        now=now,
        read_back_by=actor_id,
        mail=mail,
    )
    sheet.card_id, sheet.entered_at, sheet.entered_by = card.id, now, actor_id
    audit.append(
        db,
        "sheet read in",
        subject=f"card:{card.id}",
        actor_id=actor_id,
        details=["the host’s number was read back"],
    )
    db.flush()
    return left


def _table(db: Session, batch: Batch, number: int | None) -> Breakout:
    """The local table of that number; without one, a table of paper alone."""
    held = [table for table, _ in rooms.tables(db, batch.id)]
    if number is not None:
        for table in held:
            if table.number == number:
                return table
        raise Refused("There is no such table. Leave it empty if it had none.", field="table")
    following = max((table.number for table in held), default=0) + 1
    made = Breakout(
        batch_id=batch.id,
        number=following,
        name="On paper",
        colour=COLOURS[(following - 1) % len(COLOURS)],
    )
    db.add(made)
    db.flush()
    return made


def _blank_card(db: Session, table: Breakout, now: datetime) -> Card:
    for view in tables.cards_of_table(db, table.id):
        if view.state is State.EMPTY and not view.coming:
            return view.card
    made = Card(breakout_id=table.id, begun_at=now)
    db.add(made)
    db.flush()
    return made


def _fill(
    db: Session, batch: Batch, card: Card, *, entry: Entry, place: PlaceChoice, now: datetime
) -> None:
    typed = {
        "kind": entry.kind,
        "day": entry.day.isoformat(),
        "start": f"{entry.start:%H:%M}",
    }
    # A home's address stays off the card, as it does from a phone: it goes to the event alone.
    is_venue = place.kind == "venue"
    where = CardPlace(
        str(place.kind.value),
        place.venue if is_venue else "",
        place.postcode if is_venue else None,
        place.lat if is_venue else None,
        place.lng if is_venue else None,
    )
    fill(db, batch=batch, card=card, typed=typed, place=where, now=now, late=True)
    card.minutes = entry.minutes
    db.flush()


def _person(db: Session, batch: Batch, table: Breakout, named: Named, now: datetime) -> Participant:
    """Who is meant: by their number in the room, or somebody new who sits at that table."""
    if named.number is not None:
        held = people.by_number(db, batch_id=batch.id, number=named.number)
        if held is None or held.is_practice:
            raise Refused(f"Nobody here has the number {named.number}. Write their name instead.")
        if not is_called(held.name, named.name):
            raise Refused(
                f"Number {named.number} has another name than {named.name}. Look at the paper "
                "again, and leave out what is wrong: the number, or the name."
            )
        held.phone = held.phone or named.phone
        held.email = held.email or named.email
        return held
    made = join(
        db,
        batch=batch,
        name=named.name,
        initial=named.initial,
        email=named.email,
        phone=named.phone,
        consents=named.consents,
        now=now,
        late=True,
        by_phone=False,
    ).participant
    made.breakout_id = table.id
    db.flush()
    return made


def _in_charge(
    db: Session, batch: Batch, table: Breakout, named: Named, now: datetime, *, field: str
) -> Participant:
    """The host or the co-host; who cannot come in is refused at their own line."""
    try:
        return _person(db, batch, table, named, now)
    except TurnedAway:
        raise TurnedAway(by_helper=True, field=field) from None


def _coming(
    db: Session, batch: Batch, table: Breakout, *, card: Card, entry: Entry, now: datetime
) -> list[str]:
    left: list[str] = []
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)
    assert view is not None
    for named in entry.coming:
        if named.is_blank:
            continue
        try:
            person = _person(db, batch, table, named, now)
        except TurnedAway:
            left.append(named.name)
            continue
        if person.id in (card.host_id, card.cohost_id):
            continue
        try:
            take(db, batch=batch, view=view, person=person, now=now, late=True)
        except Refused:
            left.append(f"number {person.number}")
    return left
