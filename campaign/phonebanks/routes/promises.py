"""The calls one has promised, and whether letters come for them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.words import human_when
from campaign.phonebanks.models import Contact
from campaign.phonebanks.operations import promising
from campaign.phonebanks.queries import calendar_entries as queries


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/promises")(promises)
    blueprint.post("/phonebanks/promises")(letters)


@web.needs(web.SIGNED_IN)
def promises() -> Response:
    """Whom I promised to ring again, by first name; no number."""
    person_id = web.visitor().person_id
    mine = queries.promised_by(web.db(), person_id, now=clock.now())
    wanted = queries.wants_letters(web.db(), person_id)
    return web.page(
        "phonebanks/promises.html", promises=[_line(one) for one in mine], wanted=wanted
    )


def _line(contact: Contact) -> dict[str, str]:
    assert contact.promised_at is not None
    zone = contact.number.time_zone
    return {
        "name": contact.first_name or "Somebody",
        "town": contact.town,
        "at": contact.promised_at.isoformat(),
        "zone": zone,
        "when": human_when(contact.promised_at, None, ZoneInfo(zone)),
        "title": contact.phonebank.title,
        "public_id": contact.phonebank.public_id,
    }


@web.needs(web.SIGNED_IN)
def letters() -> Response:
    """Letters for my promises, or none."""
    wanted = request.form.get("letters") == "yes"
    promising.want_letters(
        web.db(), person_id=web.visitor().person_id, wanted=wanted, now=clock.now()
    )
    said = "You get a mail for each promise." if wanted else "No more mails for promises."
    flash(said, "success")
    return web.see_other("phonebanks.promises")
