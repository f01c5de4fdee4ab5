"""At the door."""

from __future__ import annotations

from wtforms import StringField

from campaign.foundation.formfields import AddressField, Form, LineField, Needed, OnceField


class WalkInForm(Form):
    """Somebody at the door: a name is enough."""

    name = LineField("Name", most=120, least=2, validators=[Needed("Type the name.")])
    email = AddressField("Email, if they want to hear of the next one")
    shift = StringField("For which shift?")
    client_uuid = OnceField()
