"""A list to call and the people who call it: made up, in one order, nobody real.

Caller n holds call n, which is of contact n with number n, and the free contacts come after: so
whoever measures reckons ids instead of looking them up. Each kind of row begins at a number of its
own, so that an id tells what it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    String,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
)

from campaign.foundation import tokens
from campaign.foundation.database import Base, Database
from campaign.groups.models import Group
from campaign.people.models import Person, PhoneNumber, SignInSession
from campaign.phonebanks.models import (
    Agreement,
    Call,
    Contact,
    NeverLoad,
    Phonebank,
    TrainingAttempt,
)
from campaign.phonebanks.operations.dispensing import SLOTS
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION
from campaign.phonebanks.rules.training import CALLS, TRAINING_VERSION

CONTACT, NUMBER, CALL, PERSON = 10_000_001, 20_000_001, 30_000_001, 40_000_001
LIFE = timedelta(hours=2)
HMAC = "f" * 56


@dataclass(frozen=True)
class Crowd:
    """How many there are of everything."""

    phonebanks: int
    contacts: int
    callers: int


def call_public_id(place: int) -> str:
    """The public id of the call that this caller holds."""
    return str(70_000_000 + place)


def token(place: int) -> str:
    """The key of this caller's sign-in."""
    return f"bench-{place}"


def settle(database: Database, crowd: Crowd, *, now: datetime) -> None:
    """Fill an empty database: phonebanks, callers with somebody in hand, and a long queue."""
    with database.write_engine.connect() as db, db.begin():
        _phonebanks(db, crowd, now)
        _many(db, Person, _callers(crowd, now))
        _many(db, SignInSession, _signed_in(crowd, now))
        passed = {"version": TRAINING_VERSION, "calls": CALLS, "tries": 1}
        trained = _of_each(crowd, started_at=now, passed_at=now, **passed)
        _many(db, TrainingAttempt, trained)
        _many(db, Agreement, _of_each(crowd, at=now, version=AGREEMENT_VERSION))
        _numbers(db, crowd)
        _contacts(db, crowd, now)
        _many(db, Call, _calls(crowd, now))
        if not database.is_sqlite:
            _count_on(db)
    with database.write_engine.connect() as db, db.begin():
        # As a database is that has stood for a night: with statistics.
        db.execute(text("ANALYZE"))


def reveal(database: Database, *, now: datetime) -> None:
    """Show every number that somebody holds, as if a minute had gone since it was handed out."""
    before = now - timedelta(minutes=1)
    with database.write_engine.connect() as db, db.begin():
        db.execute(
            Call.__table__.update()  # type: ignore[attr-defined]
            .where(Call.status == "claimed")
            .values(status="revealed", claimed_at=before, revealed_at=before, attempted_at=before)
        )


def _phonebanks(db: Connection, crowd: Crowd, now: datetime) -> None:
    db.execute(
        insert(Group),
        {"id": 1, "slug": "bench", "name": "Bench", "place": "Hove", "lat": 50.83, "lng": -0.17,
         "made_at": now},
    )  # fmt: skip
    banks = [
        {"id": n + 1, "public_id": f"bench{n}", "group_id": 1, "title": f"List {n + 1}",
         "status": "open", "access": "open", "claim_seconds": 7200, "made_at": now}
        for n in range(crowd.phonebanks)
    ]  # fmt: skip
    db.execute(insert(Phonebank), banks)
    db.execute(insert(NeverLoad), {"source": "tps", "rows": 1, "made_at": now})


def _many(db: Connection, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, 5000)):
        db.execute(insert(table), chunk)


def _callers(crowd: Crowd, now: datetime) -> Iterator[dict[str, Any]]:
    for n in range(crowd.callers):
        yield {"id": PERSON + n, "public_id": f"b{n}", "name": "Nobody Real",
               "email": f"caller{n}@bench.example", "made_at": now}  # fmt: skip


def _signed_in(crowd: Crowd, now: datetime) -> Iterator[dict[str, Any]]:
    for n in range(crowd.callers):
        print_ = tokens.fingerprint(token(n))
        # Seen a little later than now, so that nobody is noted during the measurement.
        yield {"fingerprint": print_, "person_id": PERSON + n, "made_at": now,
               "seen_at": now + LIFE, "ends_at": now + 3 * LIFE}  # fmt: skip


def _of_each(crowd: Crowd, **values: Any) -> Iterator[dict[str, Any]]:
    for n in range(crowd.callers):
        yield {"person_id": PERSON + n, **values}


def _calls(crowd: Crowd, now: datetime) -> Iterator[dict[str, Any]]:
    before = now - timedelta(minutes=1)
    for n in range(crowd.callers):
        yield {"id": CALL + n, "public_id": call_public_id(n), "contact_id": CONTACT + n,
               "phonebank_id": n % crowd.phonebanks + 1, "number_id": NUMBER + n,
               "caller_id": PERSON + n, "status": "revealed", "claimed_at": before,
               "revealed_at": before, "attempted_at": before, "expires_at": now + LIFE}  # fmt: skip


def _counted(many: int) -> Any:
    start = select(literal(0, Integer).label("i")).cte("counted", recursive=True)
    return start.union_all(select(start.c.i + 1).where(start.c.i + 1 < many))


def _numbers(db: Connection, crowd: Crowd) -> None:
    counted = _counted(crowd.callers + crowd.contacts)
    text_of = cast(counted.c.i + 10_000_000, String)
    values = {
        "id": counted.c.i + NUMBER,
        "e164": literal("+44") + cast(counted.c.i + 1_400_000_000, String),
        "hmac": literal(HMAC) + text_of,
        "kind": literal("mobile"),
        "state": literal("ok"),
        "fictitious": literal(True),
        "time_zone": literal("Europe/London"),
    }
    _select_into(db, PhoneNumber, values)


def _contacts(db: Connection, crowd: Crowd, now: datetime) -> None:
    counted = _counted(crowd.callers + crowd.contacts)
    place = counted.c.i
    held = place < crowd.callers

    def if_held(value: Any) -> Any:
        return case((held, value), else_=null())

    values = {
        "id": place + CONTACT,
        "phonebank_id": place % crowd.phonebanks + 1,
        "number_id": place + NUMBER,
        "first_name": literal("Amina"),
        "last_name": literal("Kay"),
        "town": literal("Hove"),
        "source": literal("bench"),
        # Half may be rung by their consent, half by the check against the TPS.
        "consent": place % 2 == 0,
        "screened": place % 2 == 1,
        "state": func.coalesce(if_held(literal("claimed")), literal("ready")),
        "priority": literal(5),
        "shuffle": (place % 65_537) * 7919 % 1_000_003,
        "slot": (place // crowd.phonebanks) % SLOTS,
        "attempts": literal(0),
        "voicemails": literal(0),
        "busy_count": literal(0),
        "note": literal(""),
        "claimed_by": if_held(place + PERSON),
        "claimed_until": if_held(literal(now + LIFE, Contact.claimed_until.type)),
        "claim_call_id": if_held(place + CALL),
        "version": literal(0),
    }
    _select_into(db, Contact, values)


def _select_into(db: Connection, table: type[Base], values: dict[str, Any]) -> None:
    rows = select(*(value.label(name) for name, value in values.items()))
    db.execute(insert(table).from_select(list(values), rows, include_defaults=False))


def _count_on(db: Connection) -> None:
    """PostgreSQL's sequences go on after the ids that were given."""
    for table in ("phone_number", "contact", "call", "person"):
        last = f"(SELECT max(id) FROM {table})"  # noqa: S608
        db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
