"""The parts of a phone's page, by which it is told whether the page would look different.

Each reads the whole room once, and answers what of it one phone shows. A new thing on a phone's
page gets a part here, in ``PARTS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.events.rules.needs import need_of
from campaign.meetups.models import Batch, Breakout, Card, Commitment, Dot, Participant
from campaign.meetups.models import Proposal as Idea
from campaign.meetups.queries import sheets, tables, wall
from campaign.meetups.queries.cohosts import Hosted, hosted_in, offers_in
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.rules.needs import marks_in_words
from campaign.meetups.rules.phases import Phase


class Seen(NamedTuple):
    """Somebody in the room, as far as their page depends on it."""

    id: int
    number: int
    fingerprint: str | None
    person_id: int | None
    breakout_id: int | None
    strategy_id: int | None
    convenes: bool
    willing: str | None
    leads: bool
    is_new: bool
    came_with: str
    needs_quiet: bool
    needs_step_free: bool
    needs_bsl: bool


Part = Callable[[Seen], object]


def _oneself(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """What somebody said of themselves, and where they sit."""
    return lambda phone: phone[4:]


def _marked(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """What the tables of the room are that somebody asked for one of."""
    held = [(n, marks_in_words(keys)) for n, keys in marks_of(db, batch.meetup_id).items()]
    return lambda phone: held if any(phone[-3:]) else None


def _asked(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """The card that waits for somebody's own yes, as ``tables.asked_to_host`` finds it."""
    rows = db.execute(
        select(Card.host_id, Card.public_id)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .where(
            Breakout.batch_id == batch.id,
            Card.host_id.is_not(None),
            Card.host_accepted_at.is_(None),
            Card.published_at.is_(None),
        )
        .order_by(Card.id.desc())
    )
    waiting = {host_id: public_id for host_id, public_id in rows}
    return lambda phone: waiting.get(phone.id)


def _talked(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """The sheet of a strategy table, and who sits there."""
    sitting = _sitting(people, "strategy_id")
    written: dict[int | None, object] = {
        view.table.id: (
            (view.sheet.recorder_id, view.sheet.worry, view.sheet.ask),
            [(p.proposal.text, p.hands, p.proposal.carrier_id) for p in view.proposals],
        )
        for view in sheets.sheets_of(db, batch.id)
    }
    return lambda phone: (written.get(phone.strategy_id), sitting.get(phone.strategy_id))


def _reported(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """The room's ideas, and to which of them somebody gave a dot."""
    ideas = [(p.proposal.id, p.proposal.text) for p in sheets.proposals_of(db, batch.id)]
    given: dict[int, list[int]] = defaultdict(list)
    for participant_id, idea_id in db.execute(
        select(Dot.participant_id, Dot.proposal_id)
        .join(Participant, Participant.id == Dot.participant_id)
        .join(Idea, Idea.id == Dot.proposal_id)
        .where(Participant.batch_id == batch.id, Idea.hidden_at.is_(None))
        .order_by(Dot.id)
    ):
        given[participant_id].append(idea_id)
    return lambda phone: (ideas, given.get(phone.id))


def _planned(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """The cards of a local table, who sits there, and whether somebody comes over."""
    sitting = _sitting(people, "breakout_id")
    cards: dict[int | None, list[object]] = defaultdict(list)
    offers = offers_in(db, batch.id)
    for view in tables.cards_of_batch(db, batch.id):
        card = view.card
        more = (card.needed, card.step_free, card.note, [p.id for p in offers.get(card.id, [])])
        one = (card.id, view.facts, card.venue, more, [p.id for p in view.coming])
        cards[view.card.breakout_id].append(one)
    helps = tables.helps_wanted(db, batch.id)
    return lambda phone: (
        cards.get(phone.breakout_id),
        sitting.get(phone.breakout_id),
        phone.breakout_id in helps,
    )


def _offered(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """Who offers to co-host what somebody hosts, and how their own offers stand."""
    theirs: dict[int | None, list[Hosted]] = defaultdict(list)
    for one in hosted_in(db, batch.id):
        theirs[one.host_id].append(one)
        if one.offered_by is not None:
            theirs[one.offered_by].append(one)
    return lambda phone: theirs.get(phone.id)


def _walled(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """What on the wall is somebody's own."""
    hosts: dict[int | None, list[object]] = defaultdict(list)
    for card in wall.published(db, batch.id):
        if card.event is not None:
            one = (card.id, card.event.title, card.event.starts_at, need_of(card.event))
            hosts[card.host_id].append(one)
    took: dict[int, list[int]] = defaultdict(list)
    for participant_id, card_id in db.execute(
        select(Commitment.participant_id, Commitment.card_id)
        .join(Participant, Participant.id == Commitment.participant_id)
        .where(Participant.batch_id == batch.id)
        .order_by(Commitment.card_id)
    ):
        took[participant_id].append(card_id)
    stands = _stands(db, batch)
    return lambda phone: (
        hosts.get(phone.id),
        took.get(phone.id),
        stands.get(phone.person_id or 0),
    )


def _stands(db: Session, batch: Batch) -> dict[int, list[tuple[int, str]]]:
    """How sign-ups stand at what the room planned: they may have changed outside it."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for person_id, event_id, status in db.execute(
        select(Rsvp.person_id, Rsvp.event_id, Rsvp.status)
        .join(Event, Event.id == Rsvp.event_id)
        .join(Card, Card.event_id == Event.id)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .where(Breakout.batch_id == batch.id)
        .order_by(Rsvp.id)
    ):
        found[person_id].append((event_id, status))
    return found


def _sitting(people: list[Seen], seat: str) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    for one in people:
        found[getattr(one, seat)].append(one.id)
    return found


# Each with the phases in which a page shows it; None for all of them.
PARTS: tuple[tuple[Callable[[Session, Batch, list[Seen]], Part], frozenset[Phase] | None], ...] = (
    (_oneself, None),
    (_marked, frozenset({Phase.STRATEGY, Phase.LOCAL})),
    (_asked, None),
    (_talked, frozenset({Phase.STRATEGY})),
    (_reported, frozenset({Phase.REPORT_BACK})),
    (_planned, frozenset({Phase.LOCAL})),
    (_offered, frozenset({Phase.COMMIT, Phase.CLOSE})),
    (_walled, frozenset({Phase.COMMIT, Phase.CLOSE, Phase.OVER})),
)
