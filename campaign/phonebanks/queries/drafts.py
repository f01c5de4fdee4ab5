"""What was noted of a call so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Call, CallDraft


def said_so_far(db: Session, call: Call) -> dict[str, str]:
    """What stands in the form of a call, by the names of its fields; nothing once reported."""
    draft = db.get(CallDraft, call.id) if call.status != "reported" else None
    return {**draft.said, "note": draft.note} if draft else {}


def has_draft() -> ColumnElement[bool]:
    """Whether the call of a statement has one."""
    return exists().where(CallDraft.call_id == Call.id)


def drafts_of(db: Session, contact_ids: Sequence[int]) -> list[CallDraft]:
    """The drafts of everybody's calls with these people."""
    query = (
        select(CallDraft)
        .join(Call, Call.id == CallDraft.call_id)
        .where(Call.contact_id.in_(contact_ids))
        .order_by(CallDraft.call_id)
    )
    return list(db.scalars(query))


def drafts_before(before: datetime) -> Select[int]:
    """The drafts that nobody has touched since then."""
    return select(CallDraft.call_id).where(CallDraft.at < before).order_by(CallDraft.call_id)
