"""What a report may not say, and when."""

from __future__ import annotations

from datetime import timedelta

from campaign.foundation.errors import Conflict, Refused
from campaign.phonebanks.operations.locking import Attempt
from campaign.phonebanks.rules.outcomes import Outcome

NEVER = "dnc"
LATEST_REPORT = timedelta(hours=24)


def check_reportable(line: Attempt, chosen: Outcome) -> None:
    """Only a call that was made has an outcome: its number was shown, and it was not given back.

    Where it was shown, a wish not to be called is kept all the same.
    """
    call = line.call
    if chosen.is_skip:
        raise Refused("To pass somebody over, use “Not this person”.", field="outcome")
    given_back = call.status == "released" and not chosen.is_objection
    if call.revealed_at is None or given_back:
        raise Conflict("Nobody was rung here yet: press Call first, then say how it went.")
    if line.now > call.expires_at + LATEST_REPORT and chosen.code != NEVER:
        raise Refused("That call is more than a day ago: its outcome can no longer be noted.")


def used_elsewhere() -> Conflict:
    """The key of a report was sent with another call."""
    return Conflict("This report was sent for another call already. Reload the page.")
