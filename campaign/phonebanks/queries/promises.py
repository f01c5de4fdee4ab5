"""Promised calls: whose they are, and from when anybody may keep them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from campaign.phonebanks.models import Contact
from campaign.phonebanks.rules.claims import CALLBACK_GRACE


def is_awaited(now: datetime) -> ColumnElement[bool]:
    """A promise for another time, or one that its owner is to keep first."""
    owned = and_(Contact.callback_owner_id.is_not(None), Contact.promised_at > now - CALLBACK_GRACE)
    return and_(
        Contact.promised_at.is_not(None),
        Contact.state != "ready",
        or_(Contact.promised_at > now, Contact.not_before > now, owned),
    )
