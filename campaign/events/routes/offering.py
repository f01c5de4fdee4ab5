"""The page of an event's six questions: what it offers to tap, and what stands beside the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from wtforms.fields.choices import SelectChoice

from campaign.events import forms, queries
from campaign.events.rules.kinds import FIRST_KINDS, KINDS, OTHER_KINDS
from campaign.events.rules.repeating import SCOPES
from campaign.events.rules.times import ZONE
from campaign.foundation import clock, web
from campaign.foundation.words import DAYS
from campaign.groups.models import Membership


def offer(form: forms.AnnounceForm, hosted: list[Membership]) -> None:
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


def form_page(
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
