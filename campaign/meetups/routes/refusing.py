"""What a phone in a hall is told when something was refused: it stays on its own page."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from campaign.foundation import web
from campaign.foundation.errors import DomainError, TooOften
from campaign.foundation.web.refusals import refuse
from campaign.foundation.web.state import undo
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.queries import rooms
from campaign.meetups.routes.here import ArrivedBefore, Here, known_here
from campaign.meetups.routes.moment import moment
from campaign.meetups.routes.outside import held_out, out_page, unknown
from campaign.meetups.routes.table import table_page

# Pages of a phone. The desk and the screen answer like any other page of the house.
AT_TABLE = frozenset(
    {"table", "hold", "begin", "fill", "ask", "cohost", "coming", "helper", "keep"}
)
ELSEWHERE = frozenset(
    {
        *("join", "willing", "leave", "host", "take", "sheet", "write", "pen", "dots", "about"),
        *("you", "back", "tap_for", "tap", "topics", "vote", "propose", "move"),
    }
)

# What is refused to somebody who may press the button; to others there is no desk to lead to.
PRESSED_IN_VAIN = frozenset({400, 409, 422, 429})


def doors(blueprint: Blueprint) -> None:
    """Answer the refusals of this room's phones."""
    blueprint.register_error_handler(DomainError, said)
    blueprint.register_error_handler(ArrivedBefore, done_before)


def done_before(_: ArrivedBefore) -> Response:
    """A tap that comes again is answered as if it had been the first: the page as it is now."""
    name = (request.endpoint or "").rpartition(".")[2]
    where = "meetups.table" if name in AT_TABLE else "meetups.show"
    return web.see_other(where, code=(request.view_args or {})["code"])


def said(error: DomainError) -> ResponseReturnValue:
    """The phone's own page with the sentence and the status; JSON for who asks for JSON.

    A phone that has not joined is led to the way in. A page that is not there stays a page that
    is not there.
    """
    name = (request.endpoint or "").rpartition(".")[2]
    if name not in AT_TABLE | ELSEWHERE or web.wants_json() or error.status >= 500:
        _lead_back(error)
        return refuse(error)
    undo()
    meetup = rooms.meetup_by_code(web.db(), (request.view_args or {})["code"])
    if meetup is None:
        return refuse(error)
    batch = rooms.batch_of(web.db(), meetup)
    person = known_here(batch)
    looks = request.method == "GET"
    if person is None and looks:
        return web.see_other("meetups.show", code=meetup.code)
    if looks:
        return refuse(error)
    if person is None:
        return _with_pause(_way_in(meetup, batch, error), error)
    return _with_pause(_own_page(Here(meetup, batch, person, person.breakout), name, error), error)


def _lead_back(error: DomainError) -> None:
    """Who pressed a button of the desk, or of the door, gets back there with one more press."""
    if request.method != "POST" or error.steps or error.status not in PRESSED_IN_VAIN:
        return
    code = (request.view_args or {}).get("code")
    for part, words in (("desk", "Back to the desk"), ("door", "Back to the door")):
        if code and request.path.startswith(f"/m/{code}/{part}"):
            error.steps = ((url_for(f"meetups.{part}", code=code), words),)


def _way_in(meetup: Meetup, batch: Batch, error: DomainError) -> Response:
    """For a phone that is not in the room; one that was sent out reads why."""
    out = held_out(batch)
    if out is not None:
        return out_page(meetup, out, error.status)
    return unknown(meetup, batch, error.status, error.message)


def _own_page(at: Here, name: str, error: DomainError) -> Response:
    if name in AT_TABLE and at.table is not None and not at.is_over:
        card = (request.view_args or {}).get("card")
        return table_page(at, card, error.status, sentence=error.message)
    return moment(at, error.status, sentence=error.message)


def _with_pause(answer: Response, error: DomainError) -> Response:
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
