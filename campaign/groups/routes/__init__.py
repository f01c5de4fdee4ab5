"""The doors of this room: finding and founding, who belongs, settings, notes."""

from flask import Blueprint

from campaign.groups.routes import belonging, finding, notes, settings

blueprint = Blueprint("groups", __name__)
for part in (finding, belonging, settings, notes):
    part.doors(blueprint)
