"""The doors of this room: opening it, coming in, the table, the wall, the screen, the desk."""

from flask import Blueprint

from campaign.meetups.routes import (
    apart,
    clashes,
    desk,
    devices,
    door,
    expected,
    floor,
    following,
    hosting,
    incidents,
    joining,
    moving,
    opening,
    paper,
    people,
    recaps,
    refusing,
    screen,
    seeds,
    sending_out,
    sheets,
    spoken,
    state,
    table,
    tapping,
    topics,
    wall,
    you,
)

blueprint = Blueprint("meetups", __name__)
for part in (opening, joining, you, sheets, table, hosting, wall, tapping, state, screen):
    part.doors(blueprint)
for part in (topics, moving, desk, devices, clashes, people, floor, door, expected, paper):
    part.doors(blueprint)
for part in (recaps, following, seeds, incidents, sending_out, apart, spoken, refusing):
    part.doors(blueprint)
