"""Who is kept apart from whom, and who is barred: for the safeguarding officers."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.conduct import access, forms
from campaign.conduct.operations.apart import keep_apart, let_meet
from campaign.conduct.operations.cases import lift_bar
from campaign.conduct.queries import apart as looking
from campaign.foundation import signals, web
from campaign.people.models import Person
from campaign.people.queries import person_by_email


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/reports/apart", methods=["GET", "POST"])(apart)
    blueprint.post("/reports/apart/<public_id>/end")(end_apart)
    blueprint.post("/reports/barred/<public_id>/lift")(lift)


@web.needs(web.SIGNED_IN)
def apart() -> Response:
    """Every no-contact pair, and a new one."""
    person_id = access.pairs_to_keep(web.db(), web.visitor().person_id)
    form = forms.ApartForm()
    if form.validate_on_submit():
        with form.refusals():
            keep_apart(
                web.db(),
                one=_meant(form.one.data),
                other=_meant(form.other.data),
                actor_id=person_id,
            )
            flash("From now on they are never put together.", "success")
            return web.see_other("conduct.apart")
    return web.page(
        "conduct/apart.html",
        form.code,
        form=form,
        pairs=looking.kept_apart(web.db()),
        barred=looking.barred(web.db()),
    )


def _meant(address: str) -> Person | None:
    """Who has this address; also who is in a hall tonight and has no account."""
    found = person_by_email(web.db(), address)
    if found is None:
        signals.address_sought.send(web.db(), email=address)
        found = person_by_email(web.db(), address)
    return found


@web.needs(web.SIGNED_IN)
def end_apart(public_id: str) -> Response:
    """These two may meet again."""
    person_id = access.pairs_to_keep(web.db(), web.visitor().person_id)
    let_meet(web.db(), public_id=public_id, actor_id=person_id)
    flash("They may meet again.", "success")
    return web.see_other("conduct.apart")


@web.needs(web.SIGNED_IN)
def lift(public_id: str) -> Response:
    """Somebody who was barred may announce again."""
    person_id = access.pairs_to_keep(web.db(), web.visitor().person_id)
    for row, person in looking.barred(web.db()):
        if person.public_id == public_id:
            lift_bar(web.db(), person_id=row.person_id, actor_id=person_id)
    flash("They may announce again.", "success")
    return web.see_other("conduct.apart")
