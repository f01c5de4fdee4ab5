"""The letters of this room: your place, one for you, a change, a cancellation, the day before."""

from campaign.events.messages.before import address, reminder
from campaign.events.messages.bringing import brought
from campaign.events.messages.day import did_you_come, how_was_it, today, who_came, who_comes
from campaign.events.messages.following import (
    confirm_follow,
    digest,
    gone_quiet,
)
from campaign.events.messages.host_page import host_page
from campaign.events.messages.hosts import (
    cohost_asked,
    host_offer,
    hostless,
    now_cohosting,
    now_hosting,
    team_invite,
)
from campaign.events.messages.mail import Mail
from campaign.events.messages.moderation import (
    asked,
    hidden,
    kept_off,
    listed,
    shown_again,
    trusted,
)
from campaign.events.messages.news import cancelled, changed
from campaign.events.messages.offers import offer, offer_over
from campaign.events.messages.places import declined, not_signed_up, place_for_you, signed_up

__all__ = [
    "Mail",
    "address",
    "asked",
    "brought",
    "cancelled",
    "changed",
    "cohost_asked",
    "confirm_follow",
    "declined",
    "did_you_come",
    "digest",
    "gone_quiet",
    "hidden",
    "host_offer",
    "host_page",
    "hostless",
    "how_was_it",
    "kept_off",
    "listed",
    "not_signed_up",
    "now_cohosting",
    "now_hosting",
    "offer",
    "offer_over",
    "place_for_you",
    "reminder",
    "shown_again",
    "signed_up",
    "team_invite",
    "today",
    "trusted",
    "who_came",
    "who_comes",
]
