"""The tables of events."""

from campaign.events.models.choices import ShiftChoice
from campaign.events.models.events import Event, Shift
from campaign.events.models.feeds import CalendarKey
from campaign.events.models.notices import EventNotice
from campaign.events.models.signups import Rsvp, RsvpKey
from campaign.events.models.turns import EventTurn

__all__ = [
    "CalendarKey",
    "Event",
    "EventNotice",
    "EventTurn",
    "Rsvp",
    "RsvpKey",
    "Shift",
    "ShiftChoice",
]
