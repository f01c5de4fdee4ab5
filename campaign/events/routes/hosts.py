"""The host's page by its secret link, without an account: names and who is here, nothing else.

Telephone numbers, addresses and letters need the signed-in roster.
"""

from __future__ import annotations

from flask import Blueprint, Response, session, url_for

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event
from campaign.events.queries.door import Facts, open_host_links
from campaign.events.routes import attending
from campaign.events.routes.attending import Door, kept_nowhere
from campaign.events.routes.mailing import mail
from campaign.events.routes.tickets import code_of
from campaign.events.rules.door import By
from campaign.events.rules.features import when_of
from campaign.foundation import clock, limits, web
from campaign.foundation.errors import Refused

REMEMBERED = 3


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/hosts/<key>")(host_page)
    blueprint.get("/hosts/<key>/sheet")(host_sheet)
    blueprint.get("/hosts/<key>/state")(host_state)
    blueprint.post("/hosts/<key>/walk-in")(host_walk_in)
    blueprint.post("/hosts/<key>/count")(host_count)
    blueprint.post("/hosts/<key>/the-rest")(host_the_rest)
    blueprint.post("/hosts/<key>/<rsvp_id>")(host_mark)
    blueprint.route("/events/<public_id>/host-link", methods=["GET", "POST"])(host_links)


def _facts(key: str) -> Facts | None:
    """What the link opens, looked up beside the request's transaction: a miss is counted."""
    with web.house().database.reading() as db:
        facts = queries.facts_by_link(db, key, now=clock.now())
    if facts is None:
        web.limit_address(limits.HOST_LINKS_TRIED)
    return facts


def _door(key: str) -> Door:
    _facts(key)
    return _opened(key)


def _opened(key: str) -> Door:
    link, event = access.host_page_to_see(web.db(), key, now=clock.now())
    return Door(event, By(link_id=link.id), url_for("events.host_page", key=key))


@web.public
def host_page(key: str) -> Response:
    """Who is here, for who has the link. This browser may then check tickets in, too."""
    door = _door(key)
    others = [one for one in session.get("host_keys", []) if one != key]
    session["host_keys"] = [*others, key][-REMEMBERED:]
    return attending.page(door, forms.WalkInForm(formdata=None))


@web.public
def host_sheet(key: str) -> Response:
    """The roster on paper."""
    return attending.sheet(_door(key))


@web.public
def host_state(key: str) -> Response:
    """What another device at the door asks every few seconds."""
    return attending.unchanged(_facts(key)) or attending.state(_opened(key))


@web.public
def host_mark(key: str, rsvp_id: str) -> Response:
    """Here, did not come, or nobody knows."""
    return attending.mark(_door(key), rsvp_id)


@web.public
def host_walk_in(key: str) -> Response:
    """Somebody at the door."""
    _facts(key)
    return attending.walk_in(lambda: _opened(key))


@web.public
def host_count(key: str) -> Response:
    """How many are in the room."""
    return attending.count(_door(key))


@web.public
def host_the_rest(key: str) -> Response:
    """Everybody else did not come."""
    return attending.the_rest(_door(key))


@web.needs(web.SIGNED_IN)
def host_links(public_id: str) -> Response:
    """Make a link for a helper, mail it to oneself, end all that there are."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form = forms.HostLinkForm()
    key = None
    if form.validate_on_submit():
        with form.refusals():
            key = _act(event, form)
    return _links_page(event, form, key)


def _act(event: Event, form: forms.HostLinkForm) -> str | None:
    actor_id = web.visitor().person_id
    if form.do.data not in ("make", "renew", "end"):
        raise Refused(attending.PRESS_ONE)
    if form.do.data == "end":
        operations.close_host_links(web.db(), event=event, actor_id=actor_id)
        return None
    write = operations.renew_host_link if form.do.data == "renew" else operations.host_link
    key = write(web.db(), event=event, actor_id=actor_id)
    to = web.visitor().email
    if form.mail.data and to:
        operations.send_host_link(web.db(), event=event, to=to, key=key, mail=mail())
    return key


def _links_page(event: Event, form: forms.HostLinkForm, key: str | None) -> Response:
    path = url_for("events.host_page", key=key) if key else None
    answer = web.page(
        "events/host_link.html",
        422 if form.errors else 200,
        event=event,
        when=when_of(event, now=clock.now()),
        form=form,
        done=form.is_submitted() and not form.errors,
        mailed=bool(key and form.mail.data),
        link=f"{web.settings().base_url}{path}" if path else None,
        code=code_of(path) if path else None,
        links=open_host_links(web.db(), event.id),
    )
    return kept_nowhere(answer)
