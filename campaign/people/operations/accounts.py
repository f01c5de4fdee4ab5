"""What is written about persons: accounts, sign-in, roles, numbers, do-not-call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock, journal, phone, signals, tokens
from campaign.foundation.database import is_postgresql
from campaign.people import queries
from campaign.people.models import (
    Person,
    PhoneNumber,
    RoleGrant,
    SignInLink,
    SignInSession,
    Suppression,
)
from campaign.people.rules import LINK_LASTS, LinkWornOut, Role, lifetimes


def insert_or_leave(db: Session, table: type, **values: Any) -> None:
    """Insert a row unless a unique constraint already has it."""
    dialect = postgresql if is_postgresql(db) else sqlite
    db.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def meet(
    db: Session,
    *,
    email: str,
    name: str,
    phone_e164: str | None = None,
    postcode: str | None = None,
) -> Person:
    """The person with this address, made now if there is none.

    What is already known of a person is never overwritten: anybody can type an address.
    """
    email = email.lower()
    insert_or_leave(
        db,
        Person,
        public_id=tokens.public_id(),
        name=name,
        email=email,
        phone=phone_e164,
        postcode=postcode,
        entrusted=False,
        is_demo=False,
        made_at=clock.now(),
    )
    return db.scalars(select(Person).where(Person.email == email)).one()


def note_person(db: Session, *, name: str, phone_e164: str | None = None) -> Person:
    """A person of whom we hold no more than a name, and perhaps a number, for a roster."""
    person = Person(name=name, email=None, phone=phone_e164, made_at=clock.now())
    db.add(person)
    db.flush()
    return person


def rename(db: Session, *, person: Person, name: str) -> None:
    """A person says what they are called."""
    person.name = name
    audit.append(
        db, "person renamed", subject=f"person:{person.id}", actor_id=person.id, details=["name"]
    )
    db.flush()


def write_link(db: Session, *, email: str, next_path: str | None = None) -> str:
    """Make a sign-in link for an address, ten minutes, one use; answers its key."""
    key = tokens.secret()
    now = clock.now()
    db.add(
        SignInLink(
            fingerprint=tokens.fingerprint(key),
            email=email.lower(),
            next_path=next_path,
            made_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    db.flush()
    return key


def use_link(db: Session, *, key: str) -> tuple[Person, str, str | None]:
    """Use a sign-in link up: the person, the token of a new sign-in, and where to go next.

    An address we did not know becomes an account now, by its owner's own act. LinkWornOut where
    the link was used, also by another request at this very moment.
    """
    now = clock.now()
    link = queries.live_link(db, key, now=now)
    used = db.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkWornOut
    person = meet(db, email=link.email, name=link.email.partition("@")[0])
    if person.disabled_at is not None:
        raise LinkWornOut
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now
    return person, open_sign_in(db, person=person), link.next_path


def open_sign_in(db: Session, *, person: Person) -> str:
    """Sign a device in; answers the token that its cookie will carry."""
    token = tokens.secret()
    now = clock.now()
    _, in_all = lifetimes(entrusted=person.entrusted)
    db.add(
        SignInSession(
            fingerprint=tokens.fingerprint(token),
            person_id=person.id,
            made_at=now,
            seen_at=now,
            ends_at=now + in_all,
        )
    )
    audit.append(db, "signed in", subject=f"person:{person.id}", actor_id=person.id)
    db.flush()
    signals.signed_in.send(db, person_id=person.id)
    return token


def touch_sign_in(db: Session, *, token: str) -> None:
    """Note that a device was seen."""
    db.execute(
        update(SignInSession)
        .where(SignInSession.fingerprint == tokens.fingerprint(token))
        .values(seen_at=clock.now())
    )


def note_ringing(db: Session, *, token: str, now: datetime) -> None:
    """From now on this sign-in lasts as long as a caller's: numbers are shown in it."""
    _, in_all = lifetimes(entrusted=False, rings=True)
    mine = SignInSession.fingerprint == tokens.fingerprint(token)
    sooner = case((SignInSession.ends_at < now + in_all, SignInSession.ends_at), else_=now + in_all)
    db.execute(
        update(SignInSession)
        .where(mine, SignInSession.rings.is_(False))
        .values(rings=True, ends_at=sooner)
        .execution_options(synchronize_session=False)
    )


def close_sign_in(db: Session, *, token: str, person_id: int) -> None:
    """Sign a device out: a copied cookie is dead with it."""
    db.execute(delete(SignInSession).where(SignInSession.fingerprint == tokens.fingerprint(token)))
    audit.append(db, "signed out", subject=f"person:{person_id}", actor_id=person_id)


def grant(db: Session, *, person: Person, role: Role, actor_id: int | None = None) -> None:
    """Give a role for the whole installation; signs the person out everywhere."""
    insert_or_leave(db, RoleGrant, person_id=person.id, role=role.value)
    entrust(db, person_id=person.id)
    audit.append(
        db, "role granted", subject=f"person:{person.id}", actor_id=actor_id, details=[role.value]
    )


def entrust(db: Session, *, person_id: int) -> None:
    """From now on this person sees other people's data: sign-ins are shorter.

    Open sign-ins of somebody who was not entrusted before are ended, so that the cookie rotates;
    the one who acts for themself (founding a group) keeps theirs with the shorter life.
    """
    now = clock.now()
    _, in_all = lifetimes(entrusted=True)
    db.execute(update(Person).where(Person.id == person_id).values(entrusted=True))
    db.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.ends_at > now + in_all)
        .values(ends_at=now + in_all)
    )
    signals.standing_changed.send(db, person_id=person_id)


def know_number(db: Session, *, number: phone.Number, key: str) -> PhoneNumber:
    """The row of a telephone number, made now if there is none."""
    insert_or_leave(
        db,
        PhoneNumber,
        e164=number.e164,
        hmac=phone.hmac_key(number.e164, key.encode()),
        kind=number.kind,
        state="ok",
        fictitious=number.fictitious,
        time_zone=phone.time_zone(number.e164),
    )
    return db.scalars(select(PhoneNumber).where(PhoneNumber.e164 == number.e164)).one()


def suppress(
    db: Session, *, hmac: str, reason: str, source: str, actor_id: int | None = None
) -> None:
    """Nobody may call this number any more, from any phonebank, at once.

    Never refused and idempotent: the first reason stands. The rooms above void claims in flight.
    """
    now = clock.now()
    known = select(Suppression.id).where(Suppression.hmac == hmac)
    new = select(literal(hmac)).where(~known.exists())
    journal.note_suppressed(db, new, reason=reason, source=source, now=now)
    insert_or_leave(
        db,
        Suppression,
        hmac=hmac,
        reason=reason,
        source=source,
        made_at=now,
        made_by=actor_id,
    )
    # A part of the key is enough to find the row, and says nothing about the number.
    audit.append(
        db, "suppressed", subject=f"number:{hmac[:16]}", actor_id=actor_id, details=[reason, source]
    )
    signals.numbers_suppressed.send(db, hmacs=[hmac])
