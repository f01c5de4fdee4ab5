"""At the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import StringField
from wtforms.validators import StopValidation

from campaign.foundation.formfields import AddressField, Form, LineField, Needed, OnceField

LONGEST_AGE = 12  # digits of milliseconds


class NonceField(StringField):
    """The name of a tap: a UUID, or nothing."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no UUID."""
        try:
            self.data = str(UUID(self.data)) if self.data else None
        except ValueError:
            self.data = None
            raise StopValidation("Open the page once more, and press it again.") from None


class TapForm(Form):
    """One touch of a button. ``age`` is how many milliseconds ago the finger touched it.

    ``page`` names the page it stood on, for browsers without a script; ``of`` another tap; and
    ``after`` the one before it that this device made about the same person.
    """

    nonce = NonceField("The tap")
    page = NonceField("The page")
    of = NonceField("The tap that was a mistake")
    after = NonceField("The tap before it")
    age = StringField("How old it is")

    def validate_age(self, field: Any) -> None:
        """Digits, or nothing."""
        text = (field.data or "").strip()
        plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_AGE
        field.data = int(text) if plain else 0


class WalkInForm(Form):
    """Somebody at the door: a name is enough."""

    name = LineField("Name", most=120, least=2, validators=[Needed("Type the name.")])
    email = AddressField("Email, if they want to hear of the next one")
    shift = StringField("For which shift?")
    client_uuid = OnceField()


class HostLinkForm(Form):
    """What to do with the links to the host's page."""

    do = StringField("What to do")
    mail = StringField("Mail it to me")
