"""The doors of this room: finding and founding, who belongs, settings, notes, writing to it."""

from flask import Blueprint

from campaign.groups.routes import belonging, finding, notes, settings, writing

blueprint = Blueprint("groups", __name__)
for part in (finding, belonging, settings, notes, writing):
    part.doors(blueprint)
