"""Who is asking, by the cookie of their phone; and the page that fits the moment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Response, request

from campaign.events.messages import Mail
from campaign.foundation import clock, web
from campaign.foundation.letters import LetterWriter
from campaign.foundation.limits import Limit
from campaign.foundation.security import is_hall
from campaign.foundation.web.state import undo
from campaign.meetups import access
from campaign.meetups.models import Batch, Breakout, Meetup, Participant
from campaign.meetups.operations import returning, tapping
from campaign.meetups.queries import rooms
from campaign.meetups.routes.looking import at_version, phone_of
from campaign.meetups.rules.phases import Phase

COOKIE = "meetup"
MARK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LASTS = 24 * 3600
# A yes sends a letter to an address that somebody typed: no phone sends many.
YESES = Limit("meetup yes", 60, 3600)


@dataclass(frozen=True)
class Here:
    """A phone in a room."""

    meetup: Meetup
    batch: Batch
    person: Participant
    table: Breakout | None

    @property
    def code(self) -> str:
        """The six letters."""
        return self.meetup.code

    @property
    def is_over(self) -> bool:
        """Whether the evening has ended."""
        return self.batch.phase == Phase.OVER


class ArrivedBefore(Exception):
    """The same tap once more: its answer was lost on the way, and it was done already."""


def here(code: str) -> Here:
    """The phone's own place in the room; NotAllowed where it has not joined.

    ArrivedBefore where the phone sends a tap again that was done already.
    """
    meetup, batch = access.meetup_by_code(web.db(), code)
    person = access.participant_here(web.db(), batch, request.cookies.get(COOKIE))
    mark = request.form.get("tap_mark", "") if request.method == "POST" else ""
    if MARK.fullmatch(mark):
        first = tapping.note_tap(web.db(), person=person, mark=mark, now=clock.now())
        if not first:
            raise ArrivedBefore
    if request.method == "POST":
        returning.note_back(web.db(), batch=batch, person=person)
    return Here(meetup, batch, person, person.breakout)


def anew(code: str) -> Here:
    """The same after a refusal: what was half done is undone, so a page shows what is kept."""
    undo()
    return here(code)


def count_yes() -> None:
    """Count a yes or a no of this phone; before the first look into the database."""
    visitor = web.visitor()
    desk = f"person:{visitor.person_id}" if visitor.is_authenticated else ""
    web.limit(YESES, request.cookies.get(COOKIE) or desk)


def known_here(batch: Batch) -> Participant | None:
    """Whose phone this is, if it has joined."""
    key = request.cookies.get(COOKIE)
    return rooms.participant_by_key(web.db(), batch_id=batch.id, key=key) if key else None


def remember(response: Response, code: str, key: str) -> Response:
    """Give the phone its cookie: sent back to this meetup's pages alone."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=LASTS,
        path=f"/m/{code}",
        secure=web.settings().secure and not is_hall(request),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response, code: str) -> Response:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=f"/m/{code}")
    return response


def page(template: str, code: int, at: Here, /, **values: object) -> Response:
    """A page of the room, never kept by a browser: a phone is handed round."""
    answer = web.page(
        template,
        code,
        meetup=at.meetup,
        batch=at.batch,
        me=at.person,
        table=at.table,
        now=clock.now(),
        page_key=_page_key(at),
        **values,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page_key(at: Here) -> str:
    """What the page looks like, where this process knows it of the version that is shown."""
    room = at_version(at.code, at.batch.version)
    phone = phone_of(room, request.cookies.get(COOKIE)) if room else None
    return room.page_key(phone) if room and phone else ""


def mail() -> Mail:
    """How this installation writes letters."""
    settings = web.settings()
    return Mail(LetterWriter(settings), settings.base_url)
