"""Looking persons, sign-ins and the do-not-call list up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.foundation.statements import Statement
from campaign.people.models import Person, RoleGrant, SignInLink, SignInSession, Suppression
from campaign.people.rules import LinkWornOut

# So many keys are asked for in one statement.
MANY = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A sign-in and whose it is."""

    person_id: int
    public_id: str
    name: str
    email: str | None
    entrusted: bool
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    rings: bool
    roles: frozenset[str]


# Asked at every request of somebody who is signed in; a row for each role.
_SIGN_IN = (
    select(
        Person.id,
        Person.public_id,
        Person.name,
        Person.email,
        Person.entrusted,
        SignInSession.made_at,
        SignInSession.seen_at,
        SignInSession.ends_at,
        SignInSession.rings,
        RoleGrant.role,
    )
    .select_from(SignInSession)
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(SignInSession.fingerprint == bindparam("fingerprint"), Person.disabled_at.is_(None))
    .order_by(RoleGrant.role)
)


@lru_cache(maxsize=2)
def _sign_in(database: str) -> Statement:
    return Statement(_SIGN_IN, database)


def sign_in(connection: Connection, token: str) -> Known | None:
    """The sign-in session behind a token, alive or not, unless the person is disabled."""
    asked = _sign_in(connection.dialect.name)
    rows = asked.rows(connection, {"fingerprint": tokens.fingerprint(token)})
    if not rows:
        return None
    roles = frozenset(row[-1] for row in rows if row[-1] is not None)
    return Known(*[*rows[0][:-1], roles])


def roles_of(db: Session, person_id: int) -> frozenset[str]:
    """The roles of a person for the whole installation."""
    return frozenset(db.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id)))


def person_by_email(db: Session, email: str) -> Person | None:
    """The person with this address."""
    return db.scalar(select(Person).where(Person.email == email.lower()))


def live_link(db: Session, key: str, *, now: datetime) -> SignInLink:
    """The unused, unexpired link of a key; LinkWornOut otherwise."""
    link = db.scalar(select(SignInLink).where(SignInLink.fingerprint == tokens.fingerprint(key)))
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkWornOut
    return link


def demo_people(db: Session) -> list[Person]:
    """The made-up accounts of the demo, in the order they were made."""
    return list(db.scalars(select(Person).where(Person.is_demo).order_by(Person.id)))


def person_count(db: Session) -> int:
    """How many persons we hold anything on."""
    return db.scalar(select(func.count()).select_from(Person)) or 0


def is_suppressed(db: Session, hmac: str) -> bool:
    """Whether nobody may call the number with this key."""
    return db.scalar(select(Suppression.id).where(Suppression.hmac == hmac)) is not None


def unknown_suppressions(db: Session, hmacs: Sequence[str]) -> set[str]:
    """Those of these keys that stand on no do-not-call list here."""
    missing = set(hmacs)
    for start in range(0, len(hmacs), MANY):
        these = Suppression.hmac.in_(hmacs[start : start + MANY])
        missing -= set(db.scalars(select(Suppression.hmac).where(these)))
    return missing


def addresses_held(db: Session) -> list[str]:
    """Every mail address that any room holds, in small letters."""
    return sorted({address.lower() for address in _all_of(db, {"email"})})


def numbers_held(db: Session) -> list[str]:
    """Every telephone number that any room holds."""
    return sorted({number for number in _all_of(db, {"phone", "e164"}) if number.startswith("+")})


def _all_of(db: Session, names: set[str]) -> Iterator[str]:
    """What stands in the columns of these names, in the tables of all rooms."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in names:
                yield from db.scalars(select(column).where(column.is_not(None)).distinct())
