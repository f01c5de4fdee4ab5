"""What somebody in the room says of themselves; and the way back on another phone."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.foundation import phone, web
from campaign.foundation.errors import NotFound, Refused, at_field
from campaign.foundation.limits import Limit
from campaign.meetups import access, forms
from campaign.meetups.operations import joining, returning, telling
from campaign.meetups.operations.telling import About
from campaign.meetups.queries.marks import unmet
from campaign.meetups.routes.here import COOKIE, Here, anew, here, mail, page, remember
from campaign.meetups.routes.outside import unknown
from campaign.meetups.rules.needs import Need, columns_of
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.words import words_of

# A hall shares one address, so these are counted for the room: guessing four words of 256 takes
# four thousand million tries.
GUESSES = Limit("meetup words", 300, 3600)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/you", methods=["GET", "POST"])(you)
    blueprint.post("/m/<code>/back")(back)


@web.public
def you(code: str) -> Response:
    """One's number, one's four words, and all that one said; it can be said otherwise."""
    at = here(code)
    form = forms.YouForm(obj=_as_it_is(at) if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            _keep(at, form)
            return web.see_other("meetups.you", code=at.code, kept=1)
        except Refused as refusal:
            form.refuse(refusal)
            at = anew(code)
    return page(
        "meetups/you.html",
        form.code,
        at,
        form=form,
        words=words_of(request.cookies.get(COOKIE, "")),
        looked_for=_looked_for(at),
        kept="kept" in request.args and request.method == "GET",
    )


def _looked_for(at: Here) -> list[Need]:
    """What the table where they sit is not, and they need."""
    kind = {Phase.STRATEGY: "strategy", Phase.LOCAL: "local"}.get(Phase(at.batch.phase))
    if kind is None or not at.person.needs:
        return []
    return [
        line.need for line in unmet(web.db(), at.batch, kind) if line.number == at.person.number
    ]


def _as_it_is(at: Here) -> object:
    """What the form shows first."""
    me = at.person
    held = {
        "phone": me.phone,
        "email": me.email,
        "contact": me.may_contact,
        "area": me.hears_area,
        "names": me.shows_name,
        "access_needs": me.access_needs,
        **columns_of(me.needs),
        "is_new": me.is_new,
        "leads": me.leads,
        "came_with": me.came_with,
    }
    return type("Said", (), held)()


def _keep(at: Here, form: forms.YouForm) -> None:
    telling.tell_about(
        web.db(),
        batch=at.batch,
        person=at.person,
        about=About(
            form.email.data,
            _number(form),
            form.consents,
            form.access_needs.data or "",
            form.needs,
        ),
        mail=mail(),
    )
    if not at.is_over:
        joining.tell(
            web.db(),
            batch=at.batch,
            person=at.person,
            leads=bool(form.leads.data),
            is_new=bool(form.is_new.data),
            came_with=form.came_with.data or "",
        )


def _number(form: forms.YouForm) -> str | None:
    if not form.phone.data:
        return None
    with at_field("phone"):
        return phone.parse(form.phone.data, allow_unassigned=web.settings().is_development).e164


@web.public
def back(code: str) -> Response:
    """Come back with four words: this phone has one's number now."""
    form = forms.WordsForm()
    web.limit(GUESSES, code.upper())
    meetup, batch = access.meetup_by_code(web.db(), code)
    if not form.validate():
        return unknown(meetup, batch, 422, "Type your four words.")
    try:
        joined = returning.come_back(web.db(), batch=batch, words=form.words.data)
    except NotFound as refusal:
        return unknown(meetup, batch, 422, refusal.message)
    return remember(web.see_other("meetups.show", code=meetup.code), meetup.code, joined.key)
