"""The doors of this room: looking, calling, claims, setting up, lists, the board."""

from flask import Blueprint

from campaign.phonebanks.routes import (
    board,
    calling,
    claims,
    exporting,
    importing,
    managing,
    ringing_back,
    screening,
    showing,
)

blueprint = Blueprint("phonebanks", __name__)
for part in (
    showing,
    managing,
    importing,
    calling,
    claims,
    ringing_back,
    board,
    exporting,
    screening,
):
    part.doors(blueprint)
