"""The desk: what needs a hand next, and the buttons that move the evening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.models import Batch
from campaign.meetups.operations import desking, joining, publishing, running
from campaign.meetups.operations import sheets as writing
from campaign.meetups.queries import marks, rooms, sheets, tables
from campaign.meetups.queries.devices import devices_of
from campaign.meetups.queries.incidents import calls_for_help
from campaign.meetups.queries.moves import many_waiting
from campaign.meetups.queries.people import many_needing
from campaign.meetups.queries.spoken import own_words
from campaign.meetups.queries.tables import CardView
from campaign.meetups.routes.at_desk import Desk, at_desk, desk_door
from campaign.meetups.routes.clashes import clashes_of
from campaign.meetups.routes.here import mail
from campaign.meetups.routes.joining import whereabouts
from campaign.meetups.routes.screen import hall_missed
from campaign.meetups.routes.spots import one_of
from campaign.meetups.rules.cards import State, target_hosts, wanting
from campaign.meetups.rules.needs import Need
from campaign.meetups.rules.neighbours import Table
from campaign.meetups.rules.phases import NAMES, Phase, neighbours, plan, sign_of
from campaign.meetups.rules.spoken import said_in
from campaign.places import lookup

# While people sit at such tables the desk looks after who has not what they need there.
BEFORE_TABLES = (Phase.DOORS, Phase.PLENARY, Phase.REPORT_BACK, Phase.ASK)
SEATED_AT = {Phase.STRATEGY: "strategy", Phase.LOCAL: "local"}
ORDER = (State.READY, State.PART, State.EMPTY, State.PUBLISHED)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/desk")(desk)
    blueprint.post("/m/<code>/desk/phase")(phase)
    blueprint.post("/m/<code>/desk/extend")(extend)
    blueprint.post("/m/<code>/desk/pause")(pause)
    blueprint.post("/m/<code>/desk/word")(word)
    blueprint.post("/m/<code>/desk/practice")(practice)
    blueprint.post("/m/<code>/desk/people")(bring_in)
    blueprint.post("/m/<code>/desk/cards/<card>")(publish)
    blueprint.post("/m/<code>/desk/proposals/<proposal>")(hide)


@desk_door
def desk(code: str) -> Response:
    """The cards, most urgent first, and where the evening stands."""
    return _page(at_desk(code), forms.BringInForm(formdata=None))


def _page(
    at: Desk, form: forms.BringInForm, *, word_form: forms.WordForm | None = None
) -> Response:
    meetup, batch = at.meetup, at.batch
    counts = rooms.counts(web.db(), meetup, batch)
    helps = tables.helps_wanted(web.db(), batch.id)
    cards = sorted(
        tables.cards_of_batch(web.db(), batch.id),
        key=lambda view: (
            view.card.breakout_id not in helps,
            ORDER.index(view.state),
            view.card.begun_at,
            view.card.id,
        ),
    )
    kind = SEATED_AT.get(Phase(batch.phase))
    before, after = neighbours(meetup.preset, Phase(batch.phase))
    return web.page(
        "meetups/desk.html",
        word_form.code if word_form else form.code,
        form=form,
        word_form=word_form or forms.WordForm(formdata=None),
        meetup=meetup,
        batch=batch,
        counts=counts,
        target=target_hosts(counts.here),
        cards=cards,
        open_cards=[view for view in cards if view.state is not State.PUBLISHED],
        steps=[(step, NAMES[step.phase]) for step in plan(meetup.preset)],
        names=NAMES,
        before=before,
        after=after,
        now=clock.now(),
        waits=_waits,
        helps=helps,
        clashes=clashes_of(cards),
        at_one_tap=desking.publishable_at_once(web.db(), cards),
        sheets=sheets.sheets_of(web.db(), batch.id) if _talks(batch) else [],
        needing=many_needing(web.db(), batch.id),
        # A device that others look at reads nothing of who needs what.
        unmet=marks.unmet(web.db(), batch, kind) if kind and not at.device else [],
        unmarked=_unmarked(at),
        moves=many_waiting(web.db(), batch.id),
        say=said_in(batch.phase, own_words(web.db(), meetup.id)),
        alerts=calls_for_help(web.db(), batch.id),
        clock_sign=sign_of(running.clock_of(batch)),
        hall_missed=hall_missed(),
        site=urlsplit(web.settings().base_url).netloc,
        device=at.device,
        devices=[] if at.device else devices_of(web.db(), meetup.id, now=clock.now()),
        zone=ZoneInfo(meetup.event.zone),
    )


def _unmarked(at: Desk) -> list[tuple[Need, int]]:
    """What to mark a table for before the next ones are dealt."""
    if at.device or at.batch.phase not in BEFORE_TABLES:
        return []
    return marks.unmarked(web.db(), at.batch)


def _talks(batch: Batch) -> bool:
    """Whether the strategy tables are what the desk looks at."""
    return batch.phase in (Phase.STRATEGY, Phase.REPORT_BACK)


def _waits(view: CardView) -> str:
    """What the table is told that it still needs; with its host, what would make it solid."""
    if view.missing:
        return "Needs " + ", ".join(view.missing)
    more = wanting(view.facts)
    told = "On the map" if view.state is State.PUBLISHED else "Look at it and publish"
    return f"{told}. To be solid: {', '.join(more)}" if more else told


@desk_door
def phase(code: str) -> Response:
    """One part on, or one back."""

    def go(**given: object) -> None:
        running.move_on(
            web.db(),
            seen=request.form.get("seen", ""),
            to=request.form.get("to", ""),
            naming=_name_of,
            **given,  # type: ignore[arg-type]
        )

    return _run(code, go)


@desk_door
def extend(code: str) -> Response:
    """Two minutes more."""
    return _run(code, lambda **given: running.extend(web.db(), seen=_seen(), **given))


@desk_door
def pause(code: str) -> Response:
    """Stop the clock, or let it run on."""
    return _run(code, lambda **given: running.pause(web.db(), seen=_seen(), **given))


@desk_door
def word(code: str) -> Response:
    """Tell everybody something, on every phone and the screen."""
    at = at_desk(code)
    form = forms.WordForm()
    if not form.validate():
        flash("It is not sent: say it in 140 signs.", "error")
        return _page(at, forms.BringInForm(formdata=None), word_form=form)
    running.tell_everybody(
        web.db(), batch=at.batch, word=form.word.data or "", actor_id=at.actor_id
    )
    return web.see_other("meetups.desk", code=code)


def _seen() -> str:
    """How the clock stood on the page that was pressed."""
    return request.form.get("seen", "")


@web.needs(web.SIGNED_IN)
def practice(code: str) -> Response:
    """Ten practice people come in, or all of them go."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    act = joining.send_practice_away if request.form.get("away") else joining.add_practice
    act(web.db(), batch=batch, now=clock.now(), actor_id=web.visitor().person_id or 0)
    return web.see_other("meetups.desk", code=meetup.code)


@desk_door
def bring_in(code: str) -> Response:
    """Somebody without a phone comes in: their number, and their table where there are tables."""
    at = at_desk(code)
    form = forms.BringInForm()
    if form.validate():
        with form.refusals():
            person = joining.bring_in(
                web.db(),
                batch=at.batch,
                name=form.name.data,
                initial=(form.initial.data or "").upper()[:1],
                where=whereabouts(one_of(form.where.data, field="where")),
                access_needs=form.access_needs.data or "",
                needs=form.needs,
                client_uuid=form.once,
                now=clock.now(),
                actor_id=at.actor_id,
            )
            flash(
                f"{person.name} is number {person.number}. Tell them, or write it down.", "success"
            )
            return web.see_other("meetups.desk", code=at.meetup.code)
    return _page(at, form)


@desk_door
def publish(code: str, card: str) -> Response:
    """Put an accepted card on the map."""
    at = at_desk(code)
    view = access.card_to_publish(web.db(), at.batch, card)
    publishing.publish(
        web.db(),
        batch=at.batch,
        view=view,
        now=clock.now(),
        actor_id=at.actor_id,
        mail=mail(),
    )
    flash("It is on the map.", "success")
    return web.see_other("meetups.desk", code=code)


@desk_door
def hide(code: str, proposal: str) -> Response:
    """Take a proposal off the screen and the phones with a reason, or put it back."""
    at = at_desk(code)
    given: Any = {"batch": at.batch, "public_id": proposal, "actor_id": at.actor_id}
    if request.form.get("show"):
        writing.show_again(web.db(), **given)
        return web.see_other("meetups.desk", code=code)
    form = forms.HideForm()
    if form.validate():
        with form.refusals():
            writing.hide(web.db(), why=form.why.data or "", now=clock.now(), **given)
            return web.see_other("meetups.desk", code=code)
    flash("It is not hidden: say why in a few words. The room may ask.", "error")
    return _page(at, forms.BringInForm(formdata=None))


def _run(code: str, act: Callable[..., object]) -> Response:
    at = at_desk(code)
    act(batch=at.batch, now=clock.now(), actor_id=at.actor_id)
    return web.see_other("meetups.desk", code=code)


def _name_of(table: Table) -> str:
    """What a table is called: the town nearest to its middle, with the branch most are from."""
    if table.middle is None:
        return "From anywhere"
    town = lookup.nearest_town(web.settings().data_dir, *table.middle)
    name = town.name.partition(",")[0] if town else table.branch
    # A branch that was given as a town says it already: "Newport, Isle of Wight".
    return name if not table.branch or table.branch.startswith(name) else f"{name} {table.branch}"
