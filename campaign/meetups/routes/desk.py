"""The desk: what needs a hand next, and the buttons that move the evening."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import desking, joining, publishing, running
from campaign.meetups.operations import sheets as writing
from campaign.meetups.queries import rooms, sheets, tables
from campaign.meetups.queries.incidents import calls_for_help
from campaign.meetups.queries.moves import many_waiting
from campaign.meetups.queries.people import many_needing
from campaign.meetups.queries.spoken import own_words
from campaign.meetups.queries.tables import CardView
from campaign.meetups.routes.clashes import clashes_of
from campaign.meetups.routes.here import mail
from campaign.meetups.routes.joining import whereabouts
from campaign.meetups.routes.spots import one_of
from campaign.meetups.rules.cards import State, target_hosts
from campaign.meetups.rules.dealing import Table
from campaign.meetups.rules.phases import NAMES, Phase, neighbours, plan, sign_of
from campaign.meetups.rules.spoken import said_in
from campaign.places import lookup

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


@web.needs(web.SIGNED_IN)
def desk(code: str) -> Response:
    """The cards, most urgent first, and where the evening stands."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    return _page(meetup, batch, forms.BringInForm(formdata=None))


def _page(
    meetup: Meetup,
    batch: Batch,
    form: forms.BringInForm,
    *,
    word_form: forms.WordForm | None = None,
) -> Response:
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
        moves=many_waiting(web.db(), batch.id),
        say=said_in(batch.phase, own_words(web.db(), meetup.id)),
        alerts=calls_for_help(web.db(), batch.id),
        clock_sign=sign_of(running.clock_of(batch)),
    )


def _talks(batch: Batch) -> bool:
    """Whether the strategy tables are what the desk looks at."""
    return batch.phase in (Phase.STRATEGY, Phase.REPORT_BACK)


def _waits(view: CardView) -> str:
    """What the table is told that it still needs."""
    if view.state is State.PUBLISHED:
        return "On the map"
    if view.missing:
        return "Needs " + ", ".join(view.missing)
    return "Its host has said yes: look at it and publish"


@web.needs(web.SIGNED_IN)
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


@web.needs(web.SIGNED_IN)
def extend(code: str) -> Response:
    """Two minutes more."""
    return _run(code, lambda **given: running.extend(web.db(), seen=_seen(), **given))


@web.needs(web.SIGNED_IN)
def pause(code: str) -> Response:
    """Stop the clock, or let it run on."""
    return _run(code, lambda **given: running.pause(web.db(), seen=_seen(), **given))


@web.needs(web.SIGNED_IN)
def word(code: str) -> Response:
    """Tell everybody something, on every phone and the screen."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    form = forms.WordForm()
    if not form.validate():
        flash("It is not sent: say it in 140 signs.", "error")
        return _page(meetup, batch, forms.BringInForm(formdata=None), word_form=form)
    running.tell_everybody(
        web.db(),
        batch=batch,
        word=form.word.data or "",
        actor_id=web.visitor().person_id or 0,
    )
    return web.see_other("meetups.desk", code=code)


def _seen() -> str:
    """How the clock stood on the page that was pressed."""
    return request.form.get("seen", "")


@web.needs(web.SIGNED_IN)
def practice(code: str) -> Response:
    """Ten practice people come in, or all of them go."""
    if request.form.get("away"):
        return _run(code, lambda **given: joining.send_practice_away(web.db(), **given))
    return _run(code, lambda **given: joining.add_practice(web.db(), **given))


@web.needs(web.SIGNED_IN)
def bring_in(code: str) -> Response:
    """Somebody without a phone comes in: their number, and their table where there are tables."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    form = forms.BringInForm()
    if form.validate():
        with form.refusals():
            person = joining.bring_in(
                web.db(),
                batch=batch,
                name=form.name.data,
                initial=(form.initial.data or "").upper()[:1],
                where=whereabouts(one_of(form.where.data, field="where")),
                now=clock.now(),
                actor_id=web.visitor().person_id,
            )
            flash(
                f"{person.name} is number {person.number}. Tell them, or write it down.", "success"
            )
            return web.see_other("meetups.desk", code=meetup.code)
    return _page(meetup, batch, form)


@web.needs(web.SIGNED_IN)
def publish(code: str, card: str) -> Response:
    """Put an accepted card on the map."""
    _, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    view = access.card_to_publish(web.db(), batch, card)
    publishing.publish(
        web.db(),
        batch=batch,
        view=view,
        now=clock.now(),
        actor_id=web.visitor().person_id,
        mail=mail(),
    )
    flash("It is on the map.", "success")
    return web.see_other("meetups.desk", code=code)


@web.needs(web.SIGNED_IN)
def hide(code: str, proposal: str) -> Response:
    """Take a proposal off the screen and the phones with a reason, or put it back."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    given = {"batch": batch, "public_id": proposal, "actor_id": web.visitor().person_id}
    if request.form.get("show"):
        writing.show_again(web.db(), **given)
        return web.see_other("meetups.desk", code=code)
    form = forms.HideForm()
    if form.validate():
        with form.refusals():
            writing.hide(web.db(), why=form.why.data or "", now=clock.now(), **given)
            return web.see_other("meetups.desk", code=code)
    flash("It is not hidden: say why in a few words. The room may ask.", "error")
    return _page(meetup, batch, forms.BringInForm(formdata=None))


def _run(code: str, act: Callable[..., object]) -> Response:
    _, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    act(batch=batch, now=clock.now(), actor_id=web.visitor().person_id)
    return web.see_other("meetups.desk", code=code)


def _name_of(table: Table) -> str:
    """What a table is called: the town nearest to its middle, with the branch most are from."""
    if table.middle is None:
        return "From anywhere"
    town = lookup.nearest_town(web.settings().data_dir, *table.middle)
    name = town.name.partition(",")[0] if town else table.branch
    # A branch that was given as a town says it already: "Newport, Isle of Wight".
    return name if not table.branch or table.branch.startswith(name) else f"{name} {table.branch}"
