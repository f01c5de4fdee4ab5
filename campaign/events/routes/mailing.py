"""How this installation writes letters."""

from __future__ import annotations

from campaign.events.messages import Mail
from campaign.foundation import web
from campaign.foundation.letters import LetterWriter


def mail() -> Mail:
    """How this installation writes letters."""
    settings = web.settings()
    return Mail(LetterWriter(settings), settings.base_url)
