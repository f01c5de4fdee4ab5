"""Looking persons, sign-ins and the do-not-call list up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.people.models import Person, RoleGrant, SignInLink, SignInSession, Suppression
from campaign.people.rules import LinkWornOut


@dataclass(frozen=True)
class Known:
    """A live sign-in and whose it is."""

    token: str
    person: Person
    roles: frozenset[str]
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


# Asked at every request of somebody who is signed in; a row for each role.
_SIGN_IN = (
    select(SignInSession, Person, RoleGrant.role)
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(SignInSession.fingerprint == bindparam("fingerprint"), Person.disabled_at.is_(None))
    .order_by(RoleGrant.role)
)


def sign_in(db: Session, token: str) -> Known | None:
    """The sign-in session behind a token, alive or not, unless the person is disabled."""
    rows = db.execute(_SIGN_IN, {"fingerprint": tokens.fingerprint(token)}).all()
    if not rows:
        return None
    held, person, _ = rows[0]
    roles = frozenset(row[2] for row in rows if row[2] is not None)
    return Known(token, person, roles, held.made_at, held.seen_at, held.ends_at)


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
