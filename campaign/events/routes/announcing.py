"""Announcing an event in six answers, changing it, listing it, calling it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request, url_for
from wtforms.fields.choices import SelectChoice

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event
from campaign.events.queries.duplicates import likely_same
from campaign.events.routes import filling, grouping, mailing, proposing
from campaign.events.rules.announcements import Answers
from campaign.events.rules.features import Card
from campaign.events.rules.kinds import FIRST_KINDS, KINDS, OTHER_KINDS
from campaign.events.rules.repeating import SCOPES, Scope
from campaign.events.rules.states import UNSEEN, Policy, State
from campaign.events.rules.times import ZONE
from campaign.foundation import clock, limits, security, web
from campaign.foundation.words import DAYS
from campaign.groups import queries as groups
from campaign.groups.access import group_to_see
from campaign.groups.models import Membership
from campaign.people.access import myself
from campaign.places.rules import Spot


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/new", methods=["GET", "POST"])(new)
    blueprint.route("/events/<public_id>/edit", methods=["GET", "POST"])(edit)
    blueprint.post("/events/<public_id>/publish")(publish)
    blueprint.post("/events/<public_id>/cancel")(cancel)
    blueprint.post("/events/<public_id>/list")(list_it)
    blueprint.post("/events/<public_id>/keep-off")(keep_off)


mail = mailing.mail
_THEN = {
    "open": "It is on the map at once.",
    "hybrid": "Its link works at once. It is on the map at once if you run the group; otherwise "
    "when somebody has looked.",
    "pre-moderated": "Somebody looks at it first, as a rule the same day. Then it is on the map.",
    "looked at": "It comes onto the map when a convenor has looked, as a rule the same day.",
}
_SAID = {
    State.DRAFT: "Your draft is kept. Only you and who runs the group see it.",
    State.WAITING: "Thank you. Somebody looks at it first; you get a mail when it is on the map.",
    State.UNLISTED: "Your event is live by its link. A convenor puts it on the map.",
    State.LISTED: "Your event is on the map. Send people the address of this page.",
    State.CANCELLED: "This event is off.",
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
    flash(_SAID[State(event.state)], "success")
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
    _offer(form, hosted)
    named = None
    if not hosted and form.group.data:
        named = groups.group_by_slug(web.db(), form.group.data)
    return _form_page(
        "events/new.html",
        form,
        code=409 if same else form.code,
        hosted=hosted,
        named=named,
        spots=spots,
        repeating=repeating,
        same=same,
        then=_THEN[web.settings().event_policy] if hosted else _THEN["looked at"],
    )


def _offer(form: forms.AnnounceForm, hosted: list[Membership]) -> None:
    """What can be tapped: the next seven days, the person's groups."""
    today = clock.now().astimezone(ZoneInfo(ZONE)).date()
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    form.date.choices = [
        SelectChoice(day.isoformat(), f"{DAYS[day.weekday()]} {day.day}") for day in days
    ]
    form.group.choices = [SelectChoice(held.group.slug, held.group.name) for held in hosted]
    if not form.is_submitted():
        form.group.data = (request.args.get("group") or "")[:80] or form.group.data
        form.postcode.data = (request.args.get("near") or "")[:100] or form.postcode.data
        form.kind.data = (
            request.args.get("kind") if request.args.get("kind") in KINDS else "phonebank"
        )


def _beside(event: Any) -> dict[str, object]:
    """What stands on the page of a change beside its form."""
    if event is None:
        return {}
    found = queries.repeats(web.db(), event=event, now=clock.now())
    return {
        "telling": forms.TellingForm(formdata=None),
        "repeats": found,
        "scopes": SCOPES,
        # Asked for anew: a refusal leaves the event without its shifts.
        "in_shifts": bool(queries.shifts_of_event(web.db(), event.id)),
    }


def _form_page(
    template: str, form: forms.AnnounceForm, *, code: int | None = None, **values: object
) -> Response:
    return web.page(
        template,
        code or form.code,
        form=form,
        kinds=KINDS,
        first_kinds=FIRST_KINDS,
        other_kinds=OTHER_KINDS,
        **(_beside(values.get("event")) | values),
    )


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def edit(public_id: str) -> Response:
    """Change an event."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form, telling = forms.AnnounceForm(**filling.typed_before(event)), forms.TellingForm()
    _offer(form, [])
    spots: list[Spot] = []
    if form.validate_on_submit() and telling.validate() and filling.complete(form, event):
        with form.refusals():
            spots = filling.spots_for(form, event)
            if len(spots) <= 1:
                _change(event, form, spots, telling)
                flash("Saved.", "success")
                return web.see_other("events.show", public_id=event.public_id)
    return _form_page(
        "events/edit.html",
        form,
        event=event,
        spots=spots,
        telling=telling,
        cancel_form=forms.CancelForm(formdata=None),
    )


def _change(
    event: Event, form: forms.AnnounceForm, spots: list[Spot], telling: forms.TellingForm
) -> None:
    given = filling.filled(form, spots, event)
    operations.edit_together(
        web.db(),
        event=event,
        scope=_scope(),
        actor_id=web.visitor().person_id,
        title=given.title,
        about=given.about,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        capacity=given.capacity,
        needed=given.needed,
        place=None if filling.place_unchanged(form, event) else given.place,
        access=form.access,
        access_contact=form.access_contact.data or "",
        mail=mail(),
        note=telling.change_note.data or "",
        quiet=telling.quiet.data,
    )


def _scope() -> Scope:
    """How far a change of one event of a series goes; it alone where nobody said."""
    given = request.form.get("scope", "")
    return Scope(given) if given in list(Scope) else Scope.ONE


@web.needs(web.SIGNED_IN)
def publish(public_id: str) -> Response:
    """Publish a draft."""
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    policy = Policy(web.settings().event_policy)
    event = operations.publish(web.db(), event=event, policy=policy, actor_id=person_id)
    flash(_SAID[State(event.state)], "success")
    return web.see_other("events.show", public_id=public_id)


@web.needs(web.SIGNED_IN)
def cancel(public_id: str) -> Response:
    """Call an event off; everybody who would have come hears of it."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form = forms.CancelForm()
    if form.validate():
        with form.refusals():
            return _cancelled(event, form)
    before = forms.AnnounceForm(formdata=None, **filling.typed_before(event))
    _offer(before, [])
    return _form_page("events/edit.html", before, code=422, event=event, spots=[], cancel_form=form)


def _cancelled(event: Event, form: forms.CancelForm) -> Response:
    unseen = event.state in UNSEEN
    operations.cancel_together(
        web.db(),
        event=event,
        scope=_scope(),
        actor_id=web.visitor().person_id,
        note=form.note.data or "",
    )
    if unseen:
        flash("The draft is deleted.", "success")
        return web.see_other("events.index")
    flash("The event is off. Everybody who signed up gets a mail.", "success")
    return web.see_other("events.show", public_id=event.public_id)


@web.needs(web.SIGNED_IN)
def list_it(public_id: str) -> Response:
    """Put an event that was live by its link onto the map."""
    person_id = web.visitor().person_id
    event = access.event_to_list(web.db(), public_id, person_id)
    operations.list_event(web.db(), event=event, actor_id=person_id, mail=mail())
    flash("It is on the map.", "success")
    return _back(public_id)


@web.needs(web.SIGNED_IN)
def keep_off(public_id: str) -> Response:
    """Say no: the event stays live by its link alone."""
    person_id = web.visitor().person_id
    event = access.event_to_list(web.db(), public_id, person_id)
    operations.keep_off_map(web.db(), event=event, actor_id=person_id, mail=mail())
    flash("It stays off the map. Its host gets a mail.", "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    """To the list in which the button stood, or to the event."""
    return web.go(
        security.own_path(request.form.get("back")) or url_for("events.show", public_id=public_id)
    )
