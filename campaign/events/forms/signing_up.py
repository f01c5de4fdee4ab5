"""Signing up: a name, and an address or a number, are enough."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.signups import MOST_GUESTS
from campaign.foundation.formfields import AddressField, Form, LineField, Needed, TextField

GUEST_NAMES = 400


def _guests() -> IntegerField:
    return IntegerField(
        "Guests",
        default=0,
        validators=[PlainNumber(0, MOST_GUESTS, "Bring from 0 to 9 guests.")],
    )


class SignUpForm(Form):
    """A name, and an address or a number. ``website`` is a trap that no person sees."""

    name = LineField(
        "Your name", most=120, least=2, validators=[Needed("Type what we may call you.")]
    )
    email = AddressField("Email")
    phone = LineField("Phone", most=40)
    postcode = LineField("Postcode", most=20)
    guests = _guests()
    guest_names = TextField("Their names", most=GUEST_NAMES)
    shift = StringField("Which shift?")
    # Other shifts that would do as well.
    also = SelectMultipleField("Which others would do?", validate_choice=False, choices=[])
    client_uuid = HiddenField("The form itself", default=lambda: str(uuid4()))
    website = StringField("Leave this empty")

    def validate_email(self, field: Any) -> None:
        """One of the two, so that somebody can reach them."""
        if not field.data and not field.errors and not self.phone.data:
            raise StopValidation("Type your email address, or your phone number below.")

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

    def validate_also(self, field: Any) -> None:
        """Public ids of shifts."""
        field.data = [text[:12] for text in (field.data or [])[:20] if text]


class GuestsForm(Form):
    """How many one brings, and who they are."""

    guests = _guests()
    guest_names = TextField("Their names", most=GUEST_NAMES)
