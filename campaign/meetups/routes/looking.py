"""Looking at a room: read once for each of its changes, and at most so many times a second.

Every phone is answered from that, before any look into the database. A phone that has seen a newer
version than this process knows makes it look again at once: whoever wrote through another process
sees what they wrote.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import WeakKeyDictionary

from campaign.foundation import tokens, web
from campaign.foundation.database import Database
from campaign.meetups import access
from campaign.meetups.queries import rooms
from campaign.meetups.queries.glances import Glance, glance_at
from campaign.meetups.queries.parts import Seen

# So long a version is believed, and so long a room whose version stays: what was changed from
# outside the room, such as a sign-up that was cancelled on its own page, is seen then.
KEPT_S, PATIENT_S, READ_AGAIN_S = 0.5, 2.0, 15.0
# What all pages show, the wall, is followed no faster than all phones hear of it (one round of
# asking) and have loaded it: a tap changes it for a thousand phones.
ROUND_S = 4.0
MOST_KEPT = 64


@dataclass
class Shelf:
    """The rooms that this process has looked at, each with when, and when its version was."""

    rooms: dict[str, tuple[Glance, float, float]] = field(default_factory=dict)
    shared_until: dict[str, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_shelves: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()


def look(code: str, newest: int = 0) -> Glance:
    """The room, at most half a second old and no older than version ``newest``."""
    if not access.CODE.fullmatch(code):
        raise access.no_meetup()
    shelf, now = _shelf(), time.monotonic()
    if (held := _held(shelf, code, newest, now, KEPT_S)) is not None:
        return held
    # While another looks, whoever can do with what stood here a moment ago does not wait.
    stale = _held(shelf, code, newest, now, PATIENT_S)
    if not shelf.lock.acquire(blocking=stale is None) and stale is not None:
        return stale
    try:
        # Whoever waited here finds what another has read meanwhile.
        held = _held(shelf, code, newest, time.monotonic(), KEPT_S)
        return held if held is not None else _read(shelf, code)
    finally:
        shelf.lock.release()


def known(database: Database, code: str, newest: int, now: float) -> Glance | None:
    """The room where this process has looked a moment ago; nothing is asked of the database."""
    shelf = _shelves.get(database)
    return _held(shelf, code, newest, now, KEPT_S) if shelf else None


def is_same(room: Glance, phone: Seen | None, *, newest: str, shows: str | None) -> bool:
    """Whether a phone that has seen this version, with a page that looks so, need hear nothing.

    The projector and the desk name no page: they hear of every change.
    """
    same = room.looks_like(shows, phone) if shows else newest == str(room.version)
    return same and int(newest) <= room.version


def at_version(code: str, version: int) -> Glance | None:
    """The room at exactly this version, where this process knows without looking."""
    held = _shelf().rooms.get(code)
    return held[0] if held is not None and held[0].version == version else None


def phone_of(room: Glance, key: str | None) -> Seen | None:
    """Whose phone carries this key."""
    return room.phones.get(tokens.fingerprint(key)) if key else None


def _shelf() -> Shelf:
    return _shelves.setdefault(web.house().database, Shelf())


def _held(shelf: Shelf, code: str, newest: int, now: float, within: float) -> Glance | None:
    held = shelf.rooms.get(code)
    if held is None or now - held[2] >= within or held[0].version < newest:
        return None
    return held[0]


def _read(shelf: Shelf, code: str) -> Glance:
    held, now = shelf.rooms.get(code), time.monotonic()
    with web.house().database.reading() as db:
        recent = held is not None and now - held[1] < READ_AGAIN_S
        if held and recent and rooms.version_of(db, code) == held[0].version:
            shelf.rooms[code] = (held[0], held[1], now)
            return held[0]
        found = glance_at(db, code)
    if found is None:
        raise access.no_meetup()
    if len(shelf.rooms) >= MOST_KEPT:
        shelf.rooms.clear()
    if held and found.shared.looks and now < shelf.shared_until.get(code, 0.0):
        found = replace(found, shared=held[0].shared)
    else:
        shelf.shared_until[code] = now + ROUND_S + found.spread_s
    shelf.rooms[code] = (found, now, now)
    return found
