"""What phones, the screen and the desk ask every few seconds: has anything changed?"""

from __future__ import annotations

import hashlib
import time
from threading import Lock

from flask import Blueprint, Response, jsonify, make_response, request

from campaign.foundation import clock, web
from campaign.meetups import access
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.queries import rooms, sheets, tables, wall
from campaign.meetups.routes.here import known_here
from campaign.meetups.rules.phases import Phase

KEPT_S = 0.5
MOST_KEPT = 64
_kept: dict[tuple[int, str], tuple[float, int]] = {}
_lock = Lock()


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/state")(state)


@web.public
def state(code: str) -> Response:
    """304 when nothing has changed since version ``v``, otherwise what the room is."""
    seen = request.args.get("v", "")
    if seen.isdigit() and seen == str(_version(code)):
        return make_response("", 304)
    meetup, batch = access.meetup_by_code(web.db(), code)
    person = known_here(batch)
    answer = jsonify(_told(meetup, batch, person))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _version(code: str) -> int | None:
    """The room's version, at most half a second old: a thousand phones cost two reads a second."""
    key, now = (id(web.house().database), code), time.monotonic()
    with _lock:
        kept = _kept.get(key)
    if kept is not None and now - kept[0] < KEPT_S:
        return kept[1]
    version = rooms.version_of(web.db(), code)
    if version is not None:
        with _lock:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = (now, version)
    return version


def _told(meetup: Meetup, batch: Batch, person: Participant | None) -> dict[str, object]:
    counts = rooms.counts(web.db(), meetup, batch)
    talks = batch.phase == Phase.STRATEGY
    table = (person.strategy if talks else person.breakout) if person else None
    return {
        "version": str(batch.version),
        "phase": batch.phase,
        "ends_at": batch.ends_at.isoformat() if batch.ends_at else None,
        "now": clock.now().isoformat(),
        "page": _page_key(batch, person),
        "you": {
            "number": person.number,
            "table": table.number if table else None,
            "colour": table.colour if table else None,
        }
        if person
        else None,
        "counts": {
            "here": counts.here,
            "expected": counts.expected,
            "hands": counts.hands,
            "committed": counts.committed,
            "published": counts.published,
        },
    }


def _page_key(batch: Batch, person: Participant | None) -> str:
    """Changes when this phone's page would look different, not when only a count has moved."""
    parts: list[object] = [batch.phase, batch.ends_at, batch.paused_left]
    if person is not None:
        parts += [person.breakout_id, person.convenes, person.willing]
        parts += [person.strategy_id, person.leads, person.is_new, person.came_with]
        asked = tables.asked_to_host(web.db(), person.id)
        parts.append(asked and asked.card.public_id)
        parts += _talked(batch, person)
        if batch.phase == Phase.LOCAL and person.breakout_id:
            cards = tables.cards_of_table(web.db(), person.breakout_id)
            parts += [(c.facts, c.card.venue, [p.id for p in c.coming]) for c in cards]
            parts += [p.id for p in tables.members(web.db(), person.breakout_id)]
        if batch.phase == Phase.COMMIT:
            entries = wall.wall_for(web.db(), batch.id, person, now=clock.now())
            parts += [(e.card.id, e.need.words, e.mine) for e in entries]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _talked(batch: Batch, person: Participant) -> list[object]:
    """What a phone shows while the room talks about strategy, and while it reports back."""
    db = web.db()
    if batch.phase == Phase.STRATEGY and person.strategy_id:
        view = sheets.sheet_of(db, person.strategy_id)
        written = (
            [(p.proposal.text, p.hands, p.proposal.carrier_id) for p in view.proposals]
            if view
            else []
        )
        sheet = (view.sheet.recorder_id, view.sheet.worry, view.sheet.ask) if view else ()
        return [sheet, written, [p.id for p in sheets.at_table(db, person.strategy_id)]]
    if batch.phase == Phase.REPORT_BACK:
        mine = sheets.dotted_by(db, batch_id=batch.id, participant_id=person.id)
        return [mine, [(p.proposal.id, p.proposal.text) for p in sheets.proposals_of(db, batch.id)]]
    return []
