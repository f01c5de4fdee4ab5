"""Sheets on paper: printing them, and reading one in by the id that stands on all its pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, flash, request
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from campaign.events.rules.kinds import KINDS
from campaign.events.rules.venues import PlaceChoice, PlaceKind, checked_link
from campaign.foundation import clock, web
from campaign.foundation.errors import DomainError, Refused, at_field
from campaign.foundation.web.state import undo
from campaign.foundation.words import human_time
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, Meetup, PaperSheet
from campaign.meetups.operations import paper as reading
from campaign.meetups.queries import paper, rooms
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.routes.at_desk import Desk, at_desk, desk_door
from campaign.meetups.routes.here import mail
from campaign.meetups.routes.joining import reach_of
from campaign.meetups.routes.spots import in_full
from campaign.meetups.rules import cards as rules
from campaign.meetups.rules.needs import marks_in_words
from campaign.meetups.rules.paper import LINES, Entry, Named, checked_many, shown_code
from campaign.places import lookup


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/desk/paper", methods=["GET", "POST"])(paper_sheets)
    blueprint.get("/m/<code>/desk/paper/print")(print_paper)
    blueprint.route("/m/<code>/desk/paper/<sheet>", methods=["GET", "POST"])(read_in)


@desk_door
def paper_sheets(code: str) -> Response:
    """Which sheets there are and what they became; more of them; and the way to one, by its id."""
    at = at_desk(code)
    meetup, batch = at.meetup, at.batch
    if request.method == "POST":
        many = checked_many(request.form.get("many", ""))
        reading.print_sheets(
            web.db(),
            batch=batch,
            many=many,
            now=clock.now(),
            actor_id=at.actor_id,
        )
        return web.see_other("meetups.print_paper", code=meetup.code)
    asked, sentence = request.args.get("id", ""), ""
    if asked:
        try:
            found = access.sheet_to_read_in(web.db(), batch, asked)
            return web.see_other("meetups.read_in", code=meetup.code, sheet=found.code)
        except DomainError as refusal:
            sentence = refusal.message
    return _list(meetup, batch, asked[:20], sentence)


def _list(meetup: Meetup, batch: Batch, asked: str, sentence: str) -> Response:
    return web.page(
        "meetups/paper.html",
        404 if sentence else 200,
        meetup=meetup,
        batch=batch,
        sheets=paper.sheets_of(web.db(), batch.id),
        shown_code=shown_code,
        asked=asked,
        sentence=sentence,
    )


@desk_door
def print_paper(code: str) -> Response:
    """The pages of every sheet that was not read in yet, for a copier: three to a sheet."""
    at = at_desk(code)
    meetup, batch = at.meetup, at.batch
    blank = [one for one in paper.sheets_of(web.db(), batch.id) if one.entered_at is None]
    tables = {n: table for n, (table, _) in enumerate(rooms.tables(web.db(), batch.id), start=1)}
    return web.page(
        "meetups/paper_print.html",
        meetup=meetup,
        sheets=[(one, _qr(meetup, one), tables.get(one.number)) for one in blank],
        marks=marks_of(web.db(), meetup.id),
        marks_in_words=marks_in_words,
        kinds=[KINDS[kind].label for kind in rules.CARD_KINDS],
        lines=range(1, LINES + 1),
        shown_code=shown_code,
    )


def _qr(meetup: Meetup, sheet: PaperSheet) -> Markup:
    """The address of this sheet's own page at the desk, drawn here."""
    where = f"{web.settings().base_url}/m/{meetup.code}/desk/paper/{quote(sheet.code)}"
    made = segno.make(where, error="m", micro=False)
    return Markup(  # noqa: S704 (segno draws it, from letters and digits of ours)
        made.svg_inline(border=2, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    )


@desk_door
def read_in(code: str, sheet: str) -> Response:
    """Read a sheet in, in the order of its lines; read in once, it shows what it became."""
    at = at_desk(code)
    held = access.sheet_to_read_in(web.db(), at.batch, sheet)
    form = forms.SheetEntryForm()
    form.kind.choices = [SelectChoice(kind, KINDS[kind].label) for kind in rules.CARD_KINDS]
    if held.entered_at is None and form.validate_on_submit():
        try:
            _read_in(at, held, form)
            return web.see_other("meetups.read_in", code=at.meetup.code, sheet=held.code)
        except Refused as refusal:
            undo()
            form.refuse(refusal)
            at = at_desk(code)
            held = access.sheet_to_read_in(web.db(), at.batch, sheet)
    return _sheet(at.meetup, at.batch, held, form)


def _sheet(meetup: Meetup, batch: Batch, held: PaperSheet, form: forms.SheetEntryForm) -> Response:
    answer = web.page(
        "meetups/read_in.html",
        200 if held.entered_at is not None and not form.errors else form.code,
        meetup=meetup,
        batch=batch,
        sheet=held,
        form=form,
        shown_code=shown_code,
        entered=human_time(held.entered_at, ZoneInfo(meetup.event.zone)) if held.entered_at else "",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read_in(at: Desk, held: PaperSheet, form: forms.SheetEntryForm) -> None:
    left = reading.read_in(
        web.db(),
        batch=at.batch,
        sheet=held,
        entry=_entry(form),
        place=_place(form),
        now=clock.now(),
        actor_id=at.actor_id,
        mail=mail(),
    )
    words = "It is read in."
    if left:
        words += f" Not on its roster: {', '.join(left)}. They are down for another thing then, or "
        words += "we cannot take their sign-up."
    flash(words, "success")


def _entry(form: forms.SheetEntryForm) -> Entry:
    host = _named(form.host_number, form.host_name, form.host_reach, contact=True)
    if host.is_blank:
        raise Refused("Give the host: their number in the room, or their name.", field="host_name")
    return Entry(
        table=_number(form.table),
        kind=form.kind.data,
        day=form.day.data,
        start=form.start.data,
        minutes=rules.checked_choice(form.minutes.data, rules.LENGTHS, field="minutes"),
        host=host,
        cohost=_named(form.cohost_number, form.cohost_name, form.cohost_reach, contact=True),
        coming=tuple(
            _named(row.number, row.form["name"], row.reach, contact=bool(row.contact.data))
            for row in form.coming
        ),
    )


def _named(number: Any, name: Any, reach: Any, *, contact: bool) -> Named:
    """Whom a line means; a refusal stands at the field of the sheet's own lines."""
    try:
        email, phone = reach_of(reach.data or "")
    except Refused as refusal:
        raise Refused(f"{reach.data}: {refusal.message}", field=_own(reach)) from None
    parts = (name.data or "").split()
    initial = parts[-1].upper()[:1] if len(parts) > 1 else ""
    first = " ".join(parts[:-1] if len(parts) > 1 else parts)
    return Named(_number(number), first[:40], initial, email, phone, contact=contact)


def _number(field: Any) -> int | None:
    text = (field.data or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    raise Refused(f"“{text}” is no number.", field=_own(field))


def _own(field: Any) -> str | None:
    """The field, where the form itself has it; the lines of a roster are said above."""
    return None if "-" in field.id else str(field.id)


def _place(form: forms.SheetEntryForm) -> PlaceChoice:
    kind = PlaceKind(form.where.data)
    if kind is PlaceKind.ONLINE:
        with at_field("link"):
            return PlaceChoice(kind=kind, online_link=checked_link(form.link.data or ""))
    if not form.venue.data:
        raise Refused("Give the name of the place, or the street and number.", field="venue")
    if not form.postcode.data:
        raise Refused("Give the postcode, so that the map can show it.", field="postcode")
    spot = in_full(form.postcode.data, field="postcode")
    town = lookup.nearest_town(web.settings().data_dir, spot.lat, spot.lng)
    return PlaceChoice(
        kind=kind,
        venue=form.venue.data,
        postcode=spot.name,
        lat=spot.lat,
        lng=spot.lng,
        town=town.name if town else (spot.council or "Nearby"),
    )
