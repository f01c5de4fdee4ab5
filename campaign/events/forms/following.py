"""What people type to come into a group and to hear of events."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from campaign.events.rules.finding import RADII, RADIUS_KM
from campaign.events.rules.kinds import KINDS
from campaign.foundation.formfields import AddressField, Form, LineField, Needed

RADIUS_CHOICES = [SelectChoice(str(km), f"{km} km") for km in RADII]
NEAREST = f"{RADIUS_KM:g}"


class ComeInForm(Form):
    """Join as a member or just follow: one form, one button."""

    role = RadioField(
        "Join or follow?",
        choices=[
            SelectChoice("member", "Join as a member"),
            SelectChoice("follower", "Just follow"),
        ],
        default="member",
    )
    name = LineField("Your name", most=120, least=2)
    email = AddressField("Email")
    consent = BooleanField("The convenors may see my name and email")

    @property
    def joins(self) -> bool:
        """Whether they want to be a member."""
        return bool(self.role.data != "follower")

    def check_who(self) -> bool:
        """Who is not signed in gives an address, and a member a name and a yes."""
        ok = True
        for field, wanted, sentence in (
            (self.email, True, "Type your email address: we mail you a link to confirm."),
            (self.name, self.joins, "Type what the group may call you."),
            (self.consent, self.joins, "Members are known to their convenors: tick this, too."),
        ):
            if wanted and not field.data and not field.errors:
                field.errors = [sentence]
            ok = ok and not field.errors
        return ok


class FollowForm(Form):
    """The events around a place, by mail."""

    near = LineField(
        "Near", most=100, validators=[Needed("Enter a postcode, such as BN1 1AA, or a town.")]
    )
    radius_km = SelectField("Within", choices=RADIUS_CHOICES, default=NEAREST)
    kind = SelectMultipleField(
        "Only these",
        choices=[SelectChoice(kind.value, facts.label) for kind, facts in KINDS.items()],
        description="Leave all of them open to hear of everything.",
    )
    accessible = BooleanField("Only where one gets in without a step")
    email = AddressField("Your email")


class RadiusForm(Form):
    """How far an area reaches."""

    radius_km = SelectField("Within", choices=RADIUS_CHOICES)
