"""Who is behind a cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.people import queries
from campaign.people.models import Person
from campaign.people.rules import SEEN_EVERY, is_alive, lifetimes


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):
    """A signed-in person, as plain values that outlive any session."""

    token: str
    person_id: int
    public_id: str
    name: str
    email: str
    roles: frozenset[str]
    signed_in_at: datetime
    # Whether it is a minute ago that we noted having seen this device.
    to_be_noted: bool

    def get_id(self) -> str:
        """Flask-Login's alternative token: the key of the sign-in row, never the person's id."""
        return self.token

    def has(self, standing: str) -> bool:
        """Whether the person has a role for the whole installation."""
        return standing in self.roles


def myself(db: Session, person_id: int) -> Person:
    """The person who is asking."""
    return db.get_one(Person, person_id)


def identify(connection: Connection, token: str) -> SignedIn | None:
    """The person whose live sign-in this token is."""
    now = clock.now()
    known = queries.sign_in(connection, token)
    if known is None:
        return None
    idle, _ = lifetimes(entrusted=known.entrusted, rings=known.rings)
    if not is_alive(seen_at=known.seen_at, ends_at=known.ends_at, idle=idle, now=now):
        return None
    return SignedIn(
        token=token,
        person_id=known.person_id,
        public_id=known.public_id,
        name=known.name,
        email=known.email or "",
        roles=known.roles,
        signed_in_at=known.made_at,
        to_be_noted=now - known.seen_at > SEEN_EVERY,
    )
