"""A report as it is stored, and that another one was stored before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaign.foundation.errors import Conflict
from campaign.phonebanks import adapters


@dataclass(frozen=True, slots=True)
class Saved:
    """A report as it is stored; ``repeated`` where it had been stored before."""

    outcome: str
    at: datetime
    late: bool
    care: bool = False
    repeated: bool = False
    # What became of signing them up, in sentences.
    signed_up: tuple[str, ...] = ()


class AlreadyReported(Conflict):
    """Another report of this call is stored already; ``saved`` is it."""

    def __init__(self, saved: Saved) -> None:
        label = adapters.outcomes()[saved.outcome].label
        super().__init__(f"This call was reported already: {label}. Nothing was changed.")
        self.saved = saved
