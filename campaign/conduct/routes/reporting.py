"""Telling us, without an account; coming back with the code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, session

from campaign.conduct import access, forms
from campaign.conduct.messages import Mail
from campaign.conduct.models import Report
from campaign.conduct.operations import reporting
from campaign.conduct.queries import reports, subjects
from campaign.conduct.rules.categories import CATEGORIES, SAFEGUARDED
from campaign.conduct.rules.states import TOLD, CaseState
from campaign.conduct.rules.subjects import KINDS
from campaign.foundation import clock, limits, web
from campaign.foundation.errors import DomainError, TooOften
from campaign.foundation.letters import LetterWriter
from campaign.foundation.security import is_hall
from campaign.foundation.words import human_day
from campaign.people.rules import Role


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/report", methods=["GET", "POST"])(report)
    blueprint.get("/report/sent")(sent)
    blueprint.route("/report/follow", methods=["GET", "POST"])(follow)


def mail() -> Mail:
    """How letters are written here."""
    return Mail(LetterWriter(web.settings()), web.settings().base_url)


@web.public
def report() -> Response:
    """Tell us about an event, a group, a message or anything else."""
    kind, _, about = (request.args.get("about") or "").partition(":")
    form = forms.ReportForm(kind=kind, about=about)
    if form.validate_on_submit():
        try:
            web.limit_address(limits.REPORTS)
        except TooOften as refusal:
            return _too_often(form, refusal)
        given = _keep(form)
        if is_hall(request):  # no session travels there: the code is told at once
            return _sent_page(given)
        session["report_code"] = given
        return web.see_other("conduct.sent")
    return _report_page(form, form.code)


def _keep(form: forms.ReportForm) -> str:
    kind, about = _subject(form)
    _, code = reporting.report(
        web.db(),
        kind=kind,
        public_id=about,
        category=form.category.data,
        text=form.text.data,
        keep_from=form.keep_from.data or "",
        behind=subjects.behind(web.db(), kind, about),
        mail=mail(),
    )
    return code


def _subject(form: forms.ReportForm) -> tuple[str, str]:
    kind = form.kind.data if form.kind.data in KINDS else "other"
    return kind, (form.about.data or "")[:80]


def _too_often(form: forms.ReportForm, refusal: TooOften) -> Response:
    """Many reports came from this network: what was typed stays on the page."""
    form.form_errors.append(
        f"{refusal.message} What you wrote stands below: keep this page open, or copy it."
    )
    answer = _report_page(form, refusal.status)
    answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def _report_page(form: forms.ReportForm, code: int) -> Response:
    kind, about = _subject(form)
    return web.page(
        "conduct/report.html",
        code,
        form=form,
        behind=subjects.behind(web.db(), kind, about),
        categories=[(facts, one.value, one in SAFEGUARDED) for one, facts in CATEGORIES.items()],
        officers=[one.name for one in reports.officers(web.db(), Role.SAFEGUARDING)],
    )


@web.public
def sent() -> Response:
    """The return code, shown to this browser until it goes on."""
    return _sent_page(session.pop("report_code", None))


def _sent_page(given: str | None) -> Response:
    answer = web.page("conduct/sent.html", given=given)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def follow() -> Response:
    """How a report stands, and adding to it. The code never stands in an address."""
    form = forms.FollowForm()
    if not form.validate_on_submit():
        # The form's own field called code stands before its status of that name.
        code = 422 if form.is_submitted() else 200
        return web.page("conduct/follow.html", code, form=form, report=None)
    web.limit_address(limits.REPORTS_FOLLOWED)
    try:
        held = access.report_to_follow(web.db(), form.code.data)
    except DomainError as refusal:
        form.code.errors = [refusal.message]
        return web.page("conduct/follow.html", 422, form=form, report=None)
    added = False
    if form.add.data:
        with form.refusals():
            reporting.add(web.db(), held=held, text=form.add.data)
            form.add.data, added = None, True
    return _follow_page(form, held, added=added)


def _follow_page(form: forms.FollowForm, held: Report, *, added: bool) -> Response:
    today = clock.now().date()
    values: dict[str, Any] = {
        "report": held,
        "behind": subjects.behind(web.db(), held.subject_kind, held.subject_id),
        "told": TOLD[CaseState(held.state)],
        "label": CATEGORIES[_category(held)].label,
        "day": human_day(held.made_at.date(), today=today),
        "changed": human_day(held.changed_at.date(), today=today),
        "nobody": not reports.anybody_for(web.db(), held),
        "added": added,
    }
    answer = web.page("conduct/follow.html", 409 if form.form_errors else 200, form=form, **values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _category(held: Report) -> Any:
    return next(one for one in CATEGORIES if one.value == held.category)
