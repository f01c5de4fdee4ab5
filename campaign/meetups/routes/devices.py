"""The desk on another device: a link for it, what opens it there, and taking it back.

The projector needs nothing of this: its page shows no name and is open to who has the code.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, flash, request, url_for
from markupsafe import Markup

from campaign.foundation import clock, web
from campaign.foundation.limits import Limit
from campaign.foundation.words import human_time
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, DeskDevice, Meetup
from campaign.meetups.operations import devices as holding
from campaign.meetups.queries import devices
from campaign.meetups.routes.at_desk import at_desk, desk_door
from campaign.meetups.rules.devices import LASTS

LINKS = Limit("desk link", 30, 3600)
OPENINGS = Limit("desk link opened", 5, 3600)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/desk/devices", methods=["GET", "POST"])(desk_devices)
    blueprint.post("/m/<code>/desk/devices/<device>/back")(take_device_back)
    blueprint.get("/m/<code>/desk/open/<key>")(open_here)
    blueprint.post("/m/<code>/desk/open/<key>")(hold_desk)
    blueprint.post("/m/<code>/desk/leave")(leave_desk)


@web.needs(web.SIGNED_IN)
def desk_devices(code: str) -> Response:
    """Make a link for another device; the link while it lasts; and which devices hold the desk."""
    person_id = web.visitor().person_id or 0
    if request.method == "POST":
        web.limit_of_person(LINKS)
        meetup, batch = access.meetup_to_run(web.db(), code, person_id)
        secret, now = web.settings().secret_key, clock.now()
        holding.give_desk(web.db(), batch=batch, now=now, actor_id=person_id, secret=secret)
        return web.see_other("meetups.desk_devices", code=meetup.code)
    return _page(*access.meetup_to_run(web.db(), code, person_id), person_id)


def _page(meetup: Meetup, batch: Batch, person_id: int) -> Response:
    now, zone = clock.now(), ZoneInfo(meetup.event.zone)
    link = devices.link_of(web.db(), meetup.id, person_id=person_id, now=now)
    address = _address(meetup, link) if link else ""
    # Over the hall's own network the desk stays shut: there the link is for this machine alone.
    here_alone = web.settings().hall is not None
    answer = web.page(
        "meetups/devices.html",
        meetup=meetup,
        batch=batch,
        address=address,
        until=human_time(link.link_ends_at, zone) if link else "",
        picture=_picture(address) if address and not here_alone else "",
        here_alone=here_alone,
        devices=devices.devices_of(web.db(), meetup.id, now=now),
        zone=zone,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(meetup: Meetup, link: DeskDevice) -> str:
    """The whole link. In a hall the site's own address is out of reach: there it is this one."""
    settings = web.settings()
    key = holding.link_key(link.public_id, secret=settings.secret_key)
    site = request.host_url.rstrip("/") if settings.hall else settings.base_url
    return site + url_for("meetups.open_here", code=meetup.code, key=key)


def _picture(address: str) -> Markup:
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(border=2, light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 (segno draws it out of our own address)


@web.needs(web.SIGNED_IN)
def take_device_back(code: str, device: str) -> Response:
    """This device holds the desk no more."""
    person_id = web.visitor().person_id or 0
    meetup, batch = access.meetup_to_run(web.db(), code, person_id)
    held = access.device_to_close(web.db(), meetup, device)
    holding.close_device(
        web.db(), batch=batch, device_id=held.id, now=clock.now(), actor_id=person_id
    )
    flash(f"{held.name or 'The device'} opens nothing any more.", "success")
    where = "desk_devices" if request.form.get("from") == "devices" else "desk"
    return web.see_other(f"meetups.{where}", code=meetup.code)


@web.public
def open_here(code: str, key: str) -> Response:
    """The link, on the other device: what looks at links opens nothing, a button does."""
    if _holds_it(code):
        return web.see_other("meetups.desk", code=code.upper())
    meetup, _, _ = access.desk_link_to_open(web.db(), code, key, clock.now())
    return _asked(meetup, key, forms.DeviceForm(formdata=None))


@web.public
def hold_desk(code: str, key: str) -> Response:
    """Open the desk here, once: this browser holds it until the meetup ends."""
    web.limit_address(OPENINGS)
    if _holds_it(code):
        return web.see_other("meetups.desk", code=code.upper())
    now, form = clock.now(), forms.DeviceForm()
    meetup, batch, link = access.desk_link_to_open(web.db(), code, key, now)
    if not _runs_it(meetup) and form.validate():
        with form.refusals():
            token = holding.open_desk(
                web.db(), batch=batch, link=link, name=form.name.data or "", now=now
            )
            answer = web.see_other("meetups.desk", code=meetup.code)
            return web.remember_device(answer, token, lasts=LASTS)
    return _asked(meetup, key, form)


def _holds_it(code: str) -> bool:
    """Whether this browser holds the desk already: in another tab, a moment ago."""
    token = web.device_token()
    held = access.device_at_desk(web.db(), code, token, clock.now()) if token else None
    return held is not None and held.is_live


def _runs_it(meetup: Meetup) -> bool:
    """Whether somebody is signed in here who runs the meetup: their sign-in must not stay."""
    person_id = web.visitor().person_id
    return person_id is not None and access.runs(web.db(), meetup.event, person_id)


def _asked(meetup: Meetup, key: str, form: forms.DeviceForm) -> Response:
    return web.page(
        "meetups/open_desk.html",
        form.code,
        meetup=meetup,
        key=key,
        form=form,
        runs=_runs_it(meetup),
    )


@desk_door
def leave_desk(code: str) -> Response:
    """Close the desk on this device."""
    at = at_desk(code)
    if at.device is None:
        return web.see_other("meetups.desk", code=at.meetup.code)
    holding.close_device(
        web.db(),
        batch=at.batch,
        device_id=at.device.id,
        now=clock.now(),
        actor_id=at.actor_id,
    )
    flash("The desk is closed on this device.", "success")
    return web.forget_device(web.see_other("meetups.enter"))
