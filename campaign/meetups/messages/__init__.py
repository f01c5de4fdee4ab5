"""The letters of this room: you are hosting, is it on, whom to ring, did it take place."""

from campaign.meetups.messages.following import (
    call_list,
    did_it_happen,
    needs_help,
    outcome,
    still_on,
)
from campaign.meetups.messages.hosting import hosting

__all__ = ["call_list", "did_it_happen", "hosting", "needs_help", "outcome", "still_on"]
