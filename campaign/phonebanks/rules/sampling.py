"""Which calls a lead is shown to look at: a share of each standing, unforeseeable."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from campaign.phonebanks.rules.trust import Trust

VERDICTS = {"ok": "All right", "minor": "Could be better", "serious": "A serious mistake"}
# What nobody has looked at by then is not looked at any more: it would help nobody.
WAITS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a hundred calls are looked at, by the caller's standing."""

    new: int = 100
    regular: int = 15
    trusted: int = 2

    def of(self, trust: str) -> int:
        """The share of one standing; of the suspended everything is looked at."""
        if trust in (Trust.NEW, Trust.SUSPENDED):
            return self.new
        return self.regular if trust == Trust.REGULAR else self.trusted


def is_chosen(call_id: int, percent: int, *, key: bytes) -> bool:
    """Whether a call is one of the sample: the same answer each time, by a hash with our key."""
    digest = hmac.new(key, f"looked at:{call_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % 100 < percent
