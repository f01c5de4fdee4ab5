"""Looking events, sign-ups and rosters up."""

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
from campaign.events.queries.line import turn_of, waiting_before
from campaign.events.queries.looking import ToLookAt, waiting_for_look
from campaign.events.queries.mapping import features_in
from campaign.events.queries.rosters import Roster, roster_of
from campaign.events.queries.single import (
    event_by_public_id,
    is_on_roster,
    own_rsvp,
    rsvp_by_key,
    rsvp_of,
    standings_for,
)

__all__ = [
    "MOST",
    "Found",
    "Roster",
    "Row",
    "ToLookAt",
    "Wider",
    "calendar_key_of",
    "card_for",
    "cards",
    "event_by_public_id",
    "features_in",
    "feed",
    "is_on_roster",
    "next_by_group",
    "next_for",
    "own_rsvp",
    "person_by_calendar_key",
    "personal",
    "roster_of",
    "rsvp_by_key",
    "rsvp_of",
    "standings_for",
    "turn_of",
    "upcoming",
    "waiting_before",
    "waiting_for_look",
    "wider",
]
