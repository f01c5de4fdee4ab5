"""The figures of one phonebank, as plots, as tables and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from campaign.figures import access
from campaign.figures.queries import parts
from campaign.figures.queries.lately import lately
from campaign.figures.rules import figures, pace, pages
from campaign.figures.rules.figures import Figure, Table
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound
from campaign.foundation.spreadsheets import write_csv
from campaign.foundation.words import human_day, plural
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import board, goals, sheets, sums
from campaign.phonebanks.queries.remembered import reasons_lately
from campaign.phonebanks.rules.asks import Asks
from campaign.phonebanks.rules.funnel import Sums

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the page of a phonebank stands on."""

    phonebank: Phonebank
    sees_all: bool
    sums: Sums
    made_at: datetime | None
    asks: Asks
    came: str
    now: datetime


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/figures")(phonebank)
    blueprint.get("/phonebanks/<public_id>/figures/<key>.csv")(phonebank_csv)


@web.needs(web.SIGNED_IN)
def phonebank(public_id: str) -> Response:
    """The plots, and what they foretell."""
    found = _found(public_id)
    held = found.phonebank
    return web.page(
        "figures/phonebank.html",
        phonebank=held,
        headline=pages.headline(found.sums.total, sees_all=found.sees_all),
        lede=_lede(found),
        total=found.sums.total,
        forgotten=found.sums.forgotten.calls,
        asks=[pages.question_of(words) for words in found.asks.words],
        funnel=_funnel(found),
        figures=_plots(found),
        said=_said(found),
        outlook=pace.outlook(_facts(found)),
        lately=lately(web.db(), held.id, now=found.now),
    )


@web.needs(web.SIGNED_IN)
def phonebank_csv(public_id: str, key: str) -> Response:
    """The table of one of the plots."""
    found = _found(public_id)
    for figure in [_funnel(found), *_plots(found), *_said(found)]:
        if figure.key == key:
            return as_file(figure.table, f"{key}-{found.phonebank.public_id}", found.now)
    raise NotFound("There is no such table. Look at the figures again.")


def as_file(table: Table, name: str, now: datetime) -> Response:
    """A table for a spreadsheet, which takes none of it for a program."""
    answer = Response(b"".join(write_csv(table.headings, table.rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _found(public_id: str) -> Found:
    db, now = web.db(), clock.now()
    held, sees_all = access.phonebank_to_reckon(db, public_id, web.visitor().person_id)
    (asked,) = sums.asked_of(db, [held])
    came = came_when(goals.first_start(db, asked.goal, held) if asked.goal else None, now)
    kept = sheets.sheet_of(db, asked, now=now)
    return Found(held, sees_all, kept.sums, kept.made_at, asked.asks, came, now)


def came_when(starts_at: datetime | None, now: datetime) -> str:
    """From when on it is known who came; empty once it is."""
    if starts_at is None:
        return "nothing to come to is named"
    if starts_at <= now:
        return ""
    return f"known after {human_day(starts_at.astimezone(LONDON).date())}"


def _funnel(found: Found) -> Figure:
    return figures.funnel(found.sums.total, sees_all=found.sees_all, came=found.came)


def _plots(found: Found) -> list[Figure]:
    db, outcomes = web.db(), adapters.outcomes()
    names = pages.Names(
        parts.session_names(db, found.sums.sessions), parts.group_names(db, found.sums.groups)
    )
    endings = [
        (outcomes[code].label, outcomes[code].reached, number)
        for code, number in found.sums.outcomes.items()
        if code in outcomes
    ]
    plots = pages.figures_of(found.sums, names, endings, sees_all=found.sees_all)
    return [pace.by_day(found.sums.days, _today(found.now)), *plots]


def _said(found: Found) -> list[Figure]:
    script = board.script_of(web.db(), found.phonebank.id)
    steps: Sequence[dict[str, Any]] = script.steps if script else ()
    return pages.answers_of(steps, found.sums.answers, sees_all=found.sees_all)


def _facts(found: Found) -> pace.Facts:
    db, held, now = web.db(), found.phonebank, found.now
    why = reasons_lately(db, held, moment_of(held, now=now))
    return pace.Facts(
        left=sum(why.get(name, 0) for name in pace.LEFT),
        through=sum(why.get(name, 0) for name in pace.THROUGH),
        calls=found.sums.total.calls,
        days=found.sums.days,
        held=parts.held_sessions(db, held.id, dict(found.sums.sessions), now=now),
        planned=parts.planned_sessions(db, held, now=now),
        today=_today(now),
        closes=held.closes_at.astimezone(LONDON).date() if held.closes_at else None,
    )


def _lede(found: Found) -> str:
    callers = sum(part.callers for part in found.sums.groups.values())
    if not found.sums.days:
        return "Every plot here begins with the first call."
    since = human_day(min(found.sums.days), today=_today(found.now))
    total = plural(found.sums.total.calls, "call")
    told = f"From {total} by {plural(callers, 'caller')} since {since}."
    if found.made_at is None:
        return told
    return f"{told} Counted at {found.made_at.astimezone(LONDON):%H:%M}."


def _today(now: datetime) -> Any:
    return now.astimezone(LONDON).date()
