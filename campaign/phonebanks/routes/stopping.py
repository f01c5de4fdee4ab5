"""What a lead does about a caller: stop them for a talk, here or everywhere; and let them go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash

from campaign.foundation import clock, web
from campaign.phonebanks import access
from campaign.phonebanks.operations import pausing, removing, suspending

CALLER = "/phonebanks/<public_id>/callers/<caller_id>"


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post(f"{CALLER}/pause")(pause)
    blueprint.post(f"{CALLER}/go-on")(go_on)
    blueprint.post(f"{CALLER}/remove")(remove)
    blueprint.post(f"{CALLER}/let-back")(let_back)
    blueprint.post(f"{CALLER}/suspend")(suspend)
    blueprint.post(f"{CALLER}/reinstate")(reinstate)


@web.needs(web.SIGNED_IN)
def pause(public_id: str, caller_id: str) -> Response:
    """I want to talk to this caller before their next call."""
    name = _done(pausing.pause_by_lead, public_id, caller_id, now=clock.now())
    flash(f"{name} is paused, until a lead has talked to them.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def go_on(public_id: str, caller_id: str) -> Response:
    """I have talked to them: they go on."""
    name = _done(pausing.let_go_on, public_id, caller_id, now=clock.now())
    flash(f"{name} goes on.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def remove(public_id: str, caller_id: str) -> Response:
    """This person calls no more, from this moment on."""
    name = _done(removing.remove, public_id, caller_id, now=clock.now())
    flash(f"{name} is off: nobody is shown to them any more.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def let_back(public_id: str, caller_id: str) -> Response:
    """This person may call again."""
    name = _done(removing.let_back, public_id, caller_id)
    flash(f"{name} may call again.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def suspend(public_id: str, caller_id: str) -> Response:
    """They call no more, anywhere, from their next step on."""
    name = _done(suspending.suspend, public_id, caller_id, now=clock.now())
    flash(f"{name} calls no more. Reports that still come wait here.", "success")
    return web.see_other("phonebanks.caller", public_id=public_id, caller_id=caller_id)


@web.needs(web.SIGNED_IN)
def reinstate(public_id: str, caller_id: str) -> Response:
    """They may call again, as a newcomer."""
    name = _done(suspending.reinstate, public_id, caller_id, now=clock.now())
    flash(f"{name} may call again, as a newcomer.", "success")
    return web.see_other("phonebanks.caller", public_id=public_id, caller_id=caller_id)


def _done(act: Callable[..., Any], public_id: str, caller_id: str, **more: Any) -> str:
    """Do it to a caller of a phonebank that the visitor leads; answers with the caller's name."""
    actor_id = web.visitor().person_id
    phonebank, caller = access.caller_to_manage(web.db(), public_id, caller_id, actor_id)
    act(web.db(), phonebank=phonebank, person=caller, actor_id=actor_id, **more)
    return caller.name
