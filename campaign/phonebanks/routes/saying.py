"""What a caller has before them to say: the script, with the names of this call put in."""

from __future__ import annotations

from campaign.foundation import web
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.shown import Script, shown


def script_for(phonebank: Phonebank, *, first_name: str, town: str) -> Script:
    """The newest version as this caller says it to this person."""
    kept = board.script_of(web.db(), phonebank.id)
    return shown(
        kept.steps if kept else [],
        kept.number if kept else None,
        first_name=first_name,
        town=town,
        caller=(web.visitor().name or "").split(" ")[0],
        movement=web.settings().name,
    )
