"""Signing up: a name and an address are enough."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import IntegerField, StringField
from wtforms.validators import StopValidation

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.signups import MOST_GUESTS
from campaign.foundation.formfields import AddressField, Form, LineField, Needed


class SignUpForm(Form):
    """A name and an address are enough. ``website`` is a trap that no person sees."""

    name = LineField(
        "Your name", most=120, least=2, validators=[Needed("Type what we may call you.")]
    )
    email = AddressField("Email", validators=[Needed("Type your email address.")])
    phone = LineField("Phone", most=40)
    postcode = LineField("Postcode", most=20)
    guests = IntegerField(
        "Guests",
        default=0,
        validators=[PlainNumber(0, MOST_GUESTS, "Bring from 0 to 9 guests.")],
    )
    shift = StringField("Which shift?")
    client_uuid = StringField()
    website = StringField("Leave this empty")

    def validate_client_uuid(self, field: Any) -> None:
        """A UUID, or nothing."""
        if not field.data:
            field.data = None
            return
        try:
            field.data = str(UUID(field.data))
        except ValueError:
            raise StopValidation("client_uuid must be a UUID.") from None

    def validate_shift(self, field: Any) -> None:
        """A shift's public id, or nothing."""
        field.data = (field.data or "")[:12] or None


class GuestsForm(Form):
    """How many one brings."""

    guests = IntegerField(
        "Guests",
        default=0,
        validators=[PlainNumber(0, MOST_GUESTS, "Bring from 0 to 9 guests.")],
    )
