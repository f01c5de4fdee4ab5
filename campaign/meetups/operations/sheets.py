"""Writing a strategy sheet, giving dots, and hiding a proposal with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Dot, Participant, Proposal, Sheet
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.queries import sheets
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.sheets import Line, check_dots, check_reason


def hold_pen(db: Session, *, batch: Batch, person: Participant) -> None:
    """Write for the table: the first tap wins. Conflict where somebody else writes."""
    sheet = _own_sheet(db, lock_open(db, batch.id, person), person)
    if sheet.recorder_id not in (None, person.id) and _still_here(db, sheet.recorder_id):
        raise Conflict("Somebody else at your table writes. Ask them to hand it over.")
    sheet.recorder_id = person.id
    db.flush()


def lay_pen_down(db: Session, *, batch: Batch, person: Participant) -> None:
    """Let somebody else write."""
    sheet = _own_sheet(db, lock_open(db, batch.id, person), person)
    if sheet.recorder_id == person.id:
        sheet.recorder_id = None
    db.flush()


def write_proposal(
    db: Session, *, batch: Batch, person: Participant, position: int, line: Line, now: datetime
) -> None:
    """Keep one of the table's three proposals; an empty one goes.

    Refuses whoever does not hold the pen, and when the room has gone on.
    """
    sheet = _sheet_to_write(db, batch, person, now)
    proposal = db.scalar(
        select(Proposal)
        .where(Proposal.sheet_id == sheet.id, Proposal.position == position)
        .execution_options(populate_existing=True)
    )
    if not line.text:
        if proposal is not None:
            db.delete(proposal)
    else:
        proposal = proposal or Proposal(sheet_id=sheet.id, position=position)
        seated = {member.public_id: member.id for member in sheets.at_table(db, sheet.breakout_id)}
        hands = line.hands
        proposal.text = line.text
        proposal.agree, proposal.unsure, proposal.against = (
            hands.agree,
            hands.unsure,
            hands.against,
        )
        proposal.carrier_id = seated.get(line.carrier or "")
        db.add(proposal)
    db.flush()


def write_lines(
    db: Session, *, batch: Batch, person: Participant, worry: str, ask: str, now: datetime
) -> None:
    """Keep the table's one worry, and the one thing it needs. Refuses as ``write_proposal``."""
    sheet = _sheet_to_write(db, batch, person, now)
    sheet.worry, sheet.ask = worry, ask
    db.flush()


def _sheet_to_write(db: Session, batch: Batch, person: Participant, now: datetime) -> Sheet:
    batch = lock_open(db, batch.id, person)
    sheet = _own_sheet(db, batch, person)
    if sheet.recorder_id != person.id:
        raise Conflict("Somebody else writes for your table now.")
    if batch.phase != Phase.STRATEGY:
        raise Refused("The room has gone on: sheets are closed.")
    sheet.saved_at = now
    return sheet


def give_dots(
    db: Session, *, batch: Batch, person: Participant, chosen: Collection[str], now: datetime
) -> None:
    """Give one's dots to these proposals and to no others. The same again changes nothing.

    Refuses a fourth, and when the room does not weigh proposals just now. A dot for a proposal
    that was hidden meanwhile is not counted.
    """
    batch = lock_open(db, batch.id, person)
    if batch.phase != Phase.REPORT_BACK:
        raise Refused("Dots are given while the room reports back.")
    check_dots(chosen)
    on_list = {
        view.proposal.public_id: view.proposal.id for view in sheets.proposals_of(db, batch.id)
    }
    db.execute(delete(Dot).where(Dot.participant_id == person.id))
    for public_id in sorted(set(chosen)):
        if public_id in on_list:
            db.add(Dot(proposal_id=on_list[public_id], participant_id=person.id, made_at=now))
    db.flush()


def hide(
    db: Session, *, batch: Batch, public_id: str, why: str, now: datetime, actor_id: int
) -> None:
    """Take a proposal off the phones and the screen, with a reason that the log keeps."""
    batch = lock(db, batch.id)
    proposal = sheets.proposal_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if proposal is None:
        raise NotFound("There is no such proposal in this meetup.")
    if proposal.hidden_at is not None:
        return
    proposal.hidden_why = check_reason(why)
    proposal.hidden_at, proposal.hidden_by = now, actor_id
    audit.append(db, "proposal hidden", subject=f"proposal:{proposal.id}", actor_id=actor_id)
    db.flush()


def show_again(db: Session, *, batch: Batch, public_id: str, actor_id: int) -> None:
    """Put a hidden proposal back."""
    batch = lock(db, batch.id)
    proposal = sheets.proposal_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if proposal is None:
        raise NotFound("There is no such proposal in this meetup.")
    if proposal.hidden_at is not None:
        proposal.hidden_at, proposal.hidden_by, proposal.hidden_why = None, None, ""
        audit.append(db, "proposal shown", subject=f"proposal:{proposal.id}", actor_id=actor_id)
        db.flush()


def _own_sheet(db: Session, batch: Batch, person: Participant) -> Sheet:
    """The sheet of one's table, as it is now that we hold the room."""
    view = sheets.sheet_of(db, person.strategy_id) if person.strategy_id else None
    if view is None or view.table.batch_id != batch.id:
        raise NotFound("You have no strategy table.")
    return view.sheet


def _still_here(db: Session, participant_id: int | None) -> bool:
    held = db.get(Participant, participant_id) if participant_id else None
    return held is not None and held.left_at is None
