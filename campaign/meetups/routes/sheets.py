"""A strategy table's sheet, what helps to mix the tables, and the room's dots."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request

from campaign.foundation import clock, web
from campaign.foundation.errors import DomainError, Refused
from campaign.foundation.words import human_time
from campaign.meetups import forms
from campaign.meetups.operations import joining
from campaign.meetups.operations import sheets as writing
from campaign.meetups.queries import people, sheets
from campaign.meetups.queries.sheets import SheetView
from campaign.meetups.routes.here import Here, anew, here, page
from campaign.meetups.routes.moment import moment
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.sheets import (
    LONGEST,
    MOST_HANDS,
    PROPOSALS,
    Line,
    hands_of,
    position_of,
    question_of,
)

STEPS = [*map(str, range(1, PROPOSALS + 1)), "last"]


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/sheet")(sheet)
    blueprint.post("/m/<code>/sheet")(write)
    blueprint.post("/m/<code>/sheet/pen")(pen)
    blueprint.post("/m/<code>/dots")(dots)
    blueprint.post("/m/<code>/about")(about)


@web.public
def sheet(code: str) -> Response:
    """The table's sheet: written on one phone, read along on the others."""
    at = here(code)
    held = sheets.sheet_of(web.db(), at.person.strategy_id) if at.person.strategy_id else None
    if held is None or at.batch.phase != Phase.STRATEGY:
        return web.see_other("meetups.show", code=at.code)
    return sheet_page(at, held, forms.SheetForm(formdata=None))


def sheet_page(
    at: Here, held: SheetView, form: forms.SheetForm, code: int = 200, sentence: str = ""
) -> Response:
    """The sheet with one step open: the one asked for, otherwise the first that is blank."""
    written = {view.proposal.position: view for view in held.proposals}
    blank = next((step for step in STEPS[:-1] if int(step) not in written), "last")
    asked = request.values.get("step", "")
    return page(
        "meetups/sheet.html",
        code,
        at,
        held=held,
        written=written,
        step=asked if asked in STEPS else blank,
        steps=STEPS,
        form=form,
        writes=held.sheet.recorder_id == at.person.id,
        members=sheets.at_table(web.db(), held.table.id),
        question=question_of(at.meetup.question, held.table.topic),
        called=lambda one: people.name_for(at.person, one),
        most_hands=MOST_HANDS,
        longest=LONGEST,
        sentence=sentence,
        sits_at=held.table,
    )


@web.public
def write(code: str) -> Response:
    """Keep one step of the sheet; a page that saves by itself is answered with the time."""
    at = here(code)
    form = forms.SheetForm()
    if not form.validate():
        return _refused(at, form, next(iter(form.errors.values()))[0])
    try:
        step = _write(at, form)
    except DomainError as refusal:
        if web.wants_json():
            raise
        return _refused(at, form, refusal.message, refusal.status)
    if web.wants_json():
        return jsonify(saved=human_time(clock.now(), ZoneInfo(at.meetup.event.zone)))
    tapped = bool(request.form.get("tap"))
    following = step if tapped else STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]
    return web.see_other("meetups.sheet", code=at.code, step=following)


def _write(at: Here, form: forms.SheetForm) -> str:
    step = request.form.get("step", "")
    given: Any = {"batch": at.batch, "person": at.person, "now": clock.now()}
    if step == "last":
        writing.write_lines(web.db(), worry=form.worry.data or "", ask=form.ask.data or "", **given)
        return step
    typed = request.form
    hands = hands_of(
        typed.get("agree", ""),
        typed.get("unsure", ""),
        typed.get("against", ""),
        tapped=typed.get("tap", ""),
    )
    line = Line(form.text.data or "", hands, form.carrier.data)
    writing.write_proposal(web.db(), position=position_of(step), line=line, **given)
    return step


def _refused(at: Here, form: forms.SheetForm, sentence: str, code: int = 422) -> Response:
    """The same page with the sentence and what was typed; the room's own page elsewhere."""
    if web.wants_json():
        raise Refused(str(sentence))
    held = sheets.sheet_of(web.db(), at.person.strategy_id) if at.person.strategy_id else None
    if held is None or at.batch.phase != Phase.STRATEGY:
        return moment(at, code, sentence=sentence)
    return sheet_page(at, held, form, code, sentence)


@web.public
def pen(code: str) -> Response:
    """Write for the table, or hand the pen over."""
    at = here(code)
    if request.form.get("answer") == "no":
        writing.lay_pen_down(web.db(), batch=at.batch, person=at.person)
    else:
        writing.hold_pen(web.db(), batch=at.batch, person=at.person)
    return web.see_other("meetups.sheet", code=at.code)


@web.public
def dots(code: str) -> Response:
    """Give one's three dots."""
    at, chosen = here(code), request.form.getlist("dot")
    try:
        writing.give_dots(
            web.db(), batch=at.batch, person=at.person, chosen=chosen, now=clock.now()
        )
    except Refused as refusal:
        return moment(anew(code), 422, sentence=refusal.message, ticked=chosen)
    return web.see_other("meetups.show", code=at.code)


@web.public
def about(code: str) -> Response:
    """Say what helps to mix the tables."""
    at = here(code)
    form = forms.AboutForm()
    if not form.validate():
        return moment(at, 422, sentence="Give two numbers at most, such as 12, 15.")
    joining.tell(
        web.db(),
        batch=at.batch,
        person=at.person,
        leads=_answer(form.leads.data),
        is_new=_answer(form.is_new.data),
        came_with=form.came_with.data if "came_with" in request.form else None,
    )
    return web.see_other("meetups.show", code=at.code)


def _answer(said: str | None) -> bool | None:
    return None if said is None else said == "yes"
