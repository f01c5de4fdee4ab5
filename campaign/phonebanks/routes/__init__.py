"""The doors of this room: looking, calling, claims, setting up, lists, the board."""

from flask import Blueprint

from campaign.phonebanks.routes import (
    board,
    calling,
    canaries,
    claims,
    drafting,
    exporting,
    goals,
    handing_over,
    helping,
    importing,
    managing,
    own_screen,
    promises,
    reporting,
    reversing,
    reviews,
    ringing_back,
    screening,
    scripting,
    shifts,
    showing,
    stopping,
    training,
    undoing,
    who_has_access,
)

blueprint = Blueprint("phonebanks", __name__)
PARTS = (showing, managing, scripting, importing, calling, claims, reporting, ringing_back, board)
MORE = (exporting, screening, promises, who_has_access, goals, reviews, training, canaries)
LATER = (handing_over, own_screen, helping, shifts, drafting, undoing, reversing, stopping)
for part in (*PARTS, *MORE, *LATER):
    part.doors(blueprint)
