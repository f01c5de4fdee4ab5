"""A glance at a room: what every phone of it is told, read once for all of them.

A thousand phones ask every four seconds and look for the most part at the same few rows. So a web
process reads a room once for each change, and answers each phone from that.

What a phone's page shows is told apart by its *page key*: where that has changed, the phone fetches
its page anew. A new thing on a phone's page gets a part here, in ``PARTS``: a function that reads
the room once and answers what of it one phone shows. What *every* phone shows and many change, the
wall, is followed more slowly: otherwise each tap would make the whole hall load its page.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.events.rules.needs import need_of
from campaign.meetups.models import Batch, Breakout, Card, Commitment, Dot, Meetup, Participant
from campaign.meetups.models import Proposal as Idea
from campaign.meetups.queries import rooms, sheets, tables, wall
from campaign.meetups.queries.rooms import Counts
from campaign.meetups.rules.phases import Phase

# How often a room is read again where somebody writes in it meanwhile.
TRIES = 3


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


Part = Callable[[Seen], object]


@dataclass(frozen=True)
class Shared:
    """What everybody's page shows, as it was at a version of the room; empty where nothing is."""

    version: int
    looks: str


NO_SHARE = Shared(0, "")


@dataclass(frozen=True)
class Glance:
    """A room at one version. ``phones`` are by the fingerprint of their cookie."""

    version: int
    phase: Phase
    ends_at: str | None
    clock: tuple[object, ...]
    counts: Counts
    phones: dict[str, Seen]
    tables: dict[int, tuple[int, str]]
    parts: tuple[Part, ...]
    shared: Shared
    keys: dict[int, str] = field(default_factory=dict)

    def table_of(self, phone: Seen) -> tuple[int, str] | None:
        """Number and colour of the table where this phone sits now."""
        at = phone.strategy_id if self.phase is Phase.STRATEGY else phone.breakout_id
        return self.tables.get(at or 0)

    def page_key(self, phone: Seen | None) -> str:
        """Changes when this phone's page would look different, not when only a count has moved."""
        known = self.keys.get(phone.id if phone else 0)
        if known is None:
            shown: list[object] = [self.phase.value, *self.clock]
            if phone is not None:
                shown += [part(phone) for part in self.parts]
            known = _mark(shown)
            self.keys[phone.id if phone else 0] = known
        share = self.shared
        return f"{known}-{share.version}-{share.looks}" if share.looks else known

    def looks_like(self, shows: str, phone: Seen | None) -> bool:
        """Whether a page with this key is as good as the one the phone would get now.

        What all pages share may be newer there: another process has looked since this one.
        """
        now, then = self.page_key(phone).split("-"), shows.split("-")
        if now[0] != then[0] or len(now) != len(then):
            return False
        return now[1:] == then[1:] or now[2] == then[2] or _number(then[1]) > self.shared.version


def _mark(shown: object) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def glance_at(db: Session, code: str) -> Glance | None:
    """The room as it is now; None where no meetup has this code.

    Read again where somebody wrote while it was read, so that a version never stands for less
    than it says.
    """
    meetup = rooms.meetup_by_code(db, code)
    if meetup is None:
        return None
    found = _look(db, meetup)
    for _ in range(TRIES - 1):
        if rooms.version_of(db, meetup.code) == found.version:
            break
        db.expire_all()
        found = _look(db, rooms.meetup_by_code(db, code) or meetup)
    return found


def _look(db: Session, meetup: Meetup) -> Glance:
    batch = rooms.batch_of(db, meetup)
    phase = Phase(batch.phase)
    people = _people(db, batch.id)
    return Glance(
        version=batch.version,
        phase=phase,
        ends_at=batch.ends_at.isoformat() if batch.ends_at else None,
        clock=(batch.ends_at, batch.paused_left, *_hall(meetup, batch)),
        counts=rooms.counts(db, meetup, batch),
        phones={one.fingerprint: one for one in people if one.fingerprint},
        tables={
            at: (number, colour)
            for at, number, colour in db.execute(
                select(Breakout.id, Breakout.number, Breakout.colour)
                .where(Breakout.batch_id == batch.id)
                .order_by(Breakout.id)
            )
        },
        parts=tuple(
            part
            for read, phases in PARTS
            if phases is None or phase in phases
            for part in [read(db, batch, people)]
        ),
        shared=_shared(db, batch, phase),
    )


def _hall(meetup: Meetup, batch: Batch) -> tuple[str, ...]:
    """What the desk says of the hall on every phone."""
    return batch.word, meetup.floor, meetup.captions


def _shared(db: Session, batch: Batch, phase: Phase) -> Shared:
    """The wall, which is the same for all but for what is one's own."""
    if phase is not Phase.COMMIT:
        return NO_SHARE
    hung = [
        (card.id, card.event.title, card.event.starts_at, need_of(card.event))
        for card in wall.published(db, batch.id)
        if card.event is not None
    ]
    return Shared(batch.version, _mark(hung))


def _people(db: Session, batch_id: int) -> list[Seen]:
    columns = [getattr(Participant, name) for name in Seen._fields]
    rows = db.execute(
        select(*columns)
        .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
        .order_by(Participant.number)
    )
    return [Seen(*row) for row in rows]


# The parts of a page. Each reads the whole room once.


def _oneself(db: Session, batch: Batch, people: list[Seen]) -> Part:
    """What somebody said of themselves, and where they sit."""
    return lambda phone: phone[4:]


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
    """The cards of a local table, and who sits there."""
    sitting = _sitting(people, "breakout_id")
    cards: dict[int | None, list[object]] = defaultdict(list)
    for view in tables.cards_of_batch(db, batch.id):
        card = view.card
        more = (card.needed, card.step_free, card.note)
        one = (card.id, view.facts, card.venue, more, [p.id for p in view.coming])
        cards[view.card.breakout_id].append(one)
    return lambda phone: (cards.get(phone.breakout_id), sitting.get(phone.breakout_id))


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
    (_asked, None),
    (_talked, frozenset({Phase.STRATEGY})),
    (_reported, frozenset({Phase.REPORT_BACK})),
    (_planned, frozenset({Phase.LOCAL})),
    (_walled, frozenset({Phase.COMMIT, Phase.CLOSE, Phase.OVER})),
)
