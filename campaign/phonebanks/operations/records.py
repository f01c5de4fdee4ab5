"""What we hold of a caller's calling beside the calls: shown to them, and not kept for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.people.models import PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import (
    CallerProfile,
    CallerSignal,
    CallReview,
    Canary,
    Contact,
    Phonebank,
)
from campaign.phonebanks.rules.sampling import VERDICTS, WAITS_DAYS
from campaign.phonebanks.rules.signals import in_words


def export_caller(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """A caller's standing, what leads said of their calls, and what looked unusual."""
    profile = db.get(CallerProfile, person_id)
    into["Your calling"] = [] if profile is None else [_standing(profile)]
    into["Numbers you gave to check calls with"] = _own_numbers(db, person_id)
    into["What leads said of your calls"] = _said(db, person_id)
    into["What looked unusual in your calls"] = _unusual(db, person_id)


def _standing(profile: CallerProfile) -> dict[str, Any]:
    return {
        "standing": profile.trust,
        "since": _minute(profile.since),
        "paused": _minute(profile.paused_at),
        "let go on": _minute(profile.let_go_at),
    }


def _own_numbers(db: Session, person_id: int) -> list[dict[str, Any]]:
    query = (
        select(Contact.first_name, Contact.town, PhoneNumber.e164, Canary.made_at)
        .join(Canary, Canary.contact_id == Contact.id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Canary.owner_id == person_id)
        .order_by(Canary.contact_id)
    )
    return [
        {"name": name, "town": town, "phone": phone.display(e164), "given": _minute(at)}
        for name, town, e164, at in db.execute(query)
    ]


def _said(db: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(CallReview).where(
        CallReview.caller_id == person_id, CallReview.verdict.is_not(None)
    )
    return [
        {
            "when": _minute(one.reviewed_at),
            "by": "a lead",
            "found": VERDICTS[str(one.verdict)],
            "words": one.feedback or None,
            "read": _minute(one.read_at),
        }
        for one in db.scalars(query.order_by(CallReview.call_id))
    ]


def _unusual(db: Session, person_id: int) -> list[dict[str, Any]]:
    query = (
        select(CallerSignal, Phonebank.title)
        .join(Phonebank, Phonebank.id == CallerSignal.phonebank_id)
        .where(CallerSignal.caller_id == person_id)
        .order_by(CallerSignal.first_at, CallerSignal.phonebank_id, CallerSignal.code)
    )
    return [
        {
            "phonebank": title,
            "what": " ".join(in_words(one.code, one.figures, adapters.outcome_label(one.word))),
            "first": _minute(one.first_at),
            "last": _minute(one.last_at),
        }
        for one, title in db.execute(query)
    ]


def _minute(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None


def words_due(db: Session, before: datetime) -> int:
    """How many words on calls and signs are older than then."""
    words = select(func.count()).select_from(CallReview).where(_old_words(before))
    signs = select(func.count()).select_from(CallerSignal).where(CallerSignal.last_at < before)
    return (db.scalar(words) or 0) + (db.scalar(signs) or 0)


def forget_words(db: Session, before: datetime) -> int:
    """Forget what leads wrote before then, and signs of before then; the verdicts stay."""
    gone = words_due(db, before)
    db.execute(update(CallReview).where(_old_words(before)).values(feedback=""))
    db.execute(delete(CallerSignal).where(CallerSignal.last_at < before))
    return gone


def unseen_due(db: Session, before: datetime) -> int:
    """How many calls were chosen before then and nobody has looked at them."""
    return db.scalar(select(func.count()).select_from(CallReview).where(_unseen(before))) or 0


def forget_unseen(db: Session, before: datetime) -> int:
    """Nobody looks at what was chosen before then any more."""
    gone = unseen_due(db, before)
    db.execute(delete(CallReview).where(_unseen(before)))
    return gone


def _unseen(before: datetime) -> ColumnElement[bool]:
    return and_(CallReview.verdict.is_(None), CallReview.chosen_at < before)


def _old_words(before: datetime) -> ColumnElement[bool]:
    """Words that were read, or that nobody has read for a month more."""
    read = or_(CallReview.read_at.is_not(None), CallReview.verdict == "ok")
    unread = CallReview.reviewed_at < before - timedelta(days=WAITS_DAYS)
    return and_(CallReview.feedback != "", CallReview.reviewed_at < before, or_(read, unread))
