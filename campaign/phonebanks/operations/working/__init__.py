"""The work on lists: read a file, bring its people in, clear away. Each may begin again.

Two stages, each ended by one transaction that only the worker whose list it is can make: the
counts of a file that was read, and the people of a file that is brought in. Whatever was done
before that is done again by the next worker, or thrown away; so it may be killed at any point.
"""

from campaign.phonebanks.operations.working.jobs import Shop
from campaign.phonebanks.operations.working.turns import clear_away, see_through, work_off, work_on

__all__ = [
    "Shop",
    "clear_away",
    "see_through",
    "work_off",
    "work_on",
]
