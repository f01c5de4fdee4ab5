"""The team of an event: who is on it, asking somebody, going, handing over."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event, EventInvite
from campaign.events.routes.mailing import mail
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import initials
from campaign.events.rules.team import PARTS, TeamRole
from campaign.foundation import clock, limits, web
from campaign.people.access import myself
from campaign.people.rules import Action, may


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/team", methods=["GET", "POST"])(team)
    blueprint.post("/events/<public_id>/team/<part>/remove")(remove)
    blueprint.post("/events/<public_id>/team/<part>/host")(hand_over)
    blueprint.post("/events/<public_id>/team/invites/<invite>/withdraw")(withdraw)
    blueprint.post("/events/<public_id>/team/answer/<invite>")(answer_here)


@web.needs(web.SIGNED_IN)
def team(public_id: str) -> Response:
    """Who is on the team; who manages it asks somebody."""
    form = forms.InviteForm()
    if form.is_submitted():
        return _invite(public_id, form)
    return _page(access.team_to_see(web.db(), public_id, web.visitor().person_id), form)


def _invite(public_id: str, form: forms.InviteForm) -> Response:
    web.limit_of_person(limits.TEAM_INVITES)
    db, person_id = web.db(), web.visitor().person_id
    event = access.team_to_manage(db, public_id, person_id)
    if form.validate():
        with form.refusals():
            operations.invite(
                db,
                event=event,
                email=form.email.data,
                role=TeamRole(form.role.data),
                actor=myself(db, person_id),
                mail=mail(),
            )
            flash("Asked. They are on the team once they say yes.", "success")
            return web.see_other("events.team", public_id=public_id)
    return _page(access.team_to_manage(db, public_id, person_id), form)


def _page(event: Event, form: forms.InviteForm) -> Response:
    db, person_id = web.db(), web.visitor().person_id
    standings = queries.standings_for(db, event=event, person_id=person_id)
    held = queries.team_of(db, event.id)
    manages = may(Action.MANAGE_TEAM, standings)
    return web.page(
        "events/team.html",
        form.code,
        event=event,
        when=when_of(event, now=clock.now()),
        host=None if event.hostless_at else initials(event.host_name or event.host.name),
        is_host=event.host_id == person_id and not event.hostless_at,
        team=[(part, initials(part.person.name)) for part in held],
        invites=queries.invites_of(db, event.id) if manages else [],
        parts={role.value: part for role, part in PARTS.items()},
        form=form,
        me=person_id,
        may_manage=manages,
        may_hand_over=may(Action.HAND_OVER_EVENT, standings),
        is_open=event.state != "cancelled" and event.ends_at > clock.now(),
    )


@web.needs(web.SIGNED_IN)
def remove(public_id: str, part: str) -> Response:
    """Take a part away: who manages the team, or the person's own."""
    db, person_id = web.db(), web.visitor().person_id
    event = access.team_to_see(db, public_id, person_id)
    held = access.part_to_change(db, event, part)
    if held.person_id == person_id:
        operations.leave_team(db, event=event, held=held, actor_id=person_id)
        flash("You have left the team. Thank you for having been on it.", "success")
        return web.see_other("events.show", public_id=public_id)
    access.team_to_manage(db, public_id, person_id)
    name = initials(held.person.name)
    operations.leave_team(db, event=event, held=held, actor_id=person_id)
    flash(f"{name} is off the team.", "success")
    return web.see_other("events.team", public_id=public_id)


@web.needs(web.SIGNED_IN)
def hand_over(public_id: str, part: str) -> Response:
    """A co-host becomes the host."""
    db, person_id = web.db(), web.visitor().person_id
    event = access.event_to_hand_over(db, public_id, person_id)
    held = access.part_to_change(db, event, part)
    name = initials(held.person.name)
    operations.hand_over(db, event=event, held=held, actor_id=person_id, mail=mail())
    flash(f"{name} hosts it from now on, and gets a mail.", "success")
    return web.see_other("events.team", public_id=public_id)


@web.needs(web.SIGNED_IN)
def withdraw(public_id: str, invite: str) -> Response:
    """Take a question back before it was answered."""
    db, person_id = web.db(), web.visitor().person_id
    event = access.team_to_manage(db, public_id, person_id)
    held = access.invite_of_event(db, event, invite)
    operations.decline_invite(db, invite=held, actor_id=person_id)
    flash("Taken back. The link in their mail opens nothing now.", "success")
    return web.see_other("events.team", public_id=public_id)


@web.needs(web.SIGNED_IN)
def answer_here(public_id: str, invite: str) -> Response:
    """Somebody who is signed in with the address that was asked says yes or no on the event's
    page."""
    held = access.invite_to_me(web.db(), public_id, invite, email=web.visitor().email)
    return answer_invite(held, said_yes())


def answer_invite(held: EventInvite, yes: bool, *, name: str | None = None) -> Response:
    """Take a yes or a no, say what follows, and go to the event's page."""
    public_id, part = held.event.public_id, PARTS[TeamRole(held.role)]
    if not yes:
        operations.decline_invite(web.db(), invite=held)
        flash("Thank you for saying so. Nothing else happens.", "success")
        return web.see_other("events.show", public_id=public_id)
    operations.accept_invite(web.db(), invite=held, name=name)
    flash(f"You are on the team: {part.label.lower()}. {part.may}", "success")
    return web.see_other("events.show", public_id=public_id)


def said_yes() -> bool:
    """Which of the two buttons was pressed."""
    return request.form.get("answer") == "yes"
