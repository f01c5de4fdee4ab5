"""A glance at a room: what every phone of it is told, read once for all of them.

A thousand phones ask every four seconds and look for the most part at the same few rows. So a web
process reads a room once for each change, and answers each phone from that.

What a phone's page shows is told apart by its *page key*: where that has changed, the phone fetches
its page anew. What makes it up stands in ``parts``. What *every* phone shows and many change, such
as the wall, is followed more slowly: otherwise each tap would make the whole hall load its page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.rules.needs import need_of
from campaign.meetups.models import Batch, Breakout, Meetup, Participant
from campaign.meetups.queries import rooms, wall
from campaign.meetups.queries import topics as proposed
from campaign.meetups.queries.parts import PARTS, Part, Seen
from campaign.meetups.queries.rooms import Counts
from campaign.meetups.rules.cards import target_hosts
from campaign.meetups.rules.counting import coarsely
from campaign.meetups.rules.phases import Phase

# How often a room is read again where somebody writes in it meanwhile.
TRIES = 3
# So many pages a second a hall's server is asked for where all phones show the same new thing.
PAGES_A_SECOND = 40


@dataclass(frozen=True)
class Shared:
    """What everybody's page shows, as it was at a version of the room; empty where nothing is."""

    version: int
    looks: str


NO_SHARE = Shared(0, "")
SHARES = (Phase.DOORS, Phase.PLENARY, Phase.ASK, Phase.COMMIT)


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

    @property
    def spread_s(self) -> float:
        """Over how many seconds phones spread themselves to load what everybody's page shows."""
        return round(len(self.phones) / PAGES_A_SECOND, 2) if self.shared.looks else 0.0

    def page_key(self, phone: Seen | None) -> str:
        """Changes when this phone's page would look different."""
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
    counts = rooms.counts(db, meetup, batch)
    return Glance(
        version=batch.version,
        phase=phase,
        ends_at=batch.ends_at.isoformat() if batch.ends_at else None,
        clock=(batch.ends_at, batch.paused_left, *_hall(meetup, batch)),
        counts=counts,
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
        shared=_shared(db, meetup, batch, counts),
    )


def _hall(meetup: Meetup, batch: Batch) -> tuple[str, ...]:
    """What the desk says of the hall and of the evening on every phone."""
    return batch.word, meetup.floor, meetup.captions, meetup.question, meetup.preset


def _shared(db: Session, meetup: Meetup, batch: Batch, counts: Counts) -> Shared:
    """What is the same for all but for what is one's own, in the parts of an evening that have
    such: who has come and what is proposed, the hands that are up, the wall.
    """
    phase, shown = Phase(batch.phase), list[object]()
    if phase in (Phase.DOORS, Phase.PLENARY):
        shown = [meetup.topics, [view.topic.id for view in proposed.topics_of(db, batch.id)]]
    if phase is Phase.DOORS:
        shown += [coarsely(counts.here), coarsely(counts.expected)]
    if phase is Phase.ASK:
        shown = [coarsely(counts.hands), target_hosts(coarsely(counts.here))]
    if phase is Phase.COMMIT:
        shown = _hung(db, batch)
    return Shared(batch.version, _mark(shown)) if phase in SHARES else NO_SHARE


def _hung(db: Session, batch: Batch) -> list[object]:
    return [
        (card.id, card.event.title, card.event.starts_at, need_of(card.event))
        for card in wall.published(db, batch.id)
        if card.event is not None
    ]


def _people(db: Session, batch_id: int) -> list[Seen]:
    columns = [getattr(Participant, name) for name in Seen._fields]
    rows = db.execute(
        select(*columns)
        .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
        .order_by(Participant.number)
    )
    return [Seen(*row) for row in rows]
