"""What happens in a hall that somebody must be able to answer for, and who has to leave it."""

from __future__ import annotations

from datetime import datetime

from campaign.conduct.rules.kept_out import LASTS
from campaign.foundation.errors import Refused

CATEGORIES = {
    "first_aid": "First aid",
    "safety": "Fire, crowding, the building",
    "disturbance": "Shouting, threats, a disturbance",
    "distress": "Somebody was upset or unwell",
    "property": "Theft, damage, lost things",
    "people": "Children or people at risk",
    "other": "Something else",
}
HELP = "help"
LONGEST_PLACE = 80
LONGEST_ACTION = 300
LONGEST_REASON = 200
LONGEST_APPEAL = 1000


class TurnedAway(Refused):
    """Somebody who was sent out, or is kept out of everything, comes in again.

    ``by_helper`` where somebody at the desk or the door typed it for them and reads this.
    """

    def __init__(self, *, by_helper: bool = False, field: str | None = None) -> None:
        told = (
            "We cannot take them in by this address or number. They can write to us and ask why: "
            "the address is under “Privacy”."
            if by_helper
            else "Please go to the desk: somebody there will see to you."
        )
        super().__init__(told, field=field)


def label_of(category: str) -> str:
    """A category as people read it."""
    return "Help asked for" if category == HELP else CATEGORIES[category]


def is_appeal_read(appealed_at: datetime | None, *, everywhere_until: datetime | None) -> bool:
    """Whether who keeps them out of everything had read their appeal when they decided it."""
    if appealed_at is None or everywhere_until is None:
        return False
    return appealed_at <= everywhere_until - LASTS
