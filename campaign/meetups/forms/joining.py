"""Coming in: oneself, at the door, and what was said of oneself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    StringField,
)
from wtforms.validators import DataRequired, StopValidation

from campaign.foundation.formfields import AddressField, Form, LineField, Needed, OnceField
from campaign.meetups.rules.joining import (
    AREA_WORDS,
    CONSENT_WORDS,
    CONTACT_WORDS,
    LONGEST_NEED,
    NAMES_WORDS,
    Consents,
)
from campaign.meetups.rules.needs import BY_KEY, NEEDS, Needs


class CodeForm(Form):
    """The six letters on the screen."""

    code = LineField("Six letters", most=12, validators=[Needed("Type the six letters.")])


class Ticks:
    """What somebody agrees to besides, each with a tick of its own; none of them is set before."""

    contact = BooleanField("Hosts may reach you", description=CONTACT_WORDS)
    area = BooleanField("What is on near you", description=AREA_WORDS)
    names = BooleanField("Your name at your table", description=NAMES_WORDS)

    @property
    def consents(self) -> Consents:
        """What was ticked."""
        return Consents(
            contact=bool(self.contact.data),
            area=bool(self.area.data),
            names=bool(self.names.data),
        )


class Tapped:
    """What one's table must be, in taps; and what else one needs, in words."""

    needs_quiet = BooleanField("Quiet", description=BY_KEY["quiet"].ask)
    needs_step_free = BooleanField("Step-free", description=BY_KEY["step_free"].ask)
    needs_bsl = BooleanField("BSL", description=BY_KEY["bsl"].ask)
    access_needs = LineField("What do you need tonight?", most=LONGEST_NEED)

    @property
    def needs(self) -> Needs:
        """What was tapped."""
        return frozenset(need.key for need in NEEDS if getattr(self, f"needs_{need.key}").data)


class JoinForm(Ticks, Tapped, Form):
    """Four fields, one box that must be ticked, and what one needs, folded."""

    name = LineField("First name", most=40, validators=[Needed("Type your first name.")])
    initial = LineField("Initial", most=1)
    where = LineField("Postcode or town", most=100)
    where_chosen = LineField("Which one?", most=200)
    reach = LineField(
        "Mobile, email, or both",
        most=320,
        validators=[Needed("Type a mobile number or an email address.")],
    )
    hold = BooleanField(
        "Your details",
        description=CONSENT_WORDS,
        validators=[DataRequired("Tick this, so that we may keep your name and number.")],
    )
    client_uuid = StringField()

    def validate_client_uuid(self, field: Any) -> None:
        """A UUID, or nothing."""
        try:
            field.data = str(UUID(field.data)) if field.data else None
        except ValueError:
            raise StopValidation("client_uuid must be a UUID.") from None


class BringInForm(Tapped, Form):
    """Somebody without a phone, at the desk."""

    name = LineField("First name", most=40, validators=[Needed("Type their first name.")])
    initial = LineField("Initial", most=1)
    where = LineField("Postcode or town", most=100)
    client_uuid = OnceField()


class DoorForm(Ticks, BringInForm):
    """Somebody without a phone, at the door: what they say, and what they agree to."""

    reach = LineField("Phone at home, email, or both", most=320)
    hold = BooleanField(
        "Your details",
        description="They were told that we keep this for tonight, and said yes.",
        validators=[DataRequired("Ask them first, then tick this.")],
    )


class YouForm(Ticks, Tapped, Form):
    """What somebody in the room says of themselves."""

    phone = LineField("Mobile number", most=40)
    email = AddressField("Email")
    is_new = BooleanField("First time", description="This is my first of these.")
    leads = BooleanField("Leading a table", description="I could lead a table of eight.")
    came_with = LineField("Sit with somebody? Their number", most=20)


class WordsForm(Form):
    """The way back."""

    words = LineField("Your four words", most=80, validators=[Needed("Type your four words.")])
