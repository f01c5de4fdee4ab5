"""Looking events, sign-ups and rosters up."""

from campaign.events.queries.door import facts_by_link, facts_of
from campaign.events.queries.duties import Duty, hostless_for, reports_due
from campaign.events.queries.feeds import (
    calendar_key_of,
    feed,
    person_by_calendar_key,
    personal,
)
from campaign.events.queries.finding import (
    MOST,
    Found,
    Row,
    Wider,
    card_for,
    cards,
    next_by_group,
    next_for,
    upcoming,
    wider,
)
from campaign.events.queries.following import (
    follow_key,
    follower_by_email,
    follows_group,
    held_between,
    newest_news,
)
from campaign.events.queries.line import turn_of, waiting_before
from campaign.events.queries.looking import ToLookAt, waiting_for_look
from campaign.events.queries.mapping import features_in
from campaign.events.queries.moderating import (
    found_in,
    is_moderator,
    looking_standings,
    may_look,
    past_of,
    queue_of,
)
from campaign.events.queries.photos import photos_of
from campaign.events.queries.reports import (
    Totals,
    people_who_came,
    recent_reports,
    report_of,
    report_totals,
)
from campaign.events.queries.rosters import Roster, roster_of, sign_ups_by_shift
from campaign.events.queries.series import (
    Repeats,
    occurrence_of,
    repeats,
    shifts_of_event,
)
from campaign.events.queries.single import (
    event_by_public_id,
    file_of,
    is_on_roster,
    own_rsvp,
    rsvp_by_key,
    rsvp_of,
    standings_for,
    statuses_of,
)
from campaign.events.queries.standing import (
    standing_for,
)
from campaign.events.queries.sums import held_totals
from campaign.events.queries.team import (
    Faces,
    event_key,
    faces_of,
    invite_by_key,
    invites_for,
    invites_of,
    longest_cohost,
    part_of,
    parts_of_person,
    team_of,
    team_size,
)
from campaign.events.queries.templates import all_templates, template_for

__all__ = [
    "MOST",
    "Duty",
    "Faces",
    "Found",
    "Repeats",
    "Roster",
    "Row",
    "ToLookAt",
    "Totals",
    "Wider",
    "all_templates",
    "calendar_key_of",
    "card_for",
    "cards",
    "event_by_public_id",
    "event_key",
    "faces_of",
    "facts_by_link",
    "facts_of",
    "features_in",
    "feed",
    "file_of",
    "follow_key",
    "follower_by_email",
    "follows_group",
    "found_in",
    "held_between",
    "held_totals",
    "hostless_for",
    "invite_by_key",
    "invites_for",
    "invites_of",
    "is_moderator",
    "is_on_roster",
    "longest_cohost",
    "looking_standings",
    "may_look",
    "newest_news",
    "next_by_group",
    "next_for",
    "occurrence_of",
    "own_rsvp",
    "part_of",
    "parts_of_person",
    "past_of",
    "people_who_came",
    "person_by_calendar_key",
    "personal",
    "photos_of",
    "queue_of",
    "recent_reports",
    "repeats",
    "report_of",
    "report_totals",
    "reports_due",
    "roster_of",
    "rsvp_by_key",
    "rsvp_of",
    "shifts_of_event",
    "sign_ups_by_shift",
    "standing_for",
    "standings_for",
    "statuses_of",
    "team_of",
    "team_size",
    "template_for",
    "turn_of",
    "upcoming",
    "waiting_before",
    "waiting_for_look",
    "wider",
]
