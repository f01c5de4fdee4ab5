"""Calling together: the help button, the lead's queue and line, who sits with whom."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.people.models import Person
from campaign.phonebanks.access import phonebank_to_manage
from campaign.phonebanks.access import shifts as access
from campaign.phonebanks.forms.helping import LineForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import helping, shifts
from campaign.phonebanks.queries import helping as queries
from campaign.phonebanks.routes.board import board_page


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/word")(word)
    blueprint.post("/phonebanks/<public_id>/help")(ask_for_help)
    blueprint.post("/phonebanks/<public_id>/help/over")(help_over)
    blueprint.post("/phonebanks/<public_id>/helps/<help_id>")(answer_help)
    blueprint.post("/phonebanks/<public_id>/line")(put_up)
    blueprint.post("/phonebanks/<public_id>/line/down")(take_down)
    blueprint.post("/phonebanks/<public_id>/callers/<caller_id>/pair")(pair)
    blueprint.post("/phonebanks/<public_id>/callers/<caller_id>/unpair")(unpair)


def _called(public_id: str) -> Phonebank:
    person_id = web.visitor().person_id
    return access.phonebank_called(web.db(), public_id, person_id, now=clock.now())


@web.needs(web.SIGNED_IN)
def word(public_id: str) -> Response:
    """The lead's line, help, who sits with me: for my screen, when it asks."""
    return _word(_called(public_id))


def _word(phonebank: Phonebank) -> Response:
    said = queries.word_for(web.db(), phonebank.id, web.visitor().person_id, now=clock.now())
    return web.page("phonebanks/_word.html", phonebank=phonebank, word=said)


@web.needs(web.SIGNED_IN)
def ask_for_help(public_id: str) -> Response:
    """I need somebody: the leads see it at once, with the call I am in."""
    phonebank = _called(public_id)
    helping.ask_for_help(
        web.db(),
        phonebank=phonebank,
        person_id=web.visitor().person_id,
        words=request.form.get("words", ""),
        now=clock.now(),
    )
    return _told(phonebank, "Your lead can see it. Stay where you are.")


@web.needs(web.SIGNED_IN)
def help_over(public_id: str) -> Response:
    """I am fine now."""
    phonebank, person_id = _called(public_id), web.visitor().person_id
    asked = queries.open_request(web.db(), phonebank.id, person_id)
    if asked is not None:
        helping.settle(web.db(), request=asked, now=clock.now())
    return _told(phonebank, "Good. Go on when you like.")


def _told(phonebank: Phonebank, words: str) -> Response:
    if web.is_fragment():
        return _word(phonebank)
    flash(words, "success")
    return web.see_other("phonebanks.call", public_id=phonebank.public_id)


@web.needs(web.SIGNED_IN)
def answer_help(public_id: str, help_id: str) -> Response:
    """A lead comes, lets somebody in, or says that it is settled: one tap each."""
    actor_id, now = web.visitor().person_id, clock.now()
    phonebank, asked = access.help_to_manage(web.db(), public_id, help_id, actor_id)
    if request.form.get("do") == "done":
        helping.settle(web.db(), request=asked, now=now)
    elif asked.kind == helping.DOOR:
        person = shifts.let_in(
            web.db(), phonebank=phonebank, request=asked, actor_id=actor_id, now=now
        )
        flash(f"{person.name} is in, and has a place.", "success")
    else:
        helping.answer(web.db(), phonebank=phonebank, request=asked, actor_id=actor_id, now=now)
        flash("They read that you are coming.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def put_up(public_id: str) -> Response:
    """A line on everybody's screen."""
    actor_id = web.visitor().person_id
    phonebank = phonebank_to_manage(web.db(), public_id, actor_id)
    form = LineForm()
    if form.validate():
        with form.refusals():
            helping.put_up(
                web.db(),
                phonebank=phonebank,
                words=form.words.data,
                actor_id=actor_id,
                now=clock.now(),
            )
            flash("Everybody who calls reads it within ten seconds.", "success")
            return web.see_other("phonebanks.lead", public_id=public_id)
    return board_page(phonebank, form)


@web.needs(web.SIGNED_IN)
def take_down(public_id: str) -> Response:
    """No line any more."""
    actor_id = web.visitor().person_id
    phonebank = phonebank_to_manage(web.db(), public_id, actor_id)
    helping.take_down(web.db(), phonebank=phonebank, actor_id=actor_id, now=clock.now())
    flash("The line is down.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


def _present(public_id: str, caller_id: str, actor_id: int) -> tuple[Phonebank, Person]:
    return access.caller_present(web.db(), public_id, caller_id, actor_id, now=clock.now())


@web.needs(web.SIGNED_IN)
def pair(public_id: str, caller_id: str) -> Response:
    """Somebody experienced sits with a newcomer; both read it."""
    actor_id = web.visitor().person_id
    phonebank, caller = _present(public_id, caller_id, actor_id)
    partner = helping.pair(
        web.db(), phonebank=phonebank, newcomer=caller, actor_id=actor_id, now=clock.now()
    )
    flash(f"{partner.name} sits with {caller.name}. Both read it now.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def unpair(public_id: str, caller_id: str) -> Response:
    """They manage alone now."""
    actor_id = web.visitor().person_id
    phonebank, caller = _present(public_id, caller_id, actor_id)
    helping.unpair(web.db(), phonebank=phonebank, newcomer=caller)
    flash(f"{caller.name} calls alone now.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)
