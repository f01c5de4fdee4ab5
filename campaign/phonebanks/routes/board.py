"""The lead's board: who is here, who waits for a lead, who is left and why."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, flash, request, url_for
from markupsafe import Markup

from campaign.events.models import Event
from campaign.foundation import clock, web
from campaign.foundation.words import human_day
from campaign.phonebanks import access, adapters
from campaign.phonebanks.forms.helping import LineForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import taking_back
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.operations.helping import proposed
from campaign.phonebanks.queries import board, helping, screening, shifts
from campaign.phonebanks.queries.board import Present
from campaign.phonebanks.queries.remembered import outcomes_lately, reasons_lately
from campaign.phonebanks.routes import reviews
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.claims import is_over
from campaign.phonebanks.rules.wording import REASONS

TAKEN = "Taken back. What they said on the phone can still be noted."
NOT_HELD = "Nobody holds this person any more: the call is over. Nothing was changed."


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/lead")(lead)
    blueprint.post("/phonebanks/<public_id>/claims/<claim_id>/take-back")(take_back)


# Who may need something stands first; the others are one tap away.
SHOWN_FIRST = 15
PARTS = {"now": "phonebanks/_board_now.html", "rest": "phonebanks/_board_rest.html"}


@web.needs(web.SIGNED_IN)
def lead(public_id: str) -> Response:
    """The board. htmx asks for what moves every few seconds, and for who is left each minute."""
    phonebank = access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)
    part = PARTS.get(request.args.get("part", "")) if web.is_fragment() else None
    if part is None:
        return board_page(phonebank, LineForm(formdata=None))
    counts = _now if request.args["part"] == "now" else _rest
    return web.page(part, phonebank=phonebank, **counts(phonebank))


def board_page(phonebank: Phonebank, form: LineForm) -> Response:
    """The whole of it."""
    may_export = access.may_export(web.db(), phonebank, web.visitor().person_id)
    running = shifts.running_events(web.db(), phonebank.id, now=clock.now())
    return web.page(
        "phonebanks/_board.html" if web.is_fragment() else "phonebanks/lead.html",
        form.code,
        phonebank=phonebank,
        form=form,
        may_export=may_export,
        running=[(event, _door_code(phonebank, event)) for event in running],
        **_now(phonebank),
        **_rest(phonebank),
    )


def _door_code(phonebank: Phonebank, event: Event) -> Markup:
    """A code that leads to the door of a session: who scans it signs in, and knocks."""
    path = url_for("phonebanks.shift", public_id=phonebank.public_id, event_id=event.public_id)
    made = segno.make(f"{web.settings().base_url}{path}", error="m", micro=False)
    drawn = made.svg_inline(border=2, light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 (segno draws it out of our own address)


@web.needs(web.SIGNED_IN)
def take_back(public_id: str, claim_id: str) -> Response:
    """Whoever holds this person holds them no more."""
    actor_id = web.visitor().person_id
    phonebank, call = access.claim_to_take_back(web.db(), public_id, claim_id, actor_id)
    taken = taking_back.take_back(
        web.db(), phonebank=phonebank, call=call, actor_id=actor_id, now=clock.now()
    )
    flash(TAKEN if taken else NOT_HELD, "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


def _now(phonebank: Phonebank) -> dict[str, Any]:
    """What moves: who is here and does what, who waits for a lead, the line on the screens."""
    now = clock.now()
    midnight = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = board.present(web.db(), phonebank.id, now=now)
    return {
        "callers": lines,
        "most": len(lines) if request.args.get("all") else SHOWN_FIRST,
        "show_all": bool(request.args.get("all")),
        "proposed": {line.person_id: _partner_of(line, lines) for line in lines if line.is_new},
        "today": board.day_so_far(web.db(), phonebank.id, since=midnight),
        "helps": helping.queue_of(web.db(), phonebank.id, now=now),
        "due": [
            one
            for one in shifts.due(web.db(), phonebank.id, now=now)
            if one.person_id not in {line.person_id for line in lines}
        ],
        "line": helping.line_of(web.db(), phonebank.id),
        "managers": board.managers(web.db(), phonebank),
        "removed": board.removed(web.db(), phonebank.id),
        "quality": reviews.on_the_board(phonebank),
        "now": now,
        "over": is_over(phonebank.status, closes_at=phonebank.closes_at, now=now),
    }


def _partner_of(newcomer: Present, lines: list[Present]) -> str:
    """The first name of who would sit with a newcomer; empty where nobody experienced is here."""
    wanted = proposed(newcomer.person_id, lines)
    return next((one.name.split(" ")[0] for one in lines if one.person_id == wanted), "")


def _rest(phonebank: Phonebank) -> dict[str, Any]:
    """What changes by and by: who is left and why, how calls ended."""
    now = clock.now()
    found = reasons_lately(web.db(), phonebank, moment_of(phonebank, now=now))
    reasons = [
        (words, css, found[name]) for name, (words, css) in REASONS.items() if found.get(name)
    ]
    bars, start = [], 0
    for words, css, count in reasons:
        bars.append((words, css.replace("k", "r"), start, count))
        start += count
    return {
        "reasons": reasons,
        "bars": bars,
        "total": start,
        "ready": found.get("ready", 0),
        "tps": screening.tps_warning(web.db(), phonebank.id, now=now),
        "day": lambda at: human_day(at.astimezone(LONDON).date()),
        "languages": board.languages_needed(web.db(), phonebank.id),
        "ended": [
            (adapters.outcomes()[code].label, count)
            for code, count in outcomes_lately(web.db(), phonebank.id)
        ],
    }
