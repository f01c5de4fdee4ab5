"""Who is kept apart and sits at one table: for the safeguarding officers."""

from __future__ import annotations

from flask import Blueprint, Response

from campaign.conduct.access import pairs_to_keep
from campaign.foundation import web
from campaign.meetups.queries.apart import sharing
from campaign.meetups.queries.tables import shown_name
from campaign.people.models import Person


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/meetups/apart")(at_one_table)


@web.needs(web.SIGNED_IN)
def at_one_table() -> Response:
    """Every pair at one table just now, without the pairs that the reader belongs to."""
    officer = pairs_to_keep(web.db(), web.visitor().person_id)
    me = web.db().get_one(Person, officer)
    answer = web.page(
        "meetups/apart.html",
        pairs=[pair for pair in sharing(web.db()) if not pair.concerns(me)],
        called=shown_name,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
