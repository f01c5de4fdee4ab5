"""What the present request stands on: the house, the visitor, the one database session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from flask import (
    current_app,
    g,
    request,
)
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from campaign.foundation import audit, security
from campaign.foundation.carriers import Carrier
from campaign.foundation.database import Database
from campaign.foundation.journal import Journal
from campaign.foundation.limits import Limit, Limits
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.foundation.web.marks import PUBLIC


class Visitor(Protocol):
    """Who stands at the door: a signed-in person, or nobody we know."""

    is_authenticated: bool
    person_id: int | None
    signed_in_at: datetime

    def has(self, standing: str) -> bool:
        """Whether this visitor has a standing for the whole installation."""


class Nobody(AnonymousUserMixin):
    """A visitor who has not signed in."""

    person_id: int | None = None
    name = ""

    def has(self, standing: str) -> bool:
        """Nobody has only what everybody has."""
        return standing == PUBLIC


@dataclass(frozen=True)
class House:
    """What one running application holds."""

    settings: Settings
    database: Database
    limits: Limits
    queue: Queue
    carrier: Carrier
    identify: Callable[[Connection, str], Any]
    touch: Callable[..., None]
    journal: Journal
    # The device that carries this key, where it was let in for what the address names.
    device_of: Callable[[Session, str, Mapping[str, Any]], Any]


def house() -> House:
    """What the running application holds."""
    return cast(House, current_app.extensions["campaign"])


def settings() -> Settings:
    """The settings of the running application."""
    return house().settings


def visitor() -> Any:
    """Who is asking."""
    return current_user


def device() -> Any:
    """The device that asks, where this door is one for devices and it was let in; or None."""
    return g.get("device")


def db() -> Session:
    """The session of this request: it writes for unsafe methods and only reads otherwise."""
    if "db" not in g:
        g.db = house().database.session(write=request.method not in security.SAFE_METHODS)
    return cast(Session, g.db)


def limit(what: Limit, who: str) -> None:
    """Count towards a limit of a person; call it before the first use of ``db()``."""
    if "db" in g:
        raise RuntimeError("count limits before the transaction of the request begins")
    house().limits.hit(what, who)


def limit_of_person(what: Limit) -> None:
    """Count towards a limit of the person who is signed in, by their account.

    Who has a role for the whole installation may do more.
    """
    person = visitor()
    limit(what.for_wide_standing() if person.roles else what, f"person:{person.person_id}")


def limit_address(what: Limit) -> None:
    """Count towards forty times that limit for the network address."""
    limit(what.for_address(), security.address())


def note(action: str, *, subject: str, details: Iterable[str] = ()) -> None:
    """Write into the audit log what the visitor has looked at, fetched or was refused.

    The session of such a request is rolled back, so the row has a short transaction of its own.
    """
    with house().database.unit_of_work() as session:
        audit.append(
            session, action, subject=subject, actor_id=visitor().person_id, details=details
        )


def undo() -> None:
    """Give up what this request has written; the next ``db()`` begins anew."""
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.rollback()
        session.close()
