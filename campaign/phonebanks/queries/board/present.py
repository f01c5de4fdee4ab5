"""Who is here and what they do: one statement for everybody, and one for the shift's numbers.

It is asked every few seconds by each lead who looks. So it begins with who is here, by four narrow
ways (claims in hand, reports of the last half hour, requests, arrivals), and looks up the calls of
those alone: no list of calls is read from its beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, and_, case, func, literal, literal_column, select, union
from sqlalchemy.orm import Session, aliased

from campaign.events.models import DoorTap, Event, Rsvp
from campaign.events.rules.signups import SEATED
from campaign.people.models import Person
from campaign.phonebanks.models import (
    Call,
    CallerProfile,
    CallingSession,
    Contact,
    HelpRequest,
    Pairing,
)
from campaign.phonebanks.queries.counted import counted, is_talk
from campaign.phonebanks.rules.claims import EARLY, LATE
from campaign.phonebanks.rules.shift import (
    FORGOTTEN,
    HERE,
    ORDER,
    SHIFT,
    Doing,
    Moments,
    doing,
)
from campaign.phonebanks.rules.trust import REGULAR_AFTER, Trust

MOST = 500


@dataclass(frozen=True, slots=True)
class Present:
    """One caller on the lead's board."""

    person_id: int
    public_id: str
    name: str
    doing: Doing
    since: datetime | None
    calls: int
    talks: int
    skips: int
    is_new: bool
    # Whom they have in hand: the claim, and the person's first name.
    claim_id: str | None = None
    person: str = ""
    # With whom they sit, where they are new.
    partner: str = ""
    partner_id: int | None = None

    @property
    def skipped_share(self) -> int:
        """How many of a hundred they passed over, of all whom they reported or passed over."""
        return round(100 * self.skips / (self.calls + self.skips)) if self.skips else 0


def present(db: Session, phonebank_id: int, *, now: datetime) -> list[Present]:
    """Who is here: who may need something first, then by name."""
    rows = db.execute(present_query(phonebank_id, now=now))
    lines = [_line(row, now) for row in rows]
    return sorted(lines, key=lambda line: ORDER.index(line.doing))


def present_query(phonebank_id: int, *, now: datetime) -> Any:
    """The one statement; its plan is looked at in a test."""
    here, partner = _here(phonebank_id, now), aliased(Person)
    sums = _sums(here, phonebank_id, now)
    asked = and_(
        HelpRequest.person_id == Person.id,
        HelpRequest.phonebank_id == phonebank_id,
        HelpRequest.ended_at.is_(None),
        HelpRequest.answered_at.is_(None),
        HelpRequest.kind == "help",
        HelpRequest.asked_at > now - FORGOTTEN,
    )
    sits = and_(
        Pairing.phonebank_id == phonebank_id,
        Pairing.newcomer_id == Person.id,
        Pairing.made_at > now - SHIFT,
    )
    holds = and_(Contact.claimed_by == Person.id, _claimed(), Contact.phonebank_id == phonebank_id)
    return (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Contact.claimed_until,
            Contact.first_name,
            Call.public_id,
            Call.claimed_at,
            Call.revealed_at,
            HelpRequest.asked_at,
            partner.name,
            Pairing.partner_id,
            *sums.c,
            _arrived(phonebank_id, now),
            _calls_ever(),
            CallerProfile.trust,
        )
        .join(here, here.c.person_id == Person.id)
        .outerjoin(Contact, holds)
        .outerjoin(Call, Call.id == Contact.claim_call_id)
        .outerjoin(HelpRequest, asked)
        .outerjoin(Pairing, sits)
        .outerjoin(partner, partner.id == Pairing.partner_id)
        .outerjoin(CallerProfile, CallerProfile.person_id == Person.id)
        .outerjoin(sums, sums.c.caller_id == Person.id)
        .order_by(Person.name, Person.id)
        .limit(MOST)
    )


def _claimed() -> Any:
    # Written out, so that both databases see that the partial index fits.
    return Contact.state == literal("claimed", literal_execute=True)


def _here(phonebank_id: int, now: datetime) -> CTE:
    """Whoever holds somebody, reported lately, asked for help, or arrived at a session."""
    holds = select(Contact.claimed_by.label("person_id")).where(
        Contact.phonebank_id == phonebank_id, _claimed(), Contact.claimed_until > now - HERE
    )
    reported = select(Call.caller_id).where(
        Call.phonebank_id == phonebank_id, Call.reported_at > now - HERE
    )
    asked = select(HelpRequest.person_id).where(
        HelpRequest.phonebank_id == phonebank_id,
        HelpRequest.ended_at.is_(None),
        HelpRequest.kind == "help",
        HelpRequest.asked_at > now - FORGOTTEN,
    )
    arrived = (
        select(Rsvp.person_id)
        .join(Event, Event.id == Rsvp.event_id)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(*runs_now(phonebank_id, now), Rsvp.status.in_(SEATED), Rsvp.attendance == "came")
    )
    return union(holds, reported, asked, arrived).cte("here")


def runs_now(phonebank_id: int, now: datetime) -> tuple[Any, ...]:
    """Conditions on ``CallingSession`` and its ``Event``: its roster may call now."""
    return (
        CallingSession.phonebank_id == phonebank_id,
        Event.state != "cancelled",
        Event.starts_at <= now + EARLY,
        Event.ends_at >= now - LATE,
    )


def _sums(here: CTE, phonebank_id: int, now: datetime) -> Any:
    unnoted = and_(
        Call.status.in_(("expired", "revoked")),
        Call.revealed_at.is_not(None),
        Call.reported_at.is_(None),
        Call.claimed_at > now - HERE - HERE,
    )
    return (
        select(
            Call.caller_id,
            func.count(case((counted(), 1))).label("calls"),
            func.count(case((and_(counted(), is_talk()), 1))).label("talks"),
            func.count(case((Call.skip_reason.like("skip_%"), 1))).label("skips"),
            func.max(Call.reported_at).label("reported_at"),
            func.max(Call.ended_at).label("ended_at"),
            func.max(case((unnoted, Call.expires_at))).label("unnoted_at"),
        )
        .where(Call.caller_id.in_(select(here.c.person_id)))
        .where(Call.claimed_at > now - SHIFT, Call.phonebank_id == phonebank_id)
        .group_by(Call.caller_id)
        .subquery("sums")
    )


def _arrived(phonebank_id: int, now: datetime) -> Any:
    """When they came to a session that runs now."""
    return (
        select(func.max(DoorTap.tapped_at))
        .join(Rsvp, Rsvp.id == DoorTap.rsvp_id)
        .join(Event, Event.id == Rsvp.event_id)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(*runs_now(phonebank_id, now), Rsvp.person_id == Person.id, Rsvp.attendance == "came")
        .correlate(Person)
        .scalar_subquery()
        .label("arrived_at")
    )


def _calls_ever() -> Any:
    """How many calls they have reported, in all; counted up to where it no longer matters."""
    ever = aliased(Call)
    some = (
        select(literal_column("1").label("one"))
        .select_from(ever)
        .where(ever.caller_id == Person.id, counted(ever))
        .limit(REGULAR_AFTER)
        .correlate(Person)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery().label("ever")


def _line(row: Any, now: datetime) -> Present:
    holds = row.claimed_until is not None and row.claimed_until > now
    ran_out = row.claimed_until if row.claimed_until and not holds and row.revealed_at else None
    unnoted = ran_out or row.unnoted_at
    if unnoted and row.reported_at and row.reported_at > unnoted:
        unnoted = None
    what, since = doing(
        Moments(
            held_at=row.claimed_at if holds else None,
            shown_at=row.revealed_at if holds else None,
            unnoted_at=unnoted,
            reported_at=max((at for at in (row.reported_at, row.ended_at) if at), default=None),
            arrived_at=row.arrived_at,
            asked_at=row.asked_at,
        ),
        now=now,
    )
    return Present(
        person_id=row[0],
        public_id=row[1],
        name=row[2],
        doing=what,
        since=since,
        calls=row.calls or 0,
        talks=row.talks or 0,
        skips=row.skips or 0,
        is_new=(row.trust or Trust.NEW) == Trust.NEW and row.ever < REGULAR_AFTER,
        claim_id=row[5] if holds else None,
        person=(row.first_name or "") if holds else "",
        partner=row[9] or "",
        partner_id=row.partner_id,
    )
