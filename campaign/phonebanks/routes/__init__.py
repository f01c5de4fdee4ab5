"""The doors of this room: looking, calling, claims, setting up, lists, the board."""

from flask import Blueprint

from campaign.phonebanks.routes import board, calling, claims, lists, setting_up, showing

blueprint = Blueprint("phonebanks", __name__)
for part in (showing, setting_up, calling, claims, lists, board):
    part.doors(blueprint)
