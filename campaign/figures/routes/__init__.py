"""The doors of this room: the figures of a phonebank and of a group."""

from flask import Blueprint

from campaign.figures.routes import phonebanks

blueprint = Blueprint("figures", __name__)
for part in (phonebanks,):
    part.doors(blueprint)
