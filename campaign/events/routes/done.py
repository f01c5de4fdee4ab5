"""What a group has done, as its page shows it."""

from __future__ import annotations

from typing import Any

from campaign.events import queries
from campaign.events.queries import planned
from campaign.events.rules.features import when_of
from campaign.events.rules.reports import figures, month_of
from campaign.foundation import clock, web


def done_by(group_id: int) -> dict[str, Any]:
    """This month in sum, and the latest reports."""
    db, now = web.db(), clock.now()
    totals = queries.report_totals(db, since=month_of(now), until=now, group_id=group_id)
    return {
        "month": figures(totals),
        "reports": [
            {
                "url": f"/events/{event.public_id}",
                "title": event.title,
                "when": when_of(event, now=now),
                "figures": ", ".join(f"{number} {words}" for number, words in figures(report)),
            }
            for event, report in queries.recent_reports(db, group_id=group_id)
        ],
    }


def planned_by(group_id: int) -> dict[str, Any]:
    """What its meetings planned: where that can be read, and how much of it took place."""
    db, now = web.db(), clock.now()
    recaps = [
        {"url": path, "title": meeting.title, "when": when_of(meeting, now=now)}
        for meeting, path in planned.recaps_of_group(db, group_id)
    ]
    return {
        "recaps": recaps,
        "promise": planned.promise_of_group(db, group_id, now=now) if recaps else None,
    }
