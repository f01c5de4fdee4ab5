"""What people type to found, describe and join a group."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from campaign.foundation.formfields import Form, LineField, Needed, OnceField, TextField
from campaign.groups.rules import PRIORITIES


class FoundForm(Form):
    """Three answers that make a group."""

    name = LineField(
        "Name of the group",
        least=3,
        most=120,
        validators=[Needed("Give the group a name.")],
        description="As people say it: the town, the quarter, the workplace.",
    )
    near = LineField(
        "Where is it?",
        most=100,
        validators=[Needed("Enter a postcode, such as BN1 1AA, or the name of a town.")],
        description="A postcode or a town. The map shows this point, so no home address.",
    )
    chosen_place = LineField("Which one?", most=200)
    about = TextField(
        "What do you do?",
        most=2000,
        description="Two or three sentences. You can leave this for later.",
    )
    client_uuid = OnceField()


class DescribeForm(Form):
    """What the group says about itself."""

    about = TextField("What do you do?", most=2000)


class JoinForm(Form):
    """Join as a member, or just follow."""

    role = RadioField(
        "Join or follow?",
        choices=[
            SelectChoice("member", "Join as a member"),
            SelectChoice("follower", "Just follow"),
        ],
        default="member",
    )


class PriorityForm(Form):
    """How much the group's area counts just now."""

    priority = RadioField(
        "How much does this area count just now?",
        choices=[SelectChoice(str(value), words) for value, words in PRIORITIES],
    )


class AppointForm(Form):
    """What a member of the group shall be."""

    role = RadioField(
        "Role",
        choices=[
            SelectChoice("member", "Member"),
            SelectChoice("organiser", "Organiser"),
            SelectChoice("convenor", "Convenor"),
        ],
    )


class Nothing(Form):
    """A button: only the token is checked."""
