"""The doors of this room: reporting, following a report, working cases, keeping people apart."""

from flask import Blueprint

from campaign.conduct.routes import apart, cases, reporting

blueprint = Blueprint("conduct", __name__)
for part in (reporting, apart, cases):
    part.doors(blueprint)
