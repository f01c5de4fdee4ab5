"""The mark of the rules by which people wait: another mark, other waits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from campaign.phonebanks.rules.outcomes import A_DAY, Outcome


def mark_of(outcomes: Iterable[Outcome], *, most_attempts: int) -> str:
    """A hash of all that decides until when somebody waits on a phonebank, and whether at all."""
    waits = sorted(
        (row.code, row.next, row.delay_minutes, row.other_daypart, row.most_a_day)
        for row in outcomes
    )
    told = json.dumps([waits, most_attempts, A_DAY.total_seconds()])
    return hashlib.sha256(told.encode()).hexdigest()
