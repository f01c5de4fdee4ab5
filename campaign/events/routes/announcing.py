"""Announcing an event in six answers."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.events import adapters, forms, operations, queries
from campaign.events.models import Event
from campaign.events.queries.duplicates import likely_same
from campaign.events.routes import filling, grouping, proposing
from campaign.events.routes.offering import form_page, offer
from campaign.events.routes.publishing import SAID
from campaign.events.rules.announcements import Answers
from campaign.events.rules.features import Card
from campaign.events.rules.states import Policy, State
from campaign.foundation import clock, limits, web
from campaign.groups import queries as groups
from campaign.groups.access import group_to_see
from campaign.people.access import myself
from campaign.places.rules import Spot


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/new", methods=["GET", "POST"])(new)


_THEN = {
    "open": "It is on the map at once.",
    "hybrid": "Its link works at once. It is on the map at once if you run the group; otherwise "
    "when somebody has looked.",
    "pre-moderated": "Somebody looks at it first, as a rule the same day. Then it is on the map.",
    "looked at": "It comes onto the map when a convenor has looked, as a rule the same day.",
}


@web.public
def new() -> Response:
    """Announce an event: six answers; without an account a name and an address are two of them."""
    form, repeating = forms.AnnounceForm(), forms.RepeatForm()
    spots: list[Spot] = []
    same: Same | None = None
    if form.validate_on_submit() and repeating.validate() and filling.complete(form):
        with form.refusals():
            spots = filling.spots_for(form)
            if len(spots) <= 1:
                answers = filling.filled(form, spots)
                group, same = _looked_up(form, answers)
                done = None if same else _announced(form, repeating, answers, group)
                if done is not None:
                    return done
    return _new_page(form, repeating, spots, same)


def _repeated(event: Event, repeating: forms.RepeatForm) -> bool:
    """Whether nothing hinders: it does not repeat, or its series is made."""
    if not repeating.wanted:
        return True
    with repeating.refusals():
        first = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
        operations.repeat(
            web.db(),
            event=event,
            rule=repeating.rule_from(first),
            gaps=repeating.left_out,
            actor_id=web.visitor().person_id,
        )
        return True
    return False


@dataclass(frozen=True)
class Same:
    """What was probably announced already, as everybody may see it."""

    card: Card
    own: bool


def _looked_up(form: forms.AnnounceForm, answers: Answers) -> tuple[str, Same | None]:
    """The address of the group, and what is probably the same; limits are counted after it."""
    person_id = web.visitor().person_id
    with web.house().database.reading() as db:
        group = grouping.group_for(db, form, answers.place).slug
        if form.anyway.data:
            return group, None
        found = likely_same(
            db,
            host_id=person_id,
            client_uuid=form.once,
            starts_at=answers.starts_at,
            point=answers.place.shown_point,
        )
        if found is None:
            return group, None
        return group, Same(queries.card_for(found, now=clock.now()), found.host_id == person_id)


def _announced(
    form: forms.AnnounceForm, repeating: forms.RepeatForm, answers: Answers, group: str
) -> Response | None:
    """Where to go once it is announced; None where its series cannot be made."""
    if not web.visitor().is_authenticated:
        return proposing.keep(form, answers, group)
    event = _announce(form, answers, group)
    if not _repeated(event, repeating):
        return None
    flash(SAID[State(event.state)], "success")
    return web.see_other("events.show", public_id=event.public_id)


def _announce(form: forms.AnnounceForm, answers: Answers, group: str) -> Event:
    web.limit_of_person(limits.EVENTS_ANNOUNCED)
    return operations.announce(
        web.db(),
        group=group_to_see(web.db(), group),
        host=myself(web.db(), web.visitor().person_id),
        kind=answers.kind,
        place=answers.place,
        title=answers.title,
        about=answers.about,
        starts_at=answers.starts_at,
        ends_at=answers.ends_at,
        capacity=answers.capacity,
        needed=answers.needed,
        client_uuid=form.once,
        access=answers.access,
        access_contact=answers.access_contact,
        policy=Policy(web.settings().event_policy),
        draft="draft" in request.form,
    )


def _new_page(
    form: forms.AnnounceForm,
    repeating: forms.RepeatForm,
    spots: list[Spot],
    same: Same | None,
) -> Response:
    hosted = grouping.own_groups(web.db())
    offer(form, hosted)
    named = None
    if not hosted and form.group.data:
        named = groups.group_by_slug(web.db(), form.group.data)
    return form_page(
        "events/new.html",
        form,
        code=409 if same else form.code,
        hosted=hosted,
        named=named,
        spots=spots,
        repeating=repeating,
        same=same,
        proposals=_proposals(),
        then=_THEN[web.settings().event_policy] if hosted else _THEN["looked at"],
    )


def _proposals() -> dict[str, dict[str, str]]:
    """What is proposed for each kind, as the page shows it."""
    held = queries.all_templates(web.db(), adapters.default_templates())
    return {
        kind.value: {"about": one.template.about, "length": one.template.length}
        for kind, one in held.items()
    }
