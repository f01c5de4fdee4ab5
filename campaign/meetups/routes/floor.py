"""The hall: which tables stand where, and how they are marked."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import web
from campaign.foundation.errors import Refused
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import marking, opening
from campaign.meetups.queries import marks, rooms
from campaign.meetups.rules.floor import areas_of, highest_of, rows_of
from campaign.meetups.rules.mixing import tables_for
from campaign.meetups.rules.needs import NEEDS


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/desk/floor", methods=["GET", "POST"])(floor)
    blueprint.post("/m/<code>/desk/floor/marks")(mark)


@web.needs(web.SIGNED_IN)
def floor(code: str) -> Response:
    """Which tables stand in which part of the hall."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    form = forms.FloorForm(data={"floor": meetup.floor, "captions": meetup.captions})
    if form.validate_on_submit():
        with form.refusals():
            opening.lay_out(
                web.db(),
                batch=batch,
                floor=form.floor.data or "",
                captions=form.captions.data or "",
                actor_id=web.visitor().person_id or 0,
            )
            flash("Phones and the screen say so now.", "success")
            return web.see_other("meetups.floor", code=meetup.code)
    return _page(meetup, batch, form)


def _page(meetup: Meetup, batch: Batch, form: forms.FloorForm) -> Response:
    areas, held = areas_of(meetup.floor), marks.marks_of(web.db(), meetup.id)
    spans = rooms.spans(web.db(), batch.id)
    counts = rooms.counts(web.db(), meetup, batch)
    asked = marks.many_asking(web.db(), batch.id)
    # As many as stand there, were dealt, are marked, or will be needed.
    expected = tables_for(max(counts.here, counts.expected))
    highest = highest_of(areas, [*held, *(table.number for table, *_ in spans), expected])
    return web.page(
        "meetups/floor.html",
        form.code,
        meetup=meetup,
        form=form,
        tables=spans,
        areas=areas,
        rows=rows_of(areas, highest),
        marks=held,
        needs=NEEDS,
        asked=[
            (need, asked[need.key], sum(need.key in keys for keys in held.values()))
            for need in NEEDS
        ],
    )


@web.needs(web.SIGNED_IN)
def mark(code: str) -> Response:
    """Mark a table, or take the mark off. The button says what it leads to."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    number, key, on = _tapped(request.form.get("mark", ""))
    marking.mark_table(
        web.db(), batch=batch, number=number, key=key, on=on, actor_id=web.visitor().person_id or 0
    )
    return web.see_other("meetups.floor", code=meetup.code, _anchor=f"t{number}")


def _tapped(text: str) -> tuple[int, str, bool]:
    """ "9 quiet on": the table, the mark, and whether it is to have it."""
    number, _, rest = text.partition(" ")
    key, _, state = rest.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 4) or state not in ON_OFF:
        raise Refused("Tap one of the marks beside a table.")
    return int(number), key, state == "on"


ON_OFF = ("on", "off")
