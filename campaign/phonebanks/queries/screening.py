"""May somebody be rung by what they agreed to, or else by the check against the TPS?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, NeverLoad, TpsFile, TpsPart
from campaign.phonebanks.rules.screening import LASTS, RunningOut, running_out
from campaign.phonebanks.rules.tps import KEPT, START

TPS = "tps"


def is_lawful(since: Any) -> ColumnElement[bool]:
    """Consent on record, or screened, a TPS file not older than ``since``, and not on it."""
    return or_(Contact.consent, and_(Contact.screened, _is_new(since), ~_is_listed()))


def reasons_against(now: datetime) -> list[tuple[ColumnElement[bool], str]]:
    """Why the law has somebody not rung; in order, and none of them where ``is_lawful``."""
    return [
        (and_(~Contact.consent, ~Contact.screened), "no_consent"),
        (and_(~Contact.consent, _is_listed()), "on_tps"),
        (and_(~Contact.consent, ~_is_new(now - LASTS)), "tps_old"),
    ]


def reason_against(db: Session, contact: Contact, *, now: datetime) -> str | None:
    """The same for one contact, as the tables are at this moment."""
    found: str | None = db.scalar(
        select(case(*reasons_against(now), else_=None))
        .select_from(Contact)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.id == contact.id)
    )
    return found


def tps_warning(db: Session, phonebank_id: int, *, now: datetime) -> RunningOut | None:
    """What a lead is to know of the check that lets people of this list be rung."""
    people = db.scalar(
        select(func.count())
        .select_from(Contact)
        .where(Contact.phonebank_id == phonebank_id, Contact.screened, ~Contact.consent)
        .where(Contact.state.in_(("ready", "claimed", "callback")))
    )
    return running_out(people or 0, last_check(db), now=now)


def last_check(db: Session) -> datetime | None:
    """Of when the newest TPS file is; None where there never was one."""
    return db.scalar(select(func.max(NeverLoad.made_at)).where(NeverLoad.source == TPS))


def last_size(db: Session, source: str) -> int | None:
    """How many lines the last file of a source had."""
    last = select(NeverLoad.rows).where(NeverLoad.source == source)
    return db.scalar(last.order_by(NeverLoad.id.desc()).limit(1))


def on_tps(hmac: Any) -> ColumnElement[bool]:
    """Whether a keyed hash is in the TPS file in force: one look into one part of it."""
    in_force = select(TpsFile.id).where(TpsFile.state == literal("in_force", literal_execute=True))
    return (
        select(TpsPart.file_id)
        .where(
            TpsPart.file_id == in_force.scalar_subquery(),
            TpsPart.start == func.substr(hmac, 1, START),
            TpsPart.keys.contains(func.substr(hmac, START + 1, KEPT - START)),
        )
        .exists()
    )


def _is_new(since: Any) -> ColumnElement[bool]:
    newest = select(NeverLoad.id).where(NeverLoad.source == TPS, NeverLoad.made_at >= since)
    return newest.exists()


def _is_listed() -> ColumnElement[bool]:
    return on_tps(PhoneNumber.hmac)
