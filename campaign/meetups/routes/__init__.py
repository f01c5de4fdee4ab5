"""The doors of this room: opening it, coming in, the table, the wall, the screen, the desk."""

from flask import Blueprint

from campaign.meetups.routes import (
    desk,
    hosting,
    joining,
    opening,
    recaps,
    refusing,
    screen,
    sheets,
    state,
    table,
    wall,
)

blueprint = Blueprint("meetups", __name__)
for part in (opening, joining, sheets, table, hosting, wall, state, screen, desk, recaps, refusing):
    part.doors(blueprint)
