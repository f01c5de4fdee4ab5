"""Numbers of our own on a list, whose outcome we know."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.foundation import clock, phone, web
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.phonebanks import access
from campaign.phonebanks.access import looking
from campaign.phonebanks.forms.canaries import OwnNumberForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import canaries
from campaign.phonebanks.queries.canaries import own_numbers as known
from campaign.phonebanks.rules.canaries import KINDS


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/own-numbers", methods=["GET", "POST"])(own_numbers)
    blueprint.post("/phonebanks/<public_id>/own-numbers/<canary_id>/remove")(remove_own)


@web.needs(web.SIGNED_IN)
def own_numbers(public_id: str) -> Response:
    """Which numbers of ours are on the list, and one more."""
    person_id = web.visitor().person_id
    phonebank = access.phonebank_to_manage(web.db(), public_id, person_id)
    form = OwnNumberForm()
    if form.validate_on_submit():
        with form.refusals():
            _add(phonebank, form, person_id)
            flash("Kept. It is rung about once in 75 calls.", "success")
            return web.see_other("phonebanks.own_numbers", public_id=public_id)
    listed = [
        (one, KINDS[one.kind].label, phone.display(one.e164) if one.owner_id == person_id else "")
        for one in known(web.db(), phonebank.id)
    ]
    return web.page(
        "phonebanks/own_numbers.html", form.code, form=form, phonebank=phonebank, listed=listed
    )


def _add(phonebank: Phonebank, form: OwnNumberForm, person_id: int) -> None:
    if phonebank.is_practice:
        raise Refused("A practice list holds made-up numbers only.")
    settings = web.settings()
    canaries.add(
        web.db(),
        phonebank=phonebank,
        owner=web.db().get_one(Person, person_id),
        written=form.number.data or "",
        first_name=form.first_name.data or "",
        town=form.town.data or "",
        kind=form.kind.data or "",
        key=settings.suppression_key,
        now=clock.now(),
        allow_unassigned=settings.is_development,
    )


@web.needs(web.SIGNED_IN)
def remove_own(public_id: str, canary_id: str) -> Response:
    """This number is on the list no more."""
    person_id = web.visitor().person_id
    _, canary = looking.canary_to_manage(web.db(), public_id, canary_id, person_id)
    canaries.remove(web.db(), canary=canary, actor_id=person_id)
    flash("Taken off the list.", "success")
    return web.see_other("phonebanks.own_numbers", public_id=public_id)
