"""The calling screen in the state that the database says, or as a report that comes late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Response, url_for
from werkzeug.datastructures import MultiDict

from campaign.foundation import clock, web
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.phonebanks import access
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.queries.drafts import said_so_far
from campaign.phonebanks.queries.helping import word_for
from campaign.phonebanks.routes.again import sent_before, undoable_here
from campaign.phonebanks.routes.nobody import LONDON, nobody_page
from campaign.phonebanks.routes.own_screen import own_screen
from campaign.phonebanks.routes.screen.people import person_shown
from campaign.phonebanks.rules.own_screen import COUNTRIES, SIZES


@contextmanager
def or_its_page(public_id: str) -> Iterator[None]:
    """Whoever may not call here (any more) is led to the phonebank's page with its sessions."""
    try:
        yield
    except NotAllowed as refusal:
        page = url_for("phonebanks.show", public_id=public_id)
        refusal.steps = ((page, "Go to the phonebank’s page"),)
        raise


def screen(
    admission: access.Admission, code: int = 200, *, problem: str = "", sent: Any = None
) -> Response:
    """The calling screen in the state that the database says."""
    now = clock.now()
    held = board.held_claim(web.db(), web.visitor().person_id, now=now)
    if held is None or held.contact.phonebank_id != admission.phonebank.id:
        around = {**frame(admission, now), "undoable": undoable_here(admission.phonebank, now)}
        return nobody_page(admission, now, around, held=held)
    shown = held.call.revealed_at is not None
    said = said_so_far(web.db(), held.call)
    sent = sent or (MultiDict(said) if said else sent_before(held.call))
    return web.page(
        "phonebanks/talking.html" if shown else "phonebanks/claimed.html",
        code,
        problem=problem,
        sent=sent,
        state="is-talking" if shown else "is-claimed",
        undoable=None if shown else undoable_here(admission.phonebank, now),
        **person_shown(held, admission.phonebank, now, wanted=sent.get("callback_at", "")),
        **frame(admission, now),
    )


def late_report(
    admission: access.Admission,
    late: Held,
    code: int = 200,
    *,
    problem: str = "",
    sent: Any = None,
) -> Response:
    """The same questions for a call that is over and was not reported; its number is gone."""
    now = clock.now()
    sent = sent or MultiDict(said_so_far(web.db(), late.call))
    wanted = sent.get("callback_at", "")
    values = person_shown(late, admission.phonebank, now, wanted=wanted)
    return web.page(
        "phonebanks/talking.html",
        code,
        problem=problem,
        sent=sent,
        state="is-talking",
        **{**values, "number": None, "kept_until": ""},
        **frame(admission, now),
    )


def late_step(public_id: str) -> tuple[tuple[str, str], ...]:
    """Where somebody who is shut out notes a call that was over before they could say so."""
    try:
        access.call_to_report_late(web.db(), public_id, web.visitor().person_id, now=clock.now())
    except NotFound:
        return ()
    return ((url_for("phonebanks.late", public_id=public_id), "Note your last call"),)


def frame(admission: access.Admission, now: datetime) -> dict[str, Any]:
    """What stands around a call: the session, and what this caller has done today."""
    midnight = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    tally = board.tally(web.db(), web.visitor().person_id, since=midnight)
    session, phonebank = admission.session, admission.phonebank
    page = url_for("phonebanks.show", public_id=phonebank.public_id)
    return {
        "phonebank": phonebank,
        "leave_url": page,
        "help_url": page + "#help",
        "word": None
        if phonebank.is_practice
        else word_for(web.db(), phonebank.id, web.visitor().person_id, now=now),
        "contact_email": web.settings().contact_email,
        "rang_back_url": ""
        if phonebank.is_practice
        else url_for("phonebanks.rang_back", public_id=phonebank.public_id),
        "shift_name": phonebank.title,
        "until": f"{session.ends_at.astimezone(LONDON):%H:%M}" if session else "",
        "caller": (web.visitor().name or "").split(" ")[0],
        "own": own_screen(),
        "sizes": SIZES,
        "countries": COUNTRIES,
        "calls": tally.calls,
        "talks": tally.talks,
    }
