"""Announcing without an account: check your mail, and the mailed link that makes it live."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, session

from campaign.events import forms
from campaign.events.forms.announcing import ConfirmForm
from campaign.events.models import Announcement
from campaign.events.operations import proposing
from campaign.events.queries.announcements import announcement_by_key
from campaign.events.routes import grouping
from campaign.events.routes.mailing import mail
from campaign.events.rules.announcements import AnnouncementGone, Answers, read
from campaign.events.rules.features import when_of
from campaign.events.rules.states import UNSEEN, Policy
from campaign.events.rules.times import ZONE
from campaign.foundation import clock, limits, web
from campaign.groups import queries as groups
from campaign.groups.access import group_to_see
from campaign.groups.models import Group


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events/new/sent")(announced)
    blueprint.route("/events/confirm/<key>", methods=["GET", "POST"])(confirm)


def keep(form: forms.AnnounceForm, answers: Answers, group: str) -> Response:
    """Keep what was announced without an account; the same page whoever's address it is."""
    if form.website.data:  # a machine filled the field that no person sees
        return web.see_other("events.announced")
    web.limit_address(limits.EVENTS_WITHOUT_ACCOUNT)
    web.limit(limits.EVENTS_WITHOUT_ACCOUNT, form.email.data)
    proposing.propose(
        web.db(),
        group=group_to_see(web.db(), group),
        name=form.name.data,
        email=form.email.data,
        answers=answers,
        mail=mail(),
        client_uuid=form.once,
    )
    session["announced_by"] = form.email.data
    return web.see_other("events.announced")


@web.public
def announced() -> Response:
    """Check your mail."""
    return web.page("events/announced.html", email=session.get("announced_by"))


@web.public
def confirm(key: str) -> Response:
    """The mailed link: mail programs open links to look, so nothing happens before the tap."""
    kept = announcement_by_key(web.db(), key, now=clock.now())
    if kept is None:
        raise AnnouncementGone
    answers = read(kept.answers)
    group = groups.group_by_id(web.db(), kept.group_id)
    if group is None:
        raise AnnouncementGone
    choices = grouping.choices_at(web.db(), answers.place, group)
    form = ConfirmForm()
    if request.method == "POST" and form.validate():
        with form.refusals():
            return _go_live(key, _chosen(choices, form.group.data))
    return _confirm_page(kept, answers, choices, form)


def _chosen(choices: list[Group], slug: str | None) -> Group:
    return next((group for group in choices if group.slug == slug), choices[0])


def _go_live(key: str, group: Group) -> Response:
    policy = Policy(web.settings().event_policy)
    event = proposing.confirm_announcement(
        web.db(), key=key, group=group, policy=policy, mail=mail()
    )
    if event.state in UNSEEN:  # its page is not there for who is not signed in
        return web.see_other("events.confirm", key=key)
    flash("Your event is live. We have mailed you the link to look after it.", "success")
    return web.see_other("events.show", public_id=event.public_id)


def _confirm_page(
    kept: Announcement, answers: Answers, choices: list[Group], form: ConfirmForm
) -> Response:
    return web.page(
        "events/confirm.html",
        form.code,
        answers=answers,
        when=when_of(_Timed(answers), now=clock.now()),
        form=form,
        choices=choices,
        done=kept.confirmed_at is not None,
    )


class _Timed:
    """The times of an announcement as ``when_of`` reads them."""

    def __init__(self, answers: Answers) -> None:
        self.starts_at, self.ends_at, self.zone = answers.starts_at, answers.ends_at, ZONE
