"""The doors of this room: looking, calling, claims, setting up, lists, the board."""

from flask import Blueprint

from campaign.phonebanks.routes import importing, managing

blueprint = Blueprint("phonebanks", __name__)
for part in (managing, importing):
    part.doors(blueprint)
