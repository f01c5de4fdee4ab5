"""What phones tap while a hall is measured, and whether all of it is there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import select

from campaign.commands.bench.hall import Hall
from campaign.commands.bench.phones import Crowd, Phone
from campaign.commands.bench.served import Served
from campaign.foundation.database import Database
from campaign.meetups.models import Card, Commitment, Participant


@dataclass
class Kept:
    """What the server said that it has kept, to be looked for afterwards."""

    joined: set[str] = field(default_factory=set)
    willing: dict[int, str] = field(default_factory=dict)
    yes: dict[tuple[int, str], bool] = field(default_factory=dict)
    refused: int = 0


@dataclass
class Bench:
    """What a run stands on."""

    database: Database
    server: Served
    hall: Hall
    crowd: Crowd
    signed: Callable[[dict[str, Any]], str]
    csrf: str
    kept: Kept = field(default_factory=Kept)


def let_them_write(bench: Bench, seconds: float, writes: float, joins: float) -> None:
    """Let phones tap and people come in, so many a second for so long."""
    crowd, dice = bench.crowd, bench.crowd.dice
    writers = list(enumerate(crowd.phones))[bench.hall.hosts :] or list(enumerate(crowd.phones))
    for step in range(int(seconds * 0.9 * writes)):
        at, phone = dice.choice(writers)
        tap = _tap_hand if step % 2 else _tap_yes
        crowd.later(step / writes, partial(tap, bench, at, phone))
    for step in range(int(seconds * 0.9 * joins)):
        crowd.later(step / joins, partial(_come_in, bench, step))


def _tap_hand(bench: Bench, at: int, phone: Phone) -> None:
    answer = bench.crowd.dice.choice(["host", "cohost", "come"])

    def then(status: int, head: bytes, body: bytes) -> None:
        if status == 303:
            bench.kept.willing[at] = answer
        else:
            bench.kept.refused += 1

    body = urlencode({"csrf_token": bench.csrf, "answer": answer})
    bench.crowd.post(phone, f"/m/{bench.hall.code}/willing", body, then)


def _tap_yes(bench: Bench, at: int, phone: Phone) -> None:
    # Everything is at the same hour: a phone keeps to one card.
    card = bench.hall.cards[at % len(bench.hall.cards)]
    wants = not bench.kept.yes.get((at, card), False)

    def then(status: int, head: bytes, body: bytes) -> None:
        if status == 303:
            bench.kept.yes[at, card] = wants
        else:
            bench.kept.refused += 1

    fields = {"csrf_token": bench.csrf, "answer": "yes" if wants else "no"}
    bench.crowd.post(phone, f"/m/{bench.hall.code}/wall/{card}", urlencode(fields), then)


def _come_in(bench: Bench, step: int) -> None:
    uuid, own = str(uuid4()), bench.signed({})
    phone = Phone(own, polls=False)
    bench.crowd.phones.append(phone)

    def then(status: int, head: bytes, body: bytes) -> None:
        key = head.partition(b"Set-Cookie: meetup=")[2].partition(b";")[0].decode()
        if status != 303 or not key:
            bench.kept.refused += 1
            return
        bench.kept.joined.add(uuid)
        phone.cookies, phone.polls = f"{own}; meetup={key}", True
        bench.crowd.phones.remove(phone)
        bench.crowd.join(phone)

    fields = {
        "csrf_token": bench.csrf,
        "name": f"Late {step}",
        "reach": f"late{step}@bench.example",
        "hold": "y",
        "client_uuid": uuid,
    }
    bench.crowd.post(phone, f"/m/{bench.hall.code}/join", urlencode(fields), then)


def lost(database: Database, hall: Hall, kept: Kept) -> dict[str, Any]:
    """What was acknowledged and is not there, or stands there twice."""
    with database.reading() as db:
        rows = list(
            db.execute(
                select(Participant.number, Participant.client_uuid, Participant.willing)
                .where(Participant.batch_id == hall.batch_id)
                .order_by(Participant.number)
            )
        )
        taken = set(
            db.execute(
                select(Participant.number, Card.public_id)
                .join(Commitment, Commitment.participant_id == Participant.id)
                .join(Card, Card.id == Commitment.card_id)
                .where(Participant.batch_id == hall.batch_id)
            )
        )
    missing = len(kept.joined - {uuid for _, uuid, _ in rows})
    by_number = {number: willing for number, _, willing in rows}
    missing += sum(by_number[at + 1] != answer for at, answer in kept.willing.items())
    missing += sum(((at + 1, card) in taken) != yes for (at, card), yes in kept.yes.items())
    return {
        "acknowledged": len(kept.joined) + len(kept.willing) + len(kept.yes),
        "refused": kept.refused,
        "doubled": len(rows) - len(by_number) + len(rows) - len(hall.keys) - len(kept.joined),
        "lost": missing,
    }
