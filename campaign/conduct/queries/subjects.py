"""Who stands behind a thing that was reported: asked of the room that owns it.

Those rooms are above this one; the registry makes them known by the kind of thing.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaign.conduct.rules.subjects import Behind

Look = Callable[[Session, str], Behind | None]
_rooms: dict[str, Look] = {}


def know(kind: str, look: Look) -> None:
    """From now on this is how a thing of that kind is looked up."""
    _rooms[kind] = look


def behind(db: Session, kind: str, public_id: str) -> Behind | None:
    """What it is and who stands behind it; None for what nobody knows, or is there no more."""
    look = _rooms.get(kind)
    return look(db, public_id) if look is not None else None
