"""How letters are written."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.foundation.letters import Writer


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str
