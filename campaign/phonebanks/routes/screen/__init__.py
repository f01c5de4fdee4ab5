"""What the calling screen shows, as plain values: made here for the page and for programs."""

from campaign.phonebanks.routes.screen.pages import (
    frame,
    late_report,
    late_step,
    or_its_page,
    screen,
)
from campaign.phonebanks.routes.screen.people import kept_until, number_shown
from campaign.phonebanks.routes.screen.programs import claim_json, nothing_json, taken_json
from campaign.phonebanks.routes.screen.times import callbacks_of, with_offered

__all__ = [
    "callbacks_of",
    "claim_json",
    "frame",
    "kept_until",
    "late_report",
    "late_step",
    "nothing_json",
    "number_shown",
    "or_its_page",
    "screen",
    "taken_json",
    "with_offered",
]
