"""What was rung before today on the demo's list: a few evenings of calls, so that plots plot."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.commands.demo.placing import in_days, venue_of
from campaign.commands.demo.scribe import Row, Scribe
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.foundation import clock, tokens
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import (
    Answer,
    Call,
    CallingSession,
    CallReview,
    Contact,
    Phonebank,
)
from campaign.phonebanks.queries import board

# How many days ago, in which hours, by how many callers.
EVENINGS = ((-12, 10, 12, 4), (-11, 17, 19, 4), (-9, 18, 20, 5), (-7, 10, 12, 4), (-5, 18, 20, 5),
            (-4, 17, 19, 5), (-2, 18, 20, 6), (-1, 17, 20, 5))  # fmt: skip
A_CALLER_AN_HOUR = 8
# So many of the group's coming evenings ring this list.
PLANNED = 8
# Never more than a third of the list, so that most of it is still to be rung.
MOST = 3
TO_LOOK_AT = 6
# How calls end, and how often of a hundred; later in the day more people are at home.
ENDINGS = (("talked", 22), ("talked_partial", 2), ("already_done", 1), ("refused_soft", 5),
           ("no_answer", 46), ("voicemail_none", 13), ("voicemail_left", 5), ("busy", 4),
           ("other_person", 2))  # fmt: skip
NEXT = {"talked": "done", "already_done": "done", "refused_soft": "done"}
REACHED = ("talked", "talked_partial", "already_done", "refused_soft")
SAID = (("yes", 42), ("maybe", 20), ("cannot", 24), ("disagree", 14))


@dataclass(frozen=True, slots=True)
class Evening:
    """A session that is over: who called in it, and when."""

    session_id: int
    starts_at: datetime
    ends_at: datetime
    callers: tuple[int, ...]


def ring(scribe: Scribe, *, society: Society, phonebank: Phonebank) -> None:
    """Write the sessions, and calls of the first third of the list."""
    dice, db = random.Random(phonebank.id), scribe.db  # noqa: S311 (the same each time)
    evenings = [_evening(scribe, dice, society, phonebank, one) for one in EVENINGS]
    query = select(Contact.id, Contact.number_id).where(
        Contact.phonebank_id == phonebank.id, Contact.consent, Contact.state == "ready"
    )
    people = [(key, number) for key, number in db.execute(query.order_by(Contact.id))]
    people = people[: len(people) // MOST]
    rows = list(_calls(dice, phonebank.id, evenings, people))
    scribe.write(Call, rows)
    scribe.write(CallReview, list(_to_look_at(db, phonebank.id)))
    ids = {key: call_id for call_id, key in db.execute(select(Call.id, Call.public_id))}
    scribe.write(
        Answer,
        (
            {"call_id": ids[row["public_id"]], "question": question, "option": option}
            for row in rows
            for question, option in row["answers"].items()
        ),
    )
    _learn(db, rows)
    for event in board.events_to_attach(db, phonebank, now=clock.now())[:PLANNED]:
        scribe.db.add(CallingSession(event_id=event.id, phonebank_id=phonebank.id))
    db.flush()


def _to_look_at(db: Session, phonebank_id: int) -> Iterator[Row]:
    """The newest calls wait for a lead's look."""
    query = select(Call.id, Call.caller_id).where(Call.phonebank_id == phonebank_id)
    for call_id, caller_id in db.execute(query.order_by(Call.id.desc()).limit(TO_LOOK_AT)):
        yield {
            "call_id": call_id,
            "phonebank_id": phonebank_id,
            "caller_id": caller_id,
            "chosen_at": clock.now(),
            "feedback": "",
        }


def _evening(
    scribe: Scribe,
    dice: random.Random,
    society: Society,
    phonebank: Phonebank,
    one: tuple[int, int, int, int],
) -> Evening:
    days, begins, ends, callers = one
    group = society.group("brighton")
    event = events.announce(
        scribe.db,
        group=group,
        host=society.cast["lead"],
        kind="phonebank",
        title="Ring round Hove",
        starts_at=in_days(days, begins),
        ends_at=in_days(days, ends),
        place=venue_of(group, "Friends’ Meeting House", town="Brighton"),
        capacity=12,
        listed=True,
        public_id=tokens.public_id_by(dice),
        check=False,
    )
    session = CallingSession(event_id=event.id, phonebank_id=phonebank.id)
    scribe.db.add(session)
    scribe.db.flush()
    found = [dice.choice(society.members[key]).id for key in _homes(dice, society, callers)]
    return Evening(session.id, event.starts_at, event.ends_at, tuple(sorted(set(found))))


def _homes(dice: random.Random, society: Society, callers: int) -> list[int]:
    """Most are of the list's own group, the others of two more."""
    groups = [group.id for group in society.groups if society.members.get(group.id)][:3]
    return dice.choices(groups, weights=(6, 3, 1)[: len(groups)], k=callers)


def _calls(
    dice: random.Random,
    phonebank_id: int,
    evenings: Sequence[Evening],
    people: Sequence[tuple[int, int]],
) -> Iterator[Row]:
    waiting = iter(people)
    for evening in evenings:
        hours = (evening.ends_at - evening.starts_at) / timedelta(hours=1)
        for caller_id in evening.callers:
            for _ in range(round(A_CALLER_AN_HOUR * hours * dice.uniform(0.8, 1.2))):
                person = next(waiting, None)
                if person is None:
                    return
                at = evening.starts_at + timedelta(minutes=dice.uniform(1, hours * 60 - 6))
                ids = {"phonebank_id": phonebank_id, "caller_id": caller_id}
                yield _call(dice, evening, at, person=person, **ids)


def _call(
    dice: random.Random,
    evening: Evening,
    at: datetime,
    *,
    phonebank_id: int,
    caller_id: int,
    person: tuple[int, int],
) -> Row:
    late = at.hour >= 17
    weights = [share * (1.5 if late and code in REACHED else 1) for code, share in ENDINGS]
    code = dice.choices([code for code, _ in ENDINGS], weights=weights)[0]
    answers: dict[str, str] = {}
    if code == "talked" and dice.random() < 0.93:
        said = dice.choices([key for key, _ in SAID], weights=[share for _, share in SAID])[0]
        answers = {"opening": "yes", "come": said}
        if said == "yes":
            answers["seat"] = dice.choice(["lift", "no_lift", "no_lift"])
    return {
        "public_id": tokens.public_id_by(dice),
        "phonebank_id": phonebank_id,
        "contact_id": person[0],
        "number_id": person[1],
        "caller_id": caller_id,
        "session_id": evening.session_id,
        "status": "reported",
        "claimed_at": at,
        "expires_at": at + timedelta(minutes=20),
        "revealed_at": at,
        "attempted_at": at,
        "ended_at": at + timedelta(minutes=3),
        "reported_at": at + timedelta(minutes=3),
        "result_code": code,
        "reached": code in REACHED,
        "note": "",
        "late": False,
        "inbound": False,
        "answers": answers,
        "script_number": 1,
    }


def _learn(db: Session, rows: Sequence[Row]) -> None:
    """What the calls left behind on the people and their numbers."""
    if not rows:
        return
    people: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    for row in rows:
        code, at = row["result_code"], row["reported_at"]
        reached = {"reached_at": at} if row["reached"] else {"reached_at": None}
        people.append(
            {
                "id": row["contact_id"],
                "state": NEXT.get(code, "ready"),
                "attempts": 0 if code == "busy" else 1,
                "last_result": code,
                "last_call_at": at,
                **reached,
            }
        )
        numbers.append({"id": row["number_id"], "last_attempt_at": row["attempted_at"]})
    db.execute(update(Contact), people)
    db.execute(update(PhoneNumber), numbers)
