"""Who stands at the desk: who is signed in and runs the meetup, or a device they let in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from campaign.foundation import audit, web
from campaign.foundation.errors import NotFound
from campaign.meetups import access
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.queries.devices import Device
from campaign.meetups.rules.devices import OPEN_DOORS, marks_of

View = TypeVar("View", bound=Callable[..., Any])
Loader = Callable[..., tuple[Meetup, Batch]]


@dataclass(frozen=True)
class Desk:
    """A meetup, and who acts in it. On a device that is whoever let it in; the log names both."""

    meetup: Meetup
    batch: Batch
    actor_id: int
    device: Device | None = None


def desk_door(view: View) -> View:
    """Mark a door of the desk that the table opens to a device, too."""
    if view.__name__ not in OPEN_DOORS:
        raise RuntimeError(f"rules/devices.py does not open {view.__name__} to a device")
    return web.needs(web.SIGNED_IN, web.DEVICE)(view)


def at_desk(code: str) -> Desk:
    """The desk of a meetup; to anybody else there is none."""
    return _there(code, access.meetup_to_run)


def at_door(code: str) -> Desk:
    """Its door: for its stewards, too."""
    return _there(code, access.meetup_at_door)


def _there(code: str, load: Loader) -> Desk:
    person_id, device = web.visitor().person_id, web.device()
    if device is None:
        return Desk(*load(web.db(), code, person_id), person_id or 0)
    if person_id is not None:
        # Whoever is signed in here, and may, acts as themselves.
        with suppress(NotFound):
            return Desk(*load(web.db(), code, person_id), person_id)
    meetup, batch = access.meetup_on_device(web.db(), code, device)
    audit.sign(web.db(), marks_of(device.id, device.name))
    return Desk(meetup, batch, device.given_by, device)
