"""A report and the next claim in one statement (PostgreSQL), and the same step by step (SQLite).

The order of the house's locks holds: the number, then the person, then the call. Each step is taken
only where the one before it was, so the same report again finds the person gone from the caller's
hands and does nothing at all; and the caller's old claim has ended before the new one is made,
which the two unique indexes of claims ask for.

Who may be handed out is asked in the very words of ``queue``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Insert,
    Update,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal_column,
    null,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from campaign.foundation.database import UTCDateTime, is_postgresql
from campaign.foundation.statements import Statement
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.queries import queue
from campaign.phonebanks.queries.at_hand import planned_as_usual
from campaign.phonebanks.queries.places import found_at, place_to_begin

CALL: Any = Call.__table__
CONTACT: Any = Contact.__table__
NUMBER: Any = PhoneNumber.__table__
# What ``settling`` says of a call and of a contact is given under these beginnings.
OF_CALL, OF_CONTACT = "call_", "contact_"
SAID = ("client_uuid", "result_code", "reached", "status", "reported_at", "late", "ended_at",
        "attempted_at", "note", "script_number", "before")  # fmt: skip
MOVED = ("state", "attempts", "voicemails", "busy_day", "busy_count", "last_result",
         "last_call_at", "reached_at", "hold_reason", "note", "not_before", "promised_at",
         "callback_owner_id")  # fmt: skip
MADE = ("public_id", "phonebank_id", "contact_id", "number_id", "caller_id", "session_id",
        "status", "claimed_at", "expires_at", "reached", "note", "late", "inbound",
        "answers")  # fmt: skip
Columns = tuple[Any, ...]
# Of the next person: whether the week's cap lets them be rung, and what a caller is told.
NEXT: Columns = (
    Contact.id.label("contact_id"),
    Contact.number_id.label("number_id"),
    Contact.first_name.label("first_name"),
    Contact.town.label("town"),
    Contact.attempts.label("attempts"),
    Contact.note.label("note"),
    PhoneNumber.time_zone.label("time_zone"),
    Contact.sharers.label("sharers"),
    Contact.priority.label("priority"),
    Contact.shuffle.label("shuffle"),
    queue.within_week().label("rested"),
)


def send(
    db: Session, values: dict[str, Any], *, zones: tuple[str, ...], shut: tuple[str, ...]
) -> tuple[bool, Columns | None]:
    """Whether the report was kept, and the next person (``NEXT``) if one was taken.

    ``zones`` are open and ``shut`` are nations that keep a holiday; the other values are named in
    the statements. IntegrityError where somebody was quicker, and then nothing stands.
    """
    bank, slot = values["bank"], values["slot"]
    begins = place_to_begin(db, bank, slot)
    kept, row = _send(db, values | {"priority": begins[0], "shuffle": begins[1]}, zones, shut)
    if kept and values["wanted"]:
        found_at(db, bank, slot, begun=begins, at=(row[8], row[9]) if row else None)
    return kept, row


def _send(
    db: Session, values: dict[str, Any], zones: tuple[str, ...], shut: tuple[str, ...]
) -> tuple[bool, Columns | None]:
    if is_postgresql(db):
        rows = in_one(zones, shut).rows(db.connection(), values)
        return bool(rows), rows[0][1 : len(NEXT) + 1] if rows and rows[0][0] else None
    return _step_by_step(db, values, zones, shut)


@lru_cache(maxsize=64)
def in_one(zones: tuple[str, ...], shut: tuple[str, ...]) -> Statement:
    """The whole of it: one row if the report was kept."""
    held = select(NUMBER.c.id).where(_is_number()).with_for_update().cte("held")
    moved = _moved().where(exists(select(held.c.id))).returning(CONTACT.c.id).cte("moved")
    reported = _reported().where(exists(select(moved.c.id))).returning(CALL.c.id).cte("reported")
    learnt = _learnt().where(exists(select(reported.c.id))).returning(NUMBER.c.id).cte("learnt")
    wanted = bindparam("wanted", type_=Boolean())
    asked = queue.in_line(shut, *NEXT).where(wanted, exists(select(learnt.c.id)))
    picked = asked.cte("picked")
    given = [cast(column, CALL.c[name].type).label(name) for name, column in _made_of(picked.c)]
    made = _made().from_select(
        MADE, select(*given).where(picked.c.rested), include_defaults=False
    ).returning(CALL.c.id, CALL.c.contact_id)  # fmt: skip
    fresh = made.cte("made")
    taken = _taken(fresh.c.contact_id, fresh.c.id).returning(CONTACT.c.id).cte("taken")
    answer = select(taken.c.id, *picked.c, *planned_as_usual()).select_from(
        learnt.outerjoin(picked, true()).outerjoin(taken, true())
    )
    return Statement(answer, "postgresql", zones=zones)


def _step_by_step(
    db: Session, values: dict[str, Any], zones: tuple[str, ...], shut: tuple[str, ...]
) -> tuple[bool, Columns | None]:
    """The same for SQLite, whose one writer needs no locks and whose CTEs do not write."""
    connection = db.connection()
    for step in (_moved, _reported, _learnt):
        if not _returning(step).rows(connection, values):
            return False, None
    found = _asked(zones, shut).rows(connection, values) if values["wanted"] else []
    if not found or not found[0][-1]:
        return True, None
    values = values | {"next": found[0][0], "next_number": found[0][1]}
    made = _one_made().rows(connection, values)
    _one_taken().rows(connection, values | {"made": made[0][0]})
    return True, found[0]


@lru_cache(maxsize=3)
def _returning(step: Callable[[], Update]) -> Statement:
    return Statement(step().returning(literal_column("1")), "sqlite")


@lru_cache(maxsize=64)
def _asked(zones: tuple[str, ...], shut: tuple[str, ...]) -> Statement:
    return Statement(queue.in_line(shut, *NEXT), "sqlite", zones=zones)


@lru_cache(maxsize=1)
def _one_made() -> Statement:
    picked: dict[str, Any] = {
        "contact_id": bindparam("next"),
        "number_id": bindparam("next_number"),
    }
    given = dict(_made_of(picked)) | {"answers": literal_column("'{}'")}
    return Statement(_made().values(given).returning(CALL.c.id), "sqlite")


@lru_cache(maxsize=1)
def _one_taken() -> Statement:
    taken = _taken(bindparam("next"), bindparam("made"))
    return Statement(taken.returning(CONTACT.c.id), "sqlite")


def _is_number() -> Any:
    return NUMBER.c.id == bindparam("number")


def _moved() -> Update:
    """Out of the caller's hands, where this very call has them there."""
    values: dict[Any, Any] = {CONTACT.c[name]: bindparam(OF_CONTACT + name) for name in MOVED}
    hands = (CONTACT.c.claimed_by, CONTACT.c.claimed_until, CONTACT.c.claim_call_id)
    ended = dict.fromkeys(hands, null())
    return (
        update(CONTACT)
        .where(CONTACT.c.id == bindparam("contact"), CONTACT.c.state == _word("claimed"))
        .where(CONTACT.c.claim_call_id == bindparam("call"))
        # As they were looked at: whoever changed them since is not written over.
        .where(CONTACT.c.version == bindparam("version"))
        .values({**values, **ended})
        .values(version=CONTACT.c.version + 1)
    )


def _reported() -> Update:
    values: dict[Any, Any] = {CALL.c[name]: bindparam(OF_CALL + name) for name in SAID}
    mine = (CALL.c.id == bindparam("call"), CALL.c.status == _word("revealed"))
    return update(CALL).where(*mine).values(values)


def _learnt() -> Update:
    """What the call says of its number: that it rings, and when it rang last."""
    now = bindparam("call_attempted_at", type_=UTCDateTime())
    before = (
        select(func.max(CALL.c.attempted_at))
        .where(CALL.c.number_id == bindparam("number"), CALL.c.id != bindparam("call"))
        .scalar_subquery()
    )
    last = case((now.is_(None), before), (before > now, before), else_=now)
    state = func.coalesce(bindparam("verdict", type_=NUMBER.c.state.type), NUMBER.c.state)
    return update(NUMBER).where(_is_number()).values(state=state, last_attempt_at=last)


def _made() -> Insert:
    return insert(CALL)


def _made_of(picked: Any) -> list[tuple[str, Any]]:
    """The columns of the call that is made, in the order of ``MADE``."""
    answers: Any = cast(literal_column("'{}'"), JSON)
    values = {
        "public_id": bindparam("public_id"),
        "phonebank_id": bindparam("bank"),
        "contact_id": picked["contact_id"],
        "number_id": picked["number_id"],
        "caller_id": bindparam("caller"),
        "session_id": bindparam("session"),
        "status": _word("claimed"),
        "claimed_at": bindparam("now", type_=UTCDateTime()),
        "expires_at": bindparam("until", type_=UTCDateTime()),
        "reached": literal_column("FALSE"),
        "note": _word(""),
        "late": literal_column("FALSE"),
        "inbound": literal_column("FALSE"),
        "answers": answers,
    }
    return [(name, values[name]) for name in MADE]


def _taken(contact_id: Any, call_id: Any) -> Update:
    return (
        update(CONTACT)
        .where(CONTACT.c.id == contact_id, CONTACT.c.state == _word("ready"))
        .values(
            state=_word("claimed"),
            claimed_by=bindparam("caller"),
            claimed_until=bindparam("until", type_=UTCDateTime()),
            claim_call_id=call_id,
            version=CONTACT.c.version + 1,
        )
    )


def _word(word: str) -> ColumnElement[str]:
    # Written out, so that both databases see that a partial index fits.
    return literal_column(f"'{word}'")
