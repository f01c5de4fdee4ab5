"""What a database holds before a demo is put into it: nothing, a demo, or somebody real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.commands import probe
from campaign.commands.demo.size import NATIONAL, SMALL, Size
from campaign.commands.demo.society import CROWD_HOST
from campaign.groups.models import Group
from campaign.home.rules import DEMO_HOST
from campaign.people import queries
from campaign.people.models import Person, PhoneNumber, Suppression

ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Holding:
    """``made_on`` is the day of the demo that is there; ``real`` counts what is nobody's play:
    persons of other addresses, numbers that can ring, wishes not to be called."""

    people: int
    made_on: date | None
    real: int
    size: Size

    @property
    def is_demo_alone(self) -> bool:
        """Whether all that is there was made up, so that it may be made anew."""
        return self.made_on is not None and not self.real


def look(db: Session) -> Holding:
    """Look before anything is written."""
    cast = queries.demo_people(db)
    groups = db.scalar(select(func.count()).select_from(Group)) or 0
    return Holding(
        people=queries.person_count(db),
        made_on=cast[0].made_at.astimezone(ZONE).date() if cast else None,
        real=_real(db),
        size=NATIONAL if groups >= NATIONAL.groups else SMALL,
    )


def _real(db: Session) -> int:
    made_up = Person.is_demo | Person.email.like(f"%@{DEMO_HOST}")
    made_up |= Person.email.like(f"%@{CROWD_HOST}")
    fictitious = select(PhoneNumber.hmac).where(PhoneNumber.fictitious)
    counts = (
        select(func.count()).where(~func.coalesce(made_up, False)).select_from(Person),
        select(func.count()).where(PhoneNumber.fictitious.is_(False)),
        select(func.count()).where(
            Suppression.hmac.not_in(fictitious), Suppression.source != probe.SOURCE
        ),
    )
    return sum(db.scalar(count) or 0 for count in counts)
