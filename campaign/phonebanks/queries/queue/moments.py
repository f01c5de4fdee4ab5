"""When the queue is asked: what every check of a claim needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaign.phonebanks.rules.attempts import Caps


@dataclass(frozen=True, slots=True)
class Moment:
    """What every check of a claim needs to know: when, and what is open then."""

    now: datetime
    open_zones: tuple[str, ...]
    caps: Caps
    is_practice: bool
    # Where a bank holiday is kept just now and nobody is rung.
    shut_nations: tuple[str, ...] = ()
