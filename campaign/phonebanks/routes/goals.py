"""What a phonebank asks people to come to: who signs up by themselves is not rung."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash
from wtforms.fields.choices import SelectChoice

from campaign.events.rules.kinds import KINDS
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.forms.goals import GoalForm
from campaign.phonebanks.models import Goal, Phonebank
from campaign.phonebanks.operations import goals
from campaign.phonebanks.queries import goals as known


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/goal", methods=["GET", "POST"])(goal)


@web.needs(web.SIGNED_IN)
def goal(public_id: str) -> Response:
    """Say what it is; how many did it by themselves stands there as a number."""
    person_id = web.visitor().person_id
    phonebank = access.phonebank_to_manage(web.db(), public_id, person_id)
    form = GoalForm(goal=_chosen(known.goal_of(web.db(), phonebank.id)))
    form.goal.choices = _choices(phonebank)
    if form.validate_on_submit():
        with form.refusals():
            if phonebank.is_practice:
                raise Refused("Nobody signs up in practice.", field="goal")
            goals.name_goal(
                web.db(),
                phonebank=phonebank,
                choice=form.goal.data or "",
                actor_id=person_id,
                now=clock.now(),
            )
            flash("Saved.", "success")
            return web.see_other("phonebanks.goal", public_id=public_id)
    signed_up = known.signed_up(web.db(), phonebank.id)
    return web.page(
        "phonebanks/goal.html", form.code, form=form, phonebank=phonebank, signed_up=signed_up
    )


def _chosen(found: Goal | None) -> str:
    if found is None:
        return ""
    if found.kind:
        return f"kind:{found.kind}"
    public_id = known.event_named(web.db(), found)
    return f"{'event' if found.event_id else 'series'}:{public_id}" if public_id else ""


def _choices(phonebank: Phonebank) -> list[Any]:
    db, now = web.db(), clock.now()
    found: list[Any] = [SelectChoice("", "Nothing that people sign up for")]
    for event in known.events_to_come_to(db, phonebank, now=now):
        when = human_when(event.starts_at, None, ZoneInfo(event.zone))
        found.append(SelectChoice(f"event:{event.public_id}", f"{event.title}, {when}"))
    for event in known.series_to_come_to(db, phonebank, now=now):
        words = f"{event.title}, each time it is held"
        found.append(SelectChoice(f"series:{event.public_id}", words))
    for kind, facts in KINDS.items():
        words = f"{facts.label}: any that the group holds"
        found.append(SelectChoice(f"kind:{kind.value}", words))
    now_set = _chosen(known.goal_of(db, phonebank.id))
    if now_set and all(choice.value != now_set for choice in found):
        found.append(SelectChoice(now_set, "As it was: it is over"))
    return found
