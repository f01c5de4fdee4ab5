"""What strategy tables wrote, and how many dots each proposal has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from campaign.conduct.queries.apart import kept_among
from campaign.meetups.models import Breakout, Dot, Participant, Proposal, Sheet
from campaign.people.models import Person


@dataclass(frozen=True)
class ProposalView:
    """A proposal with its table, its dots, and who will carry it on."""

    proposal: Proposal
    table: int
    colour: str
    dots: int
    carrier: Participant | None
    topic: str = ""

    @property
    def hands(self) -> str:
        """ "6 for, 1 unsure, 1 against", or nothing where no hand was counted."""
        one = self.proposal
        if not one.agree + one.unsure + one.against:
            return ""
        return f"{one.agree} for, {one.unsure} unsure, {one.against} against"


@dataclass(frozen=True)
class SheetView:
    """A sheet with its table, its proposals in order, and who writes."""

    sheet: Sheet
    table: Breakout
    proposals: list[ProposalView]
    recorder: Participant | None


def sheet_of(db: Session, breakout_id: int) -> SheetView | None:
    """The sheet of a strategy table."""
    return next(iter(_sheets(db, Breakout.id == breakout_id)), None)


def sheets_of(db: Session, batch_id: int) -> list[SheetView]:
    """Every sheet of a batch, by table."""
    return _sheets(db, Breakout.batch_id == batch_id)


def _sheets(db: Session, only: object) -> list[SheetView]:
    rows = db.execute(
        select(Sheet, Breakout, Participant)
        .join(Breakout, Breakout.id == Sheet.breakout_id)
        .outerjoin(Participant, Participant.id == Sheet.recorder_id)
        .where(only)  # type: ignore[arg-type]
        .order_by(Breakout.number, Sheet.id)
        .execution_options(populate_existing=True)
    ).all()
    written: dict[int, list[ProposalView]] = {}
    for view in _views(db, _proposals().where(Sheet.id.in_([row[0].id for row in rows]))):
        written.setdefault(view.proposal.sheet_id, []).append(view)
    return [
        SheetView(sheet, table, written.get(sheet.id, []), recorder)
        for sheet, table, recorder in rows
    ]


def proposals_of(db: Session, batch_id: int) -> list[ProposalView]:
    """Every proposal of a batch that is not hidden; the most dots first, then by table."""
    shown = _proposals().where(Breakout.batch_id == batch_id, Proposal.hidden_at.is_(None))
    found = _views(db, shown)
    return sorted(found, key=lambda v: (-v.dots, -v.proposal.agree, v.table, v.proposal.position))


def hidden_of(db: Session, batch_id: int) -> list[ProposalView]:
    """The proposals that were hidden, by table."""
    return _views(
        db, _proposals().where(Breakout.batch_id == batch_id, Proposal.hidden_at.is_not(None))
    )


def proposal_by_public_id(db: Session, *, batch_id: int, public_id: str) -> Proposal | None:
    """One proposal of this batch."""
    return db.scalar(
        select(Proposal)
        .join(Sheet, Sheet.id == Proposal.sheet_id)
        .join(Breakout, Breakout.id == Sheet.breakout_id)
        .where(Breakout.batch_id == batch_id, Proposal.public_id == public_id)
        .execution_options(populate_existing=True)
    )


def dotted_by(db: Session, *, batch_id: int, participant_id: int) -> list[str]:
    """The proposals somebody gave a dot to and that still stand, by public id."""
    return list(
        db.scalars(
            select(Proposal.public_id)
            .join(Dot, Dot.proposal_id == Proposal.id)
            .where(Dot.participant_id == participant_id, Proposal.hidden_at.is_(None))
            .order_by(Dot.id)
        )
    )


def dots_given(db: Session, batch_id: int) -> int:
    """How many people of a batch have given a dot."""
    given = (
        select(func.count(func.distinct(Dot.participant_id)))
        .join(Participant, Participant.id == Dot.participant_id)
        .where(Participant.batch_id == batch_id)
    )
    return db.scalar(given) or 0


def at_table(db: Session, breakout_id: int) -> list[Participant]:
    """Who sits at a strategy table, by number."""
    return list(
        db.scalars(
            select(Participant)
            .where(Participant.strategy_id == breakout_id, Participant.left_at.is_(None))
            .order_by(Participant.number)
        )
    )


def kept_apart(db: Session, batch_id: int) -> set[frozenset[int]]:
    """Pairs of numbers who never share a table; whose they are and why stands nowhere here.

    Somebody is known by their account, and by the address and the number they came in with.
    """
    here = db.execute(
        select(Participant.number, Participant.person_id, Participant.email, Participant.phone)
        .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
        .order_by(Participant.number)
    ).all()
    bearers: dict[tuple[int, object], set[int]] = {}
    for number, *known in here:
        for column, value in enumerate(known):
            if value:
                bearers.setdefault((column, value), set()).add(number)
    numbers = {
        row[0]: set().union(*(bearers.get(mark, ()) for mark in enumerate(row)))
        for row in _known(db, here)
    }
    return {
        frozenset((one, other))
        for first, second in kept_among(db, list(numbers))
        for one in numbers[first]
        for other in numbers[second]
        if one != other
    }


def _known(
    db: Session, here: Sequence[Row[*tuple[Any, ...]]]
) -> list[tuple[int, str | None, str | None]]:
    """Those of whom we hold something and who may be here: by account, address or number."""
    columns = (Person.id, Person.email, Person.phone)
    held = [
        [value for value in column if value]
        for column in zip(*(row[1:] for row in here), strict=True)
    ]
    if not held:
        return []
    asked = or_(*(column.in_(values) for column, values in zip(columns, held, strict=True)))
    return [
        (row[0], row[1], row[2])
        for row in db.execute(select(*columns).where(asked).order_by(Person.id))
    ]


def _proposals() -> Select[Proposal, int, str, Participant, str]:
    return (
        select(Proposal, Breakout.number, Breakout.colour, Participant, Breakout.topic)
        .join(Sheet, Sheet.id == Proposal.sheet_id)
        .join(Breakout, Breakout.id == Sheet.breakout_id)
        .outerjoin(Participant, Participant.id == Proposal.carrier_id)
        .order_by(Breakout.number, Proposal.position, Proposal.id)
        .execution_options(populate_existing=True)
    )


def _views(db: Session, asked: Select[Proposal, int, str, Participant, str]) -> list[ProposalView]:
    rows = db.execute(asked).all()
    counted = db.execute(
        select(Dot.proposal_id, func.count(Dot.id))
        .where(Dot.proposal_id.in_([row[0].id for row in rows]))
        .group_by(Dot.proposal_id)
    )
    dots = {proposal_id: many for proposal_id, many in counted}
    return [
        ProposalView(proposal, table, colour, dots.get(proposal.id, 0), carrier, topic)
        for proposal, table, colour, carrier, topic in rows
    ]
