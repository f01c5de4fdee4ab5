"""The tables of events."""

from campaign.events.models.events import Event, Shift
from campaign.events.models.notices import EventNotice
from campaign.events.models.signups import Rsvp, RsvpKey

__all__ = ["Event", "EventNotice", "Rsvp", "RsvpKey", "Shift"]
