"""What a group has done, as its page shows it."""

from __future__ import annotations

from typing import Any

from campaign.events import queries
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
