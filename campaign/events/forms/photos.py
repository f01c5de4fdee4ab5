"""Photos of an event, each with its words, and one yes for all who are in them."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, Field

from campaign.events.rules.photos import MOST
from campaign.foundation.formfields import Form, TextField


class PhotosForm(Form):
    """Up to six at once."""

    agreed = BooleanField("Everyone recognisable has said yes to this being shown")

    def pairs(self) -> list[tuple[Field, Field]]:
        """Each photo with its words."""
        return [(self[f"photo{n}"], self[f"caption{n}"]) for n in range(1, MOST + 1)]


for _n in range(1, MOST + 1):
    setattr(PhotosForm, f"photo{_n}", FileField(f"Photo {_n}"))
    setattr(PhotosForm, f"caption{_n}", TextField(f"What does photo {_n} show?", most=200))
