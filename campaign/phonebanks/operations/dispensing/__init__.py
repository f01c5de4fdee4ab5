"""Handing people out, so that nobody is on two screens.

The claim is one conditional UPDATE of a row that was locked (and skipped where another holds
it); behind it stand two partial unique indexes, one per caller and one per number. Expiry is
judged when reading, so a claim that ran out needs no clock to be free.
"""

from campaign.phonebanks.operations.dispensing.claims import (
    CALLER_INDEX,
    HOUSEHOLD_INDEX,
    NUMBER_INDEX,
    Claim,
)
from campaign.phonebanks.operations.dispensing.handing_out import SLOTS, claim_next, outlook
from campaign.phonebanks.operations.dispensing.moments import (
    moment_of,
    rests_until,
    week_of,
    why_not,
)

__all__ = [
    "CALLER_INDEX",
    "HOUSEHOLD_INDEX",
    "NUMBER_INDEX",
    "SLOTS",
    "Claim",
    "claim_next",
    "moment_of",
    "outlook",
    "rests_until",
    "week_of",
    "why_not",
]
