"""What people type to found, describe and join a group."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from campaign.foundation.formfields import (
    AddressField,
    Form,
    LineField,
    Needed,
    OnceField,
    TextField,
)
from campaign.groups.rules import AREA_KM, CONTACT_LABELS, KIND_LABELS, PRIORITIES


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


class SettingsForm(Form):
    """What the group says about itself, and who comes in how."""

    about = TextField("What do you do?", most=2000)
    kind = SelectField(
        "What kind of group is it?",
        choices=[SelectChoice(kind.value, words) for kind, words in KIND_LABELS.items()],
    )
    parent = SelectField(
        "Part of",
        description="A group that you help to run too. Both pages then lead to each other.",
    )
    outcodes = LineField(
        "Whose postcodes begin with",
        most=400,
        description="The first halves, such as BN1, BN2. People there are shown your group first.",
    )
    radius_km = SelectField(
        "Or everybody within",
        choices=[
            SelectChoice("", "No circle"),
            *(SelectChoice(str(km), f"{km} km") for km in AREA_KM),
        ],
        description="Counted from the point on your map.",
    )
    contact = RadioField(
        "Who may write to the group?",
        choices=[SelectChoice(one.value, words) for one, words in CONTACT_LABELS.items()],
    )
    joining = RadioField(
        "Who may join?",
        choices=[
            SelectChoice("open", "Everybody, at once"),
            SelectChoice("asked", "Everybody may ask, a convenor lets them in"),
        ],
    )


class NoteForm(Form):
    """A note of a meeting."""

    title = LineField("Title", least=3, most=120, validators=[Needed("Give the note a title.")])
    text = TextField(
        "What happened, and what did you agree?",
        most=20_000,
        validators=[Needed("Write the note.")],
        description="Plain text. Everybody can read it, so no names without asking and no home "
        "addresses.",
    )
    seen = HiddenField()


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


class WriteForm(Form):
    """A letter to who runs a group. ``website`` is a trap that no person sees."""

    name = LineField("Your name", most=120, validators=[Needed("Type your name.")])
    email = AddressField("Your email", validators=[Needed("Type your email address.")])
    text = TextField(
        "What would you like to say or ask?",
        least=10,
        most=2000,
        validators=[Needed("Write a line or two.")],
    )
    website = StringField("Leave this empty")
    client_uuid = OnceField()
