"""When a phonebank may ring whom: its hours, its caps, and why nobody is handed out at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.queries import past, queue
from campaign.phonebanks.queries.at_hand import Terms
from campaign.phonebanks.queries.queue import Moment
from campaign.phonebanks.rules.attempts import earliest_attempt
from campaign.phonebanks.rules.claims import USUAL_PACE, Nothing, Pace, Past, not_open, too_fast
from campaign.phonebanks.rules.hours import HOME, open_now, shut_nations
from campaign.phonebanks.rules.week import Week, read_week


def week_of(phonebank: Phonebank | Terms) -> Week | None:
    """The phonebank's own hours; None where it keeps the usual ones."""
    # "On no day" is stored as an empty week, and is not the same as having none of one's own.
    return None if phonebank.hours is None else read_week(phonebank.hours, adapters.calling_rules())


def moment_of(phonebank: Phonebank | Terms, *, now: datetime) -> Moment:
    """What is open now, and how often a number may be rung."""
    rules, week = adapters.calling_rules(), week_of(phonebank)
    always = phonebank.is_practice
    shut = () if always else shut_nations(now, rules, week)
    at_home = len(shut) < len(rules.holidays)
    zones = tuple(
        zone
        for zone in phonebank.zones
        if (zone == HOME and at_home) or open_now(now, zone, rules, week, always=always)
    )
    between = max(rules.caps.between, timedelta(minutes=phonebank.cooldown_minutes))
    caps = replace(rules.caps, between=between)
    return Moment(now, zones, caps, always, shut if at_home else ())


def why_not(
    phonebank: Phonebank | Terms, past: Past | None, now: datetime, pace: Pace = USUAL_PACE
) -> Nothing | None:
    """Why nobody is handed out here, or not to somebody with this past."""
    shut = not_open(
        phonebank.status, opens_at=phonebank.opens_at, closes_at=phonebank.closes_at, now=now
    )
    if shut is not None:
        return shut
    if past is None or phonebank.is_practice:
        return None
    return too_fast(past, pace, now=now)


def rests_until(
    db: Session, contact: Contact, number: PhoneNumber, moment: Moment, *, but: int = 0
) -> datetime | None:
    """Until when the caps over all phonebanks let a number rest; the contact waits until then."""
    if moment.is_practice or _is_quiet(number, moment):
        return None
    rung = past.attempts_on(db, number.id, since=queue.week_before(moment.now), but=but)
    promised = contact.promised_at is not None
    excepted = promised or contact.last_result == "other_person"
    earliest = earliest_attempt(rung, moment.caps, excepted=excepted)
    if earliest is None or earliest <= moment.now:
        return None
    contact.not_before = earliest
    db.flush()
    return earliest


def _is_quiet(number: PhoneNumber, moment: Moment) -> bool:
    """Whether nobody rang the number in a week: its last attempt is never behind its calls."""
    last = number.last_attempt_at
    return last is None or last <= queue.week_before(moment.now)
