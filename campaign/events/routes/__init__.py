"""The doors of this room: finding, one event, announcing, the roster, a sign-up's own link."""

from flask import Blueprint

from campaign.events.routes import (
    announcing,
    answering,
    calendars,
    finding,
    mapping,
    own_place,
    rosters,
    showing,
    signing_up,
)

blueprint = Blueprint("events", __name__)
for part in (
    finding,
    calendars,
    mapping,
    announcing,
    showing,
    signing_up,
    own_place,
    answering,
    rosters,
):
    part.doors(blueprint)
