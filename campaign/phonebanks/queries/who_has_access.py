"""Who can still get at the people of which phonebank: accounts and counts, never the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import SEATED
from campaign.events.rules.states import LIVE
from campaign.groups.models import Membership
from campaign.people.models import Person, RoleGrant, SignInSession
from campaign.people.rules import Action, Role, Standing, may
from campaign.phonebanks.models import (
    Call,
    CallingSession,
    Phonebank,
    PhonebankRole,
    Removal,
)
from campaign.phonebanks.queries.training import has_agreed, has_passed
from campaign.phonebanks.rules.claims import LATE
from campaign.phonebanks.rules.who_has_access import KEPT, LATELY

# Who looks after accounts, said once in the table of people.rules.
KEEPERS = tuple(role.value for role in Role if may(Action.MANAGE_ACCOUNTS, {Standing(role.value)}))
MOST, MOST_NAMES = 100, 50
IN_USE = Person.disabled_at.is_(None)


@dataclass(frozen=True, slots=True)
class Somebody:
    """An account with a way in: as what, and when it was last signed in (None: not lately)."""

    name: str
    role: str
    seen_at: datetime | None


@dataclass(slots=True)
class Ways:
    """Everybody's ways into one phonebank.

    ``admitted`` is how many may call although they have not called lately: members, places in
    sessions to come, or everybody who has practised, as the phonebank is set.
    """

    phonebank: Phonebank
    runs: list[Somebody] = field(default_factory=list)
    calls: list[Somebody] = field(default_factory=list)
    callers: int = 0
    admitted: int = 0


def who_has_access(db: Session, *, now: datetime) -> list[Ways]:
    """Phonebanks that are open or ended lately, with who can get in: by title."""
    banks = _banks(db, now)
    ids = [bank.id for bank in banks]
    runs, calls = _running(db, banks), _calling(db, ids, now)
    everybody = (*runs.values(), *calls.values())
    seen = _seen(db, {person.id for rows in everybody for person, _ in rows})
    admitted = _admitted(db, banks, now)
    return [
        Ways(
            bank,
            [Somebody(one.name, role, seen.get(one.id)) for one, role in runs[bank.id]],
            [Somebody(one.name, "caller", seen.get(one.id)) for one, _ in calls[bank.id]][
                :MOST_NAMES
            ],
            len(calls[bank.id]),
            admitted[bank.id],
        )
        for bank in banks
    ]


def keepers(db: Session) -> list[Person]:
    """The administrators who can be written to, by id."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(KEEPERS), IN_USE)
        .where(Person.email.is_not(None), Person.email_confirmed_at.is_not(None))
        .order_by(Person.id)
    )
    return list(db.scalars(query).unique())


def _banks(db: Session, now: datetime) -> list[Phonebank]:
    kept = or_(Phonebank.closes_at.is_(None), Phonebank.closes_at > now - KEPT)
    query = (
        select(Phonebank)
        .where(Phonebank.status != "draft", ~Phonebank.is_practice, kept)
        .options(joinedload(Phonebank.group))
        .order_by(Phonebank.title, Phonebank.id)
        .limit(MOST)
    )
    return list(db.scalars(query))


Rows = dict[int, list[tuple[Person, str]]]


def _running(db: Session, banks: Sequence[Phonebank]) -> Rows:
    found: Rows = defaultdict(list)
    leads = (
        select(PhonebankRole.phonebank_id, Person)
        .join(Person, Person.id == PhonebankRole.person_id)
        .where(PhonebankRole.phonebank_id.in_([bank.id for bank in banks]), IN_USE)
        .order_by(Person.name, Person.id)
    )
    for bank_id, person in db.execute(leads):
        found[bank_id].append((person, "lead"))
    organisers: dict[int, list[tuple[Person, str]]] = defaultdict(list)
    members = (
        select(Membership.group_id, Person, Membership.role)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.group_id.in_({bank.group_id for bank in banks}))
        .where(Membership.role.in_(("organiser", "convenor")), IN_USE)
        .order_by(Person.name, Person.id)
    )
    for group_id, person, role in db.execute(members):
        organisers[group_id].append((person, role))
    for bank in banks:
        led_by = {person.id for person, _ in found[bank.id]}
        found[bank.id] += [row for row in organisers[bank.group_id] if row[0].id not in led_by]
    return found


def _calling(db: Session, ids: Sequence[int], now: datetime) -> Rows:
    """Who was handed somebody lately and was not taken off, the last first."""
    found: Rows = defaultdict(list)
    off = select(Removal.person_id).where(
        Removal.phonebank_id == Call.phonebank_id, Removal.person_id == Call.caller_id
    )
    last = func.max(Call.claimed_at)
    lately = (
        select(Call.phonebank_id, Call.caller_id, last.label("last"))
        .where(Call.phonebank_id.in_(ids), Call.claimed_at > now - LATELY, ~off.exists())
        .group_by(Call.phonebank_id, Call.caller_id)
        .subquery()
    )
    query = (
        select(lately.c.phonebank_id, Person)
        .join(Person, Person.id == lately.c.caller_id)
        .where(IN_USE)
        .order_by(lately.c.last.desc(), Person.id)
    )
    for bank_id, person in db.execute(query):
        found[bank_id].append((person, "caller"))
    return found


def _seen(db: Session, ids: Iterable[int]) -> dict[int, datetime]:
    query = (
        select(SignInSession.person_id, func.max(SignInSession.seen_at))
        .where(SignInSession.person_id.in_(list(ids)))
        .group_by(SignInSession.person_id)
    )
    return {person_id: at for person_id, at in db.execute(query)}


def _admitted(db: Session, banks: Sequence[Phonebank], now: datetime) -> dict[int, int]:
    """How many people the setting of each phonebank admits now."""
    everybody = db.scalar(
        select(func.count(Person.id)).where(has_passed(Person.id), has_agreed(Person.id))
    )
    members = _counted(
        db,
        select(Membership.group_id, func.count())
        .where(Membership.group_id.in_({bank.group_id for bank in banks}))
        .where(Membership.role != "follower")
        .group_by(Membership.group_id),
    )
    seats = _counted(
        db,
        select(CallingSession.phonebank_id, func.count(Rsvp.person_id.distinct()))
        .join(Event, Event.id == CallingSession.event_id)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(Event.state.in_(LIVE), Event.ends_at > now - LATE, Rsvp.status.in_(SEATED))
        .group_by(CallingSession.phonebank_id),
    )
    by_setting = {
        "open": lambda bank: everybody or 0,
        "group": lambda bank: members.get(bank.group_id, 0),
        "rostered": lambda bank: seats.get(bank.id, 0),
    }
    return {bank.id: by_setting[bank.access](bank) for bank in banks}


def _counted(db: Session, query: Select[Any, Any]) -> dict[int, int]:
    return {key: count for key, count in db.execute(query)}
