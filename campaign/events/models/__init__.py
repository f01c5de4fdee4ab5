"""The tables of events."""

from campaign.events.models.announcements import Announcement
from campaign.events.models.choices import ShiftChoice
from campaign.events.models.door import Door, DoorTap, HostLink
from campaign.events.models.events import Event, Shift
from campaign.events.models.feeds import CalendarKey
from campaign.events.models.files import RsvpFile
from campaign.events.models.following import (
    EventNews,
    Follow,
    Follower,
    FollowKey,
)
from campaign.events.models.notices import EventNotice
from campaign.events.models.photos import EventPhoto
from campaign.events.models.planned import EventRecap, PlannedEvent
from campaign.events.models.reports import EventReport
from campaign.events.models.series import Occurrence, Series
from campaign.events.models.signups import Rsvp, RsvpKey
from campaign.events.models.team import EventInvite, EventKey, EventTeam
from campaign.events.models.templates import EventTemplate
from campaign.events.models.told import EventTold
from campaign.events.models.trust import TrustedHost
from campaign.events.models.turns import EventTurn

__all__ = [
    "Announcement",
    "CalendarKey",
    "Door",
    "DoorTap",
    "Event",
    "EventInvite",
    "EventKey",
    "EventNews",
    "EventNotice",
    "EventPhoto",
    "EventRecap",
    "EventReport",
    "EventTeam",
    "EventTemplate",
    "EventTold",
    "EventTurn",
    "Follow",
    "FollowKey",
    "Follower",
    "HostLink",
    "Occurrence",
    "PlannedEvent",
    "Rsvp",
    "RsvpFile",
    "RsvpKey",
    "Series",
    "Shift",
    "ShiftChoice",
    "TrustedHost",
]
