"""The letters of this room: you are hosting, is it on, whom to ring, did it take place."""

from campaign.meetups.messages.following import (
    call_list,
    did_it_happen,
    needs_help,
    outcome,
    still_on,
)
from campaign.meetups.messages.hosting import hosting
from campaign.meetups.messages.safety import at_one_table
from campaign.meetups.messages.seeds import seed_invite, seed_waits

__all__ = [
    "at_one_table",
    "call_list",
    "did_it_happen",
    "hosting",
    "needs_help",
    "outcome",
    "seed_invite",
    "seed_waits",
    "still_on",
]
