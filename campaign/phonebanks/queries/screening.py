"""May somebody be rung by what they agreed to, or else by the check against the TPS?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from campaign.foundation.database import UTCDateTime
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import (
    BureauAnswer,
    Contact,
    NeverLoad,
    ScreenedNumber,
    TpsFile,
    TpsPart,
)
from campaign.phonebanks.rules.screening import LASTS, WARNS, RunningOut, running_out
from campaign.phonebanks.rules.tps import KEPT, START

TPS = "tps"


def is_lawful(since: Any) -> ColumnElement[bool]:
    """Consent on record, or screened: checked not longer ago than ``since``, and not listed."""
    return or_(Contact.consent, and_(Contact.screened, _is_checked(since), ~is_listed()))


def reasons_against(now: datetime) -> list[tuple[ColumnElement[bool], str]]:
    """Why the law has somebody not rung; in order, and none of them where ``is_lawful``."""
    return [
        (and_(~Contact.consent, ~Contact.screened), "no_consent"),
        (and_(~Contact.consent, is_listed()), "on_tps"),
        (and_(~Contact.consent, ~_is_checked(now - LASTS)), "tps_old"),
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
    """What a lead is to know of the checks that let people of this list be rung.

    Of those whose check runs out it tells the day of the first.
    """
    file, answer = last_check(db), _cleared_at()
    newest: ColumnElement[Any] = answer
    if file is not None:
        newest = case((answer > file, answer), else_=literal(file, UTCDateTime()))
    people, checked, first = db.execute(
        select(func.count(), func.count(newest), func.min(newest, type_=UTCDateTime()))
        .select_from(Contact)
        .where(Contact.phonebank_id == phonebank_id, Contact.screened, ~Contact.consent)
        .where(Contact.state.in_(("ready", "claimed", "callback")))
        .where(or_(newest.is_(None), newest <= now - WARNS))
    ).one()
    return running_out(checked or people, first, now=now)


def standing_of(db: Session, phonebank_id: int, *, now: datetime) -> dict[str, int]:
    """Of the people whose consent is not on record and who may still be rung: how many are what.

    ``clear``, ``listed``, ``old`` (their check is), ``said_no`` and ``unscreened``.
    """
    what = case(
        (and_(~Contact.screened, func.coalesce(Contact.hold_reason, "") == "said_no"), "said_no"),
        (is_listed(), "listed"),
        (~Contact.screened, "unscreened"),
        (_is_checked(now - LASTS), "clear"),
        else_="old",
    ).label("what")
    rows = db.execute(
        select(what, func.count())
        .select_from(Contact)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.phonebank_id == phonebank_id, ~Contact.consent)
        .where(Contact.state.in_(("ready", "claimed", "callback", "held")))
        .group_by(what)
        .order_by(what)
    )
    return {name: count for name, count in rows}


def answers_of(db: Session, phonebank_id: int) -> list[BureauAnswer]:
    """The answers that bureaus gave on a list, the newest first."""
    answers = select(BureauAnswer).where(BureauAnswer.phonebank_id == phonebank_id)
    return list(db.scalars(answers.order_by(BureauAnswer.id.desc()).limit(20)))


def keys_of_list(db: Session, phonebank_id: int) -> dict[bytes, int]:
    """The keyed hashes of the numbers of a list, each with the number's id."""
    rows = db.execute(
        select(PhoneNumber.hmac, PhoneNumber.id)
        .join(Contact, Contact.number_id == PhoneNumber.id)
        .where(Contact.phonebank_id == phonebank_id, Contact.state != "withdrawn")
        .order_by(PhoneNumber.id)
    )
    return {bytes.fromhex(hmac): number_id for hmac, number_id in rows}


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


def is_listed() -> ColumnElement[bool]:
    """The TPS file in force has a contact's number, or the bureau's answer for this list."""
    return or_(on_tps(PhoneNumber.hmac), func.coalesce(_answer(ScreenedNumber.is_listed), false()))


def _is_checked(since: Any) -> ColumnElement[bool]:
    """Whether there was a check since then: a TPS file for all, or an answer for this number."""
    newest = select(NeverLoad.id).where(NeverLoad.source == TPS, NeverLoad.made_at >= since)
    return or_(newest.exists(), and_(_cleared_at().is_not(None), _cleared_at() >= since))


def _cleared_at() -> ColumnElement[datetime]:
    return _answer(ScreenedNumber.checked_at, ~ScreenedNumber.is_listed)


def _answer(what: Any, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    """What the bureau's answer for this list says of a contact's number; NULL without one.

    A value and not EXISTS, so that PostgreSQL looks the one number up.
    """
    asked = select(what).where(
        ScreenedNumber.phonebank_id == Contact.phonebank_id,
        ScreenedNumber.number_id == Contact.number_id,
        *where,
    )
    return asked.correlate(Contact).scalar_subquery()
