"""Letters that the clock writes: who still has access, and checks that run out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation.outbox import post
from campaign.foundation.words import human_day
from campaign.phonebanks import messages
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.queries import board, screening
from campaign.phonebanks.queries.who_has_access import keepers, who_has_access
from campaign.phonebanks.rules.claims import is_over
from campaign.phonebanks.rules.screening import LONDON
from campaign.phonebanks.rules.who_has_access import month_of


def tell_who_has_access(db: Session, *, mail: Mail, now: datetime) -> None:
    """One letter a month to each administrator, with counts; again writes nothing.

    Nothing either where no phonebank holds anybody.
    """
    ways = who_has_access(db, now=now)
    if not ways:
        return
    lines = [
        messages.AccessLine(
            title=one.phonebank.title,
            ended=is_over(one.phonebank.status, closes_at=one.phonebank.closes_at, now=now),
            runs=len(one.runs),
            callers=one.callers,
            admitted=one.admitted,
        )
        for one in ways
    ]
    month = month_of(now)
    for person in keepers(db):
        letter = messages.who_has_access(mail, to=person.email or "", lines=lines)
        post(db, letter, key=f"who-has-access:{month}:{person.id}")


def warn_of_old_checks(db: Session, *, mail: Mail, now: datetime) -> None:
    """Two letters to each lead for a check that runs out: from day 21, and once it has stopped.

    Once each, for each phonebank and each check; a phonebank that has ended is left alone.
    """
    for phonebank in board.open_phonebanks(db, now=now):
        warning = screening.tps_warning(db, phonebank.id, now=now)
        if warning is None or warning.until is None or phonebank.is_practice:
            continue
        day = human_day(warning.until.astimezone(LONDON).date())
        stage = "stopped" if warning.is_over else "soon"
        for lead in board.leads(db, phonebank.id):
            if not lead.email or lead.disabled_at:
                continue
            letter = messages.old_check(
                mail,
                to=lead.email,
                title=phonebank.title,
                path=f"/phonebanks/{phonebank.public_id}/lead",
                people=warning.people,
                day=day,
                stopped=warning.is_over,
            )
            key = f"tps:{phonebank.id}:{warning.until:%Y%m%d%H%M}:{stage}:{lead.id}"
            post(db, letter, key=key)
