"""Who has done by themselves what a phonebank was to ask of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from campaign.phonebanks.models import Contact


def is_wanted() -> ColumnElement[bool]:
    """Whether they have not done yet what we ring about; nobody is rung for what is done."""
    return Contact.goal_met_at.is_(None)
