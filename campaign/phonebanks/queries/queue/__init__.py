"""The queue: who may be handed out now, and for everybody else the one reason why not."""

from campaign.phonebanks.queries.queue.card import next_change, ready_for_others, reasons
from campaign.phonebanks.queries.queue.conditions import (
    WORKING,
    values_of,
    week_before,
    within_week,
)
from campaign.phonebanks.queries.queue.looks import (
    callable_now,
    has_somebody,
    in_line,
    next_callback,
    next_ready,
)
from campaign.phonebanks.queries.queue.moments import Moment

__all__ = [
    "WORKING",
    "Moment",
    "callable_now",
    "has_somebody",
    "in_line",
    "next_callback",
    "next_change",
    "next_ready",
    "ready_for_others",
    "reasons",
    "values_of",
    "week_before",
    "within_week",
]
