"""Who is in the room and how far the evening is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from campaign.events.models import Event
from campaign.foundation import tokens
from campaign.meetups.models import Batch, Breakout, Card, Commitment, Meetup, Participant
from campaign.meetups.queries.wall import on_the_map
from campaign.meetups.rules.phases import Phase
from campaign.phonebanks.models import Phonebank
from campaign.places.rules import distance_km

CLOSED = (Phase.CLOSE, Phase.OVER)
WALL = (Phase.COMMIT, *CLOSED)


@dataclass(frozen=True)
class Counts:
    """The figures of a room. ``practice`` are practice people, counted in all the others too: a
    room that practises sees the evening as it will be, until it is over. ``committed`` are those
    who host something or said yes to something; from the wall on, to something on the map.
    ``tables`` are those at which the room sits now.
    """

    here: int
    expected: int
    practice: int
    hands: int
    cohosts: int
    committed: int
    published: int
    tables: int

    @property
    def real(self) -> int:
        """Who breathes in the hall: what it holds is about them alone."""
        return self.here - self.practice


def meetup_by_code(db: Session, code: str) -> Meetup | None:
    """The meetup that answers to a code, with its event and group."""
    return db.scalar(
        select(Meetup)
        .where(Meetup.code == code.upper())
        .options(joinedload(Meetup.event, innerjoin=True).joinedload(Event.group, innerjoin=True))
    )


def meetup_of_event(db: Session, event_id: int) -> Meetup | None:
    """The opened meetup of an event."""
    return db.scalar(select(Meetup).where(Meetup.event_id == event_id))


def batch_of(db: Session, meetup: Meetup) -> Batch:
    """The sitting of a meetup. A meetup that was opened always has its first."""
    return db.scalars(select(Batch).where(Batch.meetup_id == meetup.id, Batch.number == 1)).one()


def version_of(db: Session, code: str) -> int | None:
    """The version of a meetup's room: one small read, for phones that ask again and again."""
    return db.scalar(
        select(Batch.version)
        .join(Meetup, Meetup.id == Batch.meetup_id)
        .where(Meetup.code == code, Batch.number == 1)
    )


def participant_by_key(db: Session, *, batch_id: int, key: str) -> Participant | None:
    """Whose phone carries this key, with the table they sit at."""
    return db.scalar(
        select(Participant)
        .where(
            Participant.batch_id == batch_id,
            Participant.fingerprint == tokens.fingerprint(key),
            Participant.left_at.is_(None),
        )
        .options(joinedload(Participant.breakout), joinedload(Participant.strategy))
    )


def present(db: Session, batch_id: int) -> list[Participant]:
    """Everybody who is in the room, by number."""
    return list(
        db.scalars(
            select(Participant)
            .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
            .order_by(Participant.number)
        )
    )


def tables(db: Session, batch_id: int, kind: str = "local") -> list[tuple[Breakout, int]]:
    """The tables of a kind by number, each with how many sit there."""
    rows = db.execute(
        select(Breakout, func.count(Participant.id))
        .outerjoin(
            Participant,
            (_seat(kind) == Breakout.id) & Participant.left_at.is_(None),
        )
        .where(Breakout.batch_id == batch_id, Breakout.kind == kind)
        .group_by(Breakout.id)
        .order_by(Breakout.number)
    )
    return [(table, people) for table, people in rows]


def _seat(kind: str) -> InstrumentedAttribute[int | None]:
    return Participant.strategy_id if kind == "strategy" else Participant.breakout_id


def seats(db: Session, batch_id: int, kind: str = "local") -> list[tuple[int, int, str]]:
    """The table finder: participant number, table number, colour; by participant number."""
    rows = db.execute(
        select(Participant.number, Breakout.number, Breakout.colour)
        .join(Breakout, Breakout.id == _seat(kind))
        .where(Participant.batch_id == batch_id, Participant.left_at.is_(None))
        .order_by(Participant.number)
    )
    return [(number, table, colour) for number, table, colour in rows]


def spans(db: Session, batch_id: int) -> list[tuple[Breakout, int, float]]:
    """The local tables with how many sit there, and how far the farthest lives from its middle."""
    lived = db.execute(
        select(Participant.breakout_id, Participant.lat, Participant.lng)
        .where(
            Participant.batch_id == batch_id,
            Participant.left_at.is_(None),
            Participant.lat.is_not(None),
            Participant.lng.is_not(None),
        )
        .order_by(Participant.number)
    ).all()
    found = []
    for table, people in tables(db, batch_id):
        far = 0.0
        if table.lat is not None and table.lng is not None:
            far = max(
                (
                    distance_km(table.lat, table.lng, r[1] or 0.0, r[2] or 0.0)
                    for r in lived
                    if r[0] == table.id
                ),
                default=0.0,
            )
        found.append((table, people, far))
    return found


def counts(db: Session, meetup: Meetup, batch: Batch) -> Counts:
    """The figures that stand on the screen and at the desk."""
    here, practice, hands, cohosts = db.execute(
        select(
            func.count(Participant.id),
            func.count(Participant.id).filter(Participant.is_practice),
            func.count(Participant.id).filter(Participant.willing == "host"),
            func.count(Participant.id).filter(Participant.willing == "cohost"),
        ).where(Participant.batch_id == batch.id, Participant.left_at.is_(None))
    ).one()
    committed = db.scalar(_committed(batch))
    published = db.scalar(on_the_map(batch.id).with_only_columns(func.count(Card.id)))
    kind = "strategy" if batch.phase in ("strategy", "report_back") else "local"
    dealt = db.scalar(
        select(func.count(Breakout.id)).where(Breakout.batch_id == batch.id, Breakout.kind == kind)
    )
    return Counts(
        here=here,
        expected=meetup.event.taken,
        practice=practice,
        hands=hands,
        cohosts=cohosts,
        committed=committed or 0,
        published=published or 0,
        tables=dealt or 0,
    )


def of_the_evening(batch_id: int, *, with_practice: bool) -> ColumnElement[bool]:
    """Whom the sums of an evening count: who has gone home was here. Practice people count while
    the room practises (``with_practice``), for as long as they are in it."""
    real = Participant.is_practice.is_(False)
    counted = or_(Participant.left_at.is_(None), real) if with_practice else real
    return and_(Participant.batch_id == batch_id, counted)


def _committed(batch: Batch) -> Select[int]:
    """How many are down for something: at the tables for a card, at the wall for what is on the
    map."""
    phase = Phase(batch.phase)
    who: tuple[ColumnElement[bool], ...] = (
        Participant.batch_id == batch.id,
        Participant.left_at.is_(None),
    )
    hosted = select(Card.host_id).where(Card.event_id.is_not(None), Card.host_id.is_not(None))
    taken = select(Commitment.participant_id)
    if phase in WALL:
        cards = on_the_map(batch.id)
        hosted = cards.with_only_columns(Card.host_id).where(Card.host_id.is_not(None))
        taken = taken.where(Commitment.card_id.in_(cards.with_only_columns(Card.id)))
    if phase in CLOSED:
        who = (of_the_evening(batch.id, with_practice=phase is Phase.CLOSE),)
    promised = or_(Participant.id.in_(taken), Participant.id.in_(hosted))
    return select(func.count(Participant.id)).where(*who, promised)


def last_number(db: Session, batch_id: int) -> int:
    """The highest number given out; 0 where nobody has come yet."""
    highest = db.scalar(
        select(func.max(Participant.number)).where(Participant.batch_id == batch_id)
    )
    return highest or 0


def participants_with_client(db: Session, *, batch_id: int, uuid: str) -> Participant | None:
    """Who joined with this page already: the same form sent twice."""
    return db.scalar(
        select(Participant).where(Participant.batch_id == batch_id, Participant.client_uuid == uuid)
    )


def phonebanks_of(db: Session, group_id: int) -> list[Phonebank]:
    """The phonebanks of a group to which a session can still be added."""
    return list(
        db.scalars(
            select(Phonebank)
            .where(
                Phonebank.group_id == group_id,
                Phonebank.status != "closed",
                Phonebank.is_practice.is_(False),
            )
            .order_by(Phonebank.title, Phonebank.id)
        )
    )
