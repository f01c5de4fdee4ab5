"""Who still has access: for administrators, who see accounts and no contacts."""

from __future__ import annotations

from flask import Blueprint, Response

from campaign.foundation import clock, web
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.queries import who_has_access as queries
from campaign.phonebanks.queries.who_has_access import Somebody, Ways
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.claims import is_over
from campaign.phonebanks.rules.ending import last_day_of


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/access")(who_has_access)


@web.needs(web.SIGNED_IN)
def who_has_access() -> Response:
    """Each phonebank with its people, and who can get at them, as it stands this minute."""
    access.check_keeps_accounts(web.db(), web.visitor().person_id)
    ways = queries.who_has_access(web.db(), now=clock.now())
    return web.page("phonebanks/who_has_access.html", ways=[_lines(one) for one in ways])


def _lines(one: Ways) -> dict[str, object]:
    bank = one.phonebank
    return {
        "title": bank.title,
        "group": bank.group.name,
        "over": is_over(bank.status, closes_at=bank.closes_at, now=clock.now()),
        "status": bank.status,
        "access": bank.access,
        "last_day": last_day_of(bank.closes_at),
        "runs": [_said(person) for person in one.runs],
        "calls": [_said(person) for person in one.calls],
        "more": one.callers - len(one.calls),
        "admitted": one.admitted,
    }


def _said(person: Somebody) -> tuple[str, str, str]:
    seen = human_when(person.seen_at, None, LONDON) if person.seen_at else "not signed in now"
    return person.name, person.role, seen
