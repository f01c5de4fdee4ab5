"""The doors of this room: finding, one event, announcing, the roster, a sign-up's own link."""

from flask import Blueprint

from campaign.events.routes import (
    afterwards,
    announcing,
    answering,
    appealing,
    bringing,
    calendars,
    call_sheet,
    changing,
    embedding,
    finding,
    following,
    groups,
    hosting,
    hosts,
    mapping,
    moderating,
    own_place,
    photos,
    proposing,
    publishing,
    reporting,
    rosters,
    shifts,
    showing,
    signing_up,
    team,
    templates,
    tickets,
)

blueprint = Blueprint("events", __name__)
for part in (
    finding,
    calendars,
    mapping,
    embedding,
    announcing,
    changing,
    publishing,
    moderating,
    appealing,
    proposing,
    showing,
    signing_up,
    own_place,
    answering,
    rosters,
    shifts,
):
    part.doors(blueprint)
for part in (groups, following, team, hosting, afterwards, bringing, hosts, tickets):
    part.doors(blueprint)
for part in (reporting, photos, templates, call_sheet):
    part.doors(blueprint)
