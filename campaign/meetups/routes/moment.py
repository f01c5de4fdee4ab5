"""The page that fits the moment: what a phone shows now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from campaign.foundation import clock, web
from campaign.meetups.models import Breakout, Participant, Recap
from campaign.meetups.queries import marks, people, rooms, sheets, tables, wall
from campaign.meetups.routes.here import (
    COOKIE,
    Here,
    page,
)
from campaign.meetups.routes.looking import at_version
from campaign.meetups.rules.cards import target_hosts
from campaign.meetups.rules.floor import area_of, areas_of
from campaign.meetups.rules.phases import NAMES, Phase, has_strategy, plan
from campaign.meetups.rules.sheets import grouped, question_of, shuffled
from campaign.meetups.rules.words import words_of

TEMPLATES = {
    Phase.DOORS: "meetups/doors.html",
    Phase.PLENARY: "meetups/plenary.html",
    Phase.STRATEGY: "meetups/strategy_sign.html",
    Phase.REPORT_BACK: "meetups/report_back.html",
    Phase.ASK: "meetups/ask.html",
    Phase.LOCAL: "meetups/table_sign.html",
    Phase.COMMIT: "meetups/wall.html",
    Phase.CLOSE: "meetups/thanks.html",
    Phase.OVER: "meetups/thanks.html",
}


def moment(at: Here, code: int = 200, /, **values: Any) -> Response:
    """What this phone shows now."""
    open_to_ask = code == 200 and not at.is_over
    asked = tables.asked_to_host(web.db(), at.person.id) if open_to_ask else None
    if asked is not None:
        return web.see_other("meetups.host", code=at.code, card=asked.card.public_id)
    phase = Phase(at.batch.phase)
    template = TEMPLATES[phase]
    seatless = phase is Phase.STRATEGY and at.person.strategy is None
    if seatless or (phase is Phase.LOCAL and at.table is None):
        template = "meetups/doors.html"
    return page(template, code, at, **_told(at, phase), **values)


def _told(at: Here, phase: Phase) -> dict[str, Any]:
    """What each page is filled with: nothing it does not show."""
    room = at_version(at.code, at.batch.version)
    counts = room.counts if room else rooms.counts(web.db(), at.meetup, at.batch)
    told: dict[str, Any] = {"counts": counts, "target": target_hosts(counts.here), "agenda": ()}
    told["mixes"] = phase is Phase.DOORS and has_strategy(at.meetup.preset)
    if phase is Phase.DOORS:
        told["choosing"] = at.meetup.topics
        told["words"] = words_of(request.cookies.get(COOKIE, ""))
    if phase is Phase.PLENARY:
        told["choosing"] = at.meetup.topics
        told["agenda"] = [
            (NAMES[step.phase], step.minutes) for step in plan(at.meetup.preset)[1:-1]
        ]
    if phase in (Phase.REPORT_BACK, Phase.ASK, Phase.COMMIT):
        told["beside"] = people.without_phone_beside(web.db(), at.batch, at.person)
    return told | _at_tables(at, phase)


def _at_tables(at: Here, phase: Phase) -> dict[str, Any]:
    """Who sits with one, what the tables wrote, and what one can take."""
    db, now = web.db(), clock.now()
    if phase is Phase.STRATEGY and at.person.strategy is not None:
        return {
            "sits_at": at.person.strategy,
            "question": question_of(at.meetup.question, at.person.strategy.topic),
            **_sits(at, at.person.strategy, sheets.at_table(db, at.person.strategy.id)),
        }
    if phase is Phase.REPORT_BACK:
        return _ideas(at)
    if phase is Phase.LOCAL and at.table is not None:
        return _sits(at, at.table, tables.members(db, at.table.id))
    if phase is Phase.COMMIT:
        return {"entries": wall.wall_for(db, at.batch.id, at.person, now=now)}
    if phase in (Phase.CLOSE, Phase.OVER):
        everything = wall.wall_for(db, at.batch.id, at.person, now=now)
        return {
            "recap": db.get(Recap, at.batch.id),
            "entries": [entry for entry in everything if entry.mine or entry.hosting],
            "near": wall.three_near(everything),
        }
    return {}


def _sits(at: Here, table: Breakout, members: Sequence[Participant]) -> dict[str, Any]:
    """Who sits at a table and where it stands; by name where both agreed to that."""
    me = at.person
    return {
        "members": members,
        "stands": area_of(areas_of(at.meetup.floor), table.number),
        "met": marks.told_to(web.db(), at.meetup.id, needs=me.needs, table=table),
        "named": [
            people.name_for(me, one)
            for one in members
            if one.id != me.id and me.shows_name and one.shows_name
        ],
    }


def _ideas(at: Here) -> dict[str, Any]:
    """The room's ideas in this phone's own order, and those that have its dots."""
    ideas = sheets.proposals_of(web.db(), at.batch.id)
    by_table = sorted(ideas, key=lambda view: (view.table, view.proposal.position))
    ideas = shuffled(by_table, seed=at.meetup.seed, number=at.person.number)
    return {
        "ideas": ideas,
        "groups": grouped(ideas, key=lambda view: view.topic),
        "mine": sheets.dotted_by(web.db(), batch_id=at.batch.id, participant_id=at.person.id),
    }
