"""What call lists do not keep for ever: people, notes, opinions and calls. Numbers stay.

Everything goes in portions, each a transaction of its own, so that nobody who calls waits; it
may be stopped at any moment and goes on the next time.
"""

from campaign.phonebanks.operations.retiring.terms import (
    calls_due,
    forget_calls,
    forget_helping,
    forget_notes,
    forget_opinions,
    forget_people,
    forget_reached,
    helping_due,
    notes_due,
    opinions_due,
    people_due,
    reached_due,
)

__all__ = [
    "calls_due",
    "forget_calls",
    "forget_helping",
    "forget_notes",
    "forget_opinions",
    "forget_people",
    "forget_reached",
    "helping_due",
    "notes_due",
    "opinions_due",
    "people_due",
    "reached_due",
]
