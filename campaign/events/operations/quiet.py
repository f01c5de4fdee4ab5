"""Telling convenors, once, that their group has been quiet and will soon be dormant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, update

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.queries.standing import Quiet, gone_quiet
from campaign.events.rules.standing import DORMANT_AFTER, ZONE
from campaign.foundation import audit
from campaign.foundation.database import Database
from campaign.foundation.outbox import post
from campaign.foundation.words import human_day
from campaign.groups.models import Group


def warn_quiet_groups(database: Database, *, mail: Mail, now: datetime) -> int:
    """Write to the convenors of groups without an event for 46 days; answers how many groups.

    Each quiet time is told once, however often this runs.
    """
    with database.reading() as db:
        quiet = gone_quiet(db, now=now)
    return sum(_warn(database, one, mail, now) for one in quiet)


def _warn(database: Database, quiet: Quiet, mail: Mail, now: datetime) -> bool:
    today = now.astimezone(ZONE).date()
    last = human_day(quiet.last_held.astimezone(ZONE).date(), today=today)
    until = human_day((quiet.last_held + DORMANT_AFTER).astimezone(ZONE).date(), today=today)
    with database.unit_of_work() as db:
        marked = db.execute(
            update(Group)
            .where(
                Group.id == quiet.group_id,
                or_(Group.quiet_told_at.is_(None), Group.quiet_told_at < quiet.last_held),
            )
            .values(quiet_told_at=now)
        )
        if marked.rowcount != 1:  # type: ignore[attr-defined]
            return False  # another worker was first
        for number, address in enumerate(quiet.convenors):
            letter = messages.gone_quiet(
                mail, to=address, group=quiet.name, slug=quiet.slug, last=last, until=until
            )
            name = f"group-quiet:{quiet.public_id}:{quiet.last_held:%Y%m%d%H%M}:{number}"
            post(db, letter, key=name)
        audit.append(db, "quiet group told", subject=f"group:{quiet.group_id}")
    return True
