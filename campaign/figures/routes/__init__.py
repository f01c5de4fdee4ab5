"""The doors of this room: the figures of a phonebank and of a group."""

from flask import Blueprint

from campaign.figures.routes import groups, phonebanks, together

blueprint = Blueprint("figures", __name__)
for part in (phonebanks, groups, together):
    part.doors(blueprint)
