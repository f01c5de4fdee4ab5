"""A room full of people in the middle of its evening: made up, nobody real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.foundation.database import Database
from campaign.groups.models import Group
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.operations import filling, joining, opening, publishing, running
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.queries import rooms, tables
from campaign.meetups.rules import phases
from campaign.meetups.rules.joining import Whereabouts
from campaign.meetups.rules.phases import Phase
from campaign.people.models import Person, SignInSession

PRESET = "barnstorm"
DESK_TOKEN = "bench-desk"  # noqa: S105 (opens a scratch database)
AT_A_TABLE = 8
# Branches along the coast, a few kilometres apart.
BRANCHES = [Whereabouts(f"BN{n}", 50.82 + n * 0.012, -0.30 + n * 0.03) for n in range(1, 12)]
VENUE = CardPlace("venue", "Bench Hall", "BN1 1EE", 50.8228, -0.1363)
CHOICE = PlaceChoice(
    kind=PlaceKind.VENUE, venue="Bench Hall", postcode="BN1 1EE", lat=50.8228, lng=-0.1363,
    town="Brighton",
)  # fmt: skip


@dataclass(frozen=True)
class Hall:
    """The six letters, the keys of the phones that joined, and the cards on the wall."""

    code: str
    batch_id: int
    keys: list[str]
    cards: list[str]
    hosts: int


def fill(database: Database, *, people: int, sessions: int) -> Hall:
    """Let them in, seat them, let so many hosts say yes, and go on to the wall."""
    with database.unit_of_work() as db:
        meetup, batch = _room(db, people)
        code, batch_id = meetup.code, batch.id
        organiser = meetup.opened_by
    keys: list[str] = []
    for first in range(0, people, 100):
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, batch_id)
            numbers = range(first + 1, min(first + 100, people) + 1)
            keys += [joined.key for joined in _join(db, batch, numbers)]
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch_id)
        _on_to(db, batch, Phase.LOCAL, organiser)
        cards = _plan(db, batch, sessions)
        _on_to(db, batch, Phase.COMMIT, organiser)
    return Hall(code, batch_id, keys, cards, len(cards))


def _room(db: Session, people: int) -> tuple[Meetup, Batch]:
    now = clock.now()
    group = Group(slug="bench", name="Bench", place="Hove", lat=50.83, lng=-0.17, made_at=now)
    organiser = Person(
        name="Nobody Real",
        email="desk@bench.example",
        made_at=now,
        email_confirmed_at=now,
        entrusted=True,
    )
    db.add_all([group, organiser])
    db.flush()
    event = Event(
        title="Bench meetup",
        kind="meetup",
        group_id=group.id,
        host_id=organiser.id,
        starts_at=now + timedelta(minutes=10),
        ends_at=now + timedelta(hours=3),
        place_kind="venue",
        venue="Bench Hall",
        shown_place="Bench Hall",
        shown_lat=50.8228,
        shown_lng=-0.1363,
        capacity=2 * people,
        state="listed",
        made_at=now,
    )
    db.add(event)
    db.flush()
    later = now + timedelta(hours=1)
    session = {"fingerprint": tokens.fingerprint(DESK_TOKEN), "person_id": organiser.id,
               "made_at": now, "seen_at": later, "ends_at": later + timedelta(hours=9)}  # fmt: skip
    db.execute(insert(SignInSession), session)
    opened = opening.open_room(db, event=event, preset=PRESET, actor_id=organiser.id, now=now)
    meetup = rooms.meetup_by_code(db, opened.code)
    assert meetup is not None  # opened a moment ago
    return meetup, rooms.batch_of(db, meetup)


def _join(db: Session, batch: Batch, numbers: range) -> Iterator[joining.Joined]:
    for number in numbers:
        yield joining.join(
            db,
            batch=batch,
            name=f"Guest {number}",
            email=f"guest{number}@bench.example",
            where=BRANCHES[number % len(BRANCHES)],
            now=clock.now(),
        )


def _on_to(db: Session, batch: Batch, phase: Phase, actor_id: int) -> None:
    while batch.phase != phase:
        following = phases.neighbours(PRESET, Phase(batch.phase))[1]
        batch = running.move_on(
            db,
            batch=batch,
            seen=batch.phase,
            to=str(following),
            now=clock.now(),
            actor_id=actor_id,
            naming=lambda table: table.branch or "Anywhere",
        )


def _plan(db: Session, batch: Batch, sessions: int) -> list[str]:
    """So many tables fill their card, and its host says yes."""
    made, now = [], clock.now()
    sitting: dict[int | None, Participant] = {}
    for person in rooms.present(db, batch.id):
        sitting.setdefault(person.breakout_id, person)
    for card in [view.card for view in tables.cards_of_batch(db, batch.id)[:sessions]]:
        host = sitting[card.breakout_id]
        typed = {"kind": "phonebank", "start": "11:00", "day": _day(now), "capacity": "20"}
        filling.fill(db, batch=batch, card=card, typed=typed, place=VENUE, now=now)
        filling.ask_host(db, batch=batch, card=card, host=host)
        view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)
        assert view is not None
        publishing.accept(db, batch=batch, view=view, host=host, place=CHOICE, now=now)
        made.append(card.public_id)
    return made


def _day(now: datetime) -> str:
    return (now + timedelta(days=3)).date().isoformat()
