"""A group's own page, its calendar, and its door: joining, following, leaving."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, request, session, url_for

from campaign.conduct.queries.decisions import counts_for
from campaign.events import forms, operations, queries
from campaign.events.models import Event
from campaign.events.routes.done import done_by, planned_by
from campaign.events.routes.mailing import mail
from campaign.events.rules.features import when_of
from campaign.events.rules.finding import Filters
from campaign.events.rules.following import WORDS, Wanted
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.months import ZONE, Month, month_of
from campaign.events.rules.signups import initials
from campaign.foundation import clock, limits, web
from campaign.foundation.words import human_day
from campaign.groups import queries as groups
from campaign.groups.access import group_to_see, may_write_to
from campaign.groups.models import Group
from campaign.groups.operations import take_back as take_back_request
from campaign.groups.rules import (
    CONTACT_LABELS,
    KIND_LABELS,
    LABELS,
    PRIORITIES,
    Contact,
    GroupKind,
    GroupRole,
    LastConvenor,
    area_in_words,
)
from campaign.people.access import myself
from campaign.people.rules import Action, may
from campaign.places.maps import map_markup

TOWN_ZOOM = 11
NOTES_SHOWN = 4


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/groups/<slug>")(group_page)
    blueprint.get("/groups/<slug>/calendar")(group_month)
    blueprint.post("/groups/<slug>/join")(join_group)
    blueprint.post("/groups/<slug>/leave")(leave_group)
    blueprint.post("/groups/<slug>/take-back")(take_back)
    blueprint.post("/groups/<slug>/mails")(group_mails)


@web.public
def group_page(slug: str) -> Response:
    """A group with its next events, how it stands, and how to join."""
    group = group_to_see(web.db(), slug)
    return _page(group, forms.ComeInForm())


def _page(group: Group, form: forms.ComeInForm) -> Response:
    db, person_id = web.db(), web.visitor().person_id
    now = clock.now()
    found = queries.upcoming(db, filters=Filters(group=group.slug, sort="time", most=6), now=now)
    standings = groups.standings_in(db, group.id, person_id)
    may_manage = may(Action.MANAGE_GROUP, standings)
    may_write = may(Action.WRITE_NOTE, standings)
    return web.page(
        "groups/show.html",
        form.code,
        group=group,
        cards=queries.cards(found.rows, now=now),
        total=found.total,
        waiting=queries.waiting_for_look(db, person_id=person_id, group_id=group.id, now=now),
        may_manage=may_manage,
        may_announce=may(Action.ANNOUNCE_EVENT, standings),
        may_write=may_write,
        notes=groups.notes_of(db, group.id, most=NOTES_SHOWN),
        proposed=groups.notes_of(db, group.id, state="proposed") if may_write else [],
        askers=groups.askers(db, group.id) if may_manage else [],
        form=form,
        words=WORDS,
        may_write_to=may_write_to(db, group, person_id),
        may_weigh=may(Action.SET_PRIORITY, groups.wide_standings(db, person_id)),
        priorities=PRIORITIES,
        **_about(group),
        **_of_visitor(group),
    )


def _about(group: Group) -> dict[str, Any]:
    db = web.db()
    members, runners = groups.member_count(db, group.id), groups.runners(db, group.id)
    return {
        **done_by(group.id),
        **planned_by(group.id),
        "members": members,
        "runners": [(held, initials(held.person.name)) for held in runners],
        "stands": queries.standing_for(
            db,
            group_id=group.id,
            convenors=sum(held.role == GroupRole.CONVENOR for held in runners),
            members=members,
            now=clock.now(),
        ),
        "moderated": counts_for(db, group.slug, now=clock.now()),
        "labels": LABELS,
        "kind_label": KIND_LABELS[GroupKind(group.kind)],
        "contact_label": CONTACT_LABELS[Contact(group.contact)],
        "area": area_in_words(group.outcodes, group.radius_km),
        "parent": groups.group_by_id(db, group.parent_id) if group.parent_id else None,
        "parts": groups.parts_of(db, group.id),
        "map": map_markup(
            "group", label=f"Map: {group.place}", lat=group.lat, lng=group.lng, zoom=TOWN_ZOOM
        ),
    }


def _of_visitor(group: Group) -> dict[str, Any]:
    db, visitor = web.db(), web.visitor()
    email = visitor.email if visitor.is_authenticated else ""
    role = groups.role_in(db, group_id=group.id, person_id=visitor.person_id)
    outside = role in (None, GroupRole.FOLLOWER)
    return {
        "role": role,
        "asked": outside
        and groups.asked_to_join(db, group_id=group.id, person_id=visitor.person_id),
        "hears": queries.follows_group(db, email=email, group_id=group.id),
    }


@web.public
def join_group(slug: str) -> Response:
    """Come in: at once for who is signed in, by a mailed link for everybody else."""
    form = forms.ComeInForm()
    if web.visitor().is_authenticated:
        return _come_in(slug, form)
    valid = form.validate()
    if not (form.check_who() and valid):
        return _page(group_to_see(web.db(), slug), form)
    web.limit_address(limits.FOLLOWS)
    web.limit(limits.FOLLOWS, form.email.data)
    group = group_to_see(web.db(), slug)
    wanted = Wanted(
        group_id=group.id,
        wants="join" if form.joins else "hear",
        name=form.name.data or "" if form.joins else "",
    )
    operations.ask_to_follow(
        web.db(), email=form.email.data, wanted=wanted, what=group.name, mail=mail()
    )
    session["follow_sent_to"] = form.email.data
    return web.see_other("events.follow_sent")


def _come_in(slug: str, form: forms.ComeInForm) -> Response:
    db = web.db()
    group = group_to_see(db, slug)
    role = GroupRole.MEMBER if form.joins else GroupRole.FOLLOWER
    me = myself(db, web.visitor().person_id)
    if not operations.come_in(db, group=group, person=me, role=role):
        flash("A convenor will let you in. You see it here and on your page.", "success")
    elif form.joins:
        flash("You are a member.", "success")
    else:
        flash("You follow the group: its new events come by mail.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@web.needs(web.SIGNED_IN)
def leave_group(slug: str) -> Response:
    """Leave with one tap; the last convenor is led to handing over."""
    group = group_to_see(web.db(), slug)
    me = myself(web.db(), web.visitor().person_id)
    try:
        operations.leave_group(web.db(), group=group, person=me)
    except LastConvenor as refusal:
        refusal.steps = (
            (url_for("groups.hand_over", slug=slug), "Hand the group over"),
            (url_for("events.group_page", slug=slug), "Stay"),
        )
        raise
    flash("You have left the group.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@web.needs(web.SIGNED_IN)
def take_back(slug: str) -> Response:
    """Who asked to join does not want to any more."""
    group = group_to_see(web.db(), slug)
    take_back_request(web.db(), group=group, person_id=web.visitor().person_id)
    flash("You have taken it back.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@web.needs(web.SIGNED_IN)
def group_mails(slug: str) -> Response:
    """A member hears of the group's events by mail, or does not any more."""
    db, email = web.db(), web.visitor().email
    group = group_to_see(db, slug)
    if request.form.get("mails") == "yes":
        operations.follow_now(db, email=email, wanted=Wanted(group_id=group.id))
        flash("New events of the group come to you by mail, at most once a day.", "success")
    else:
        operations.stop_hearing(db, group=group, email=email)
        flash("No more mails of this group.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@web.public
def group_month(slug: str) -> Response:
    """The group's calendar: a month as a list, week by week, to read and to print."""
    group = group_to_see(web.db(), slug)
    now = clock.now()
    today = now.astimezone(ZONE).date()
    month = month_of(request.args.get("month"), today=today)
    events = queries.held_between(
        web.db(), group_id=group.id, begins=month.begins, until=month.until
    )
    ics = web.settings().base_url + url_for("events.group_calendar", slug=slug)
    return web.page(
        "groups/calendar.html",
        group=group,
        month=month,
        weeks=_weeks(events, now),
        months=_around(month, today),
        ics=ics,
        webcal=f"webcal://{urlsplit(ics).netloc}{urlsplit(ics).path}",
    )


def _weeks(events: list[Event], now: datetime) -> list[tuple[str, list[dict[str, Any]]]]:
    """The events of a month by week, each week named by its Monday."""

    def monday(event: Event) -> date:
        day = event.starts_at.astimezone(ZONE).date()
        return day - timedelta(days=day.weekday())

    return [
        (f"Week of {human_day(first)}", [_line(event, now) for event in week])
        for first, week in groupby(events, key=monday)
    ]


def _line(event: Event, now: datetime) -> dict[str, Any]:
    facts = facts_of(event.kind)
    return {
        "url": url_for("events.show", public_id=event.public_id),
        "title": event.title,
        "when": when_of(event, now=now),
        "where": event.shown_place,
        "label": facts.label,
        "icon": facts.icon,
        "over": event.ends_at <= now,
    }


def _around(month: Month, today: date) -> dict[str, Month | None]:
    return {"before": month.before, "after": month.after, "now": month_of(None, today=today)}
