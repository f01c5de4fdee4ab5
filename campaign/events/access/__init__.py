"""Getting an event by its public id: the only way a route gets one."""

from campaign.events.access.events import (
    contacts_to_see,
    door_to_see,
    event_to_list,
    event_to_manage,
    event_to_see,
    hiding_of,
)
from campaign.events.access.following import (
    Followed,
    follow_of,
    followed_by_key,
    person_of_calendar,
)
from campaign.events.access.hosting import (
    check_offer,
    event_key,
    event_to_hand_over,
    event_to_leave,
    event_to_take_over,
    host_page_to_see,
    may_take_over,
)
from campaign.events.access.looking import event_to_look_at, event_to_moderate, queue_to_work
from campaign.events.access.signups import (
    file_to_manage,
    own_rsvp,
    rsvp_to_change,
    ticket_to_check_in,
)
from campaign.events.access.team import (
    invite_of_event,
    invite_to_answer,
    invite_to_me,
    part_to_change,
    team_to_manage,
    team_to_see,
)
from campaign.events.access.templates import templates_to_manage

__all__ = [
    "Followed",
    "check_offer",
    "contacts_to_see",
    "door_to_see",
    "event_key",
    "event_to_hand_over",
    "event_to_leave",
    "event_to_list",
    "event_to_look_at",
    "event_to_manage",
    "event_to_moderate",
    "event_to_see",
    "event_to_take_over",
    "file_to_manage",
    "follow_of",
    "followed_by_key",
    "hiding_of",
    "host_page_to_see",
    "invite_of_event",
    "invite_to_answer",
    "invite_to_me",
    "may_take_over",
    "own_rsvp",
    "part_to_change",
    "person_of_calendar",
    "queue_to_work",
    "rsvp_to_change",
    "team_to_manage",
    "team_to_see",
    "templates_to_manage",
    "ticket_to_check_in",
]
