"""What people type in the room: as little as can be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional, StopValidation

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.reports import MOST
from campaign.foundation.formfields import AddressField, Form, LineField, Needed, TextField
from campaign.meetups.rules.cards import LENGTHS, LONGEST_NOTE
from campaign.meetups.rules.floor import LONGEST_FLOOR
from campaign.meetups.rules.incidents import (
    CATEGORIES,
    LONGEST_ACTION,
    LONGEST_APPEAL,
    LONGEST_PLACE,
    LONGEST_REASON,
    REASONS,
)
from campaign.meetups.rules.joining import (
    AREA_WORDS,
    CONSENT_WORDS,
    CONTACT_WORDS,
    LONGEST_NEED,
    NAMES_WORDS,
    Consents,
)
from campaign.meetups.rules.paper import LINES
from campaign.meetups.rules.phases import NAMES, PRESETS, Phase
from campaign.meetups.rules.sheets import LONGEST, LONGEST_LINE
from campaign.meetups.rules.spoken import LONGEST_WORDS, USUAL
from campaign.meetups.rules.topics import LONGEST_TOPIC

PLACES = [
    SelectChoice("venue", "A place"),
    SelectChoice("home", "At a home"),
    SelectChoice("online", "Online"),
]
YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]


class OpenForm(Form):
    """How the evening is run."""

    preset = RadioField(
        "How long is it?",
        choices=[SelectChoice(code, preset.label) for code, preset in PRESETS.items()],
        default="meetup",
    )
    publishes = RadioField(
        "When does a card go on the map?",
        choices=[
            SelectChoice("at once", "With its host’s yes"),
            SelectChoice("trusted", "With the yes of a host the group trusts"),
            SelectChoice("desk", "After a look at the desk"),
        ],
        default="at once",
    )
    phonebank = SelectField(
        "Which phonebank do the sessions ring for?", choices=[], validate_choice=False
    )
    question = LineField("What do the strategy tables talk about?", most=160)
    steward = LineField("Who is there to talk to, and where?", most=160)


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


class JoinForm(Ticks, Form):
    """Four fields, and one box that must be ticked."""

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


class BringInForm(Form):
    """Somebody without a phone, at the desk."""

    name = LineField("First name", most=40, validators=[Needed("Type their first name.")])
    initial = LineField("Initial", most=1)
    where = LineField("Postcode or town", most=100)


class DoorForm(Ticks, BringInForm):
    """Somebody without a phone, at the door: what they say, and what they agree to."""

    reach = LineField("Phone at home, email, or both", most=320)
    access_needs = LineField("What do you need tonight?", most=LONGEST_NEED)
    hold = BooleanField(
        "Your details",
        description="They were told that we keep this for tonight, and said yes.",
        validators=[DataRequired("Ask them first, then tick this.")],
    )


class YouForm(Ticks, Form):
    """What somebody in the room says of themselves."""

    phone = LineField("Mobile number", most=40)
    email = AddressField("Email")
    access_needs = LineField("What do you need tonight?", most=LONGEST_NEED)
    is_new = BooleanField("First time", description="This is my first of these.")
    leads = BooleanField("Leading a table", description="I could lead a table of eight.")
    came_with = LineField("Sit with somebody? Their number", most=20)


class WordsForm(Form):
    """The way back."""

    words = LineField("Your four words", most=80, validators=[Needed("Type your four words.")])


class CardForm(Form):
    """A tap on a card, or several."""

    kind = RadioField("What", choices=[], validate_choice=False, validators=[Optional()])
    day = RadioField("Day", choices=[], validate_choice=False, validators=[Optional()])
    start = RadioField("Start", choices=[], validate_choice=False, validators=[Optional()])
    start_own = TimeField("Another time", validators=[Optional()])
    minutes = RadioField("How long", choices=[], validate_choice=False, validators=[Optional()])
    capacity = RadioField("Room for", choices=[], validate_choice=False, validators=[Optional()])
    place = RadioField("Where", choices=[], validate_choice=False, validators=[Optional()])
    venue = LineField("Name of the place", most=120)
    postcode = LineField("Its postcode", most=20)
    needed = RadioField(
        "Needs at least", choices=[], validate_choice=False, validators=[Optional()]
    )
    step_free = RadioField("Step-free?", choices=[], validate_choice=False, validators=[Optional()])
    note = LineField("What to bring, how to get in", most=LONGEST_NOTE)


class AcceptForm(Form):
    """What only the host can give, on their own phone."""

    email = AddressField("Your email")
    address = LineField("Street and number", most=160)
    postcode = LineField("Postcode", most=20)
    link = LineField("Link", most=500)


class SheetForm(Form):
    """One step of a strategy sheet: an idea with its hands, or the two lines at its end."""

    text = LineField("The idea, in a line", most=LONGEST)
    carrier = SelectField("Who will carry it on?", choices=[], validate_choice=False)
    worry = LineField("One worry", most=LONGEST_LINE)
    ask = LineField("One thing you need from the centre", most=LONGEST_LINE)


class HideForm(Form):
    """Why a proposal is taken off the screen."""

    why = LineField("Why?", most=160)


class AboutForm(Form):
    """What helps to mix the strategy tables."""

    leads = RadioField("Lead", choices=YES_NO, validators=[Optional()])
    is_new = RadioField("New", choices=YES_NO, validators=[Optional()])
    came_with = LineField("Their numbers", most=20)


class LineForm(PlainForm):
    """One line of a sheet: a number in the room, or a name and how to reach them."""

    number = LineField("Number", most=5)
    name = LineField("Name", most=60)
    reach = LineField("Phone or email", most=320)
    contact = BooleanField("Host may reach them")


class SheetEntryForm(Form):
    """What stands on a sheet of paper, in the order of the paper."""

    table = LineField("Table number", most=3)
    kind = RadioField("What", choices=[], validators=[DataRequired("Choose what it is.")])
    day = DateField("Day", validators=[DataRequired("Give the day.")])
    start = TimeField("Start", validators=[DataRequired("Write the start like 18:30.")])
    minutes = RadioField(
        "How long",
        choices=[SelectChoice(str(n), f"{n // 60}{'½' if n % 60 else ''} h") for n in LENGTHS],
        default="120",
    )
    where = RadioField("Where", choices=PLACES, default="venue")
    venue = LineField("Name of the place, or street and number of the home", most=160)
    postcode = LineField("Postcode", most=20)
    link = LineField("Link, if online", most=500)
    host_number = LineField("Host: number in the room", most=5)
    host_name = LineField("Host: name", most=60)
    host_reach = LineField("Host: mobile, and email if there is one", most=320)
    read_back = BooleanField(
        "Read back",
        description="I rang or faced the host, read this number back to them, and they said yes.",
        validators=[DataRequired("Read the number back to the host first, then tick this.")],
    )
    cohost_number = LineField("Co-host: number in the room", most=5)
    cohost_name = LineField("Co-host: name", most=60)
    cohost_reach = LineField("Co-host: phone or email", most=320)
    coming = FieldList(FormField(LineForm), "Who is coming", min_entries=LINES, max_entries=LINES)


class HeldForm(Form):
    """Did it take place, and how many came?"""

    people = StringField(
        "How many came, you too?",
        validators=[PlainNumber(0, MOST, f"Give a number from 0 to {MOST:,}, in digits.")],
    )
    answer = StringField(validators=[Needed("Press one of the two buttons.")])


class TopicsForm(Form):
    """What the strategy tables talk about."""

    kind = RadioField(
        "They talk about",
        choices=[
            SelectChoice("none", "One question"),
            SelectChoice("set", "Topics I set"),
            SelectChoice("propose", "Topics the room proposes too"),
        ],
        validators=[DataRequired("Choose one of the three.")],
    )
    topic = LineField("A topic", most=LONGEST_TOPIC)


class FloorForm(Form):
    """Where the tables stand."""

    floor = LineField("Where which tables stand", most=LONGEST_FLOOR)
    captions = LineField("Live captions, a link", most=300)


class WordForm(Form):
    """A word to everybody in the room; empty takes it off."""

    word = LineField("A word to everybody", most=140)


class SeedForm(Form):
    """Under which name a group stands."""

    name = LineField("Name of the group", most=80, validators=[Needed("Give it a name.")])


class IncidentForm(Form):
    """A line of the incident log."""

    category = RadioField(
        "What was it?",
        choices=[SelectChoice(code, words) for code, words in CATEGORIES.items()],
        validators=[DataRequired("Say what kind of thing it was.")],
    )
    place = LineField("Where?", most=LONGEST_PLACE)
    action = TextField(
        "What was done?", most=LONGEST_ACTION, validators=[Needed("Say what was done about it.")]
    )


class HelpForm(Form):
    """Where somebody waits for help."""

    where = LineField("Where are you?", most=LONGEST_PLACE)


class SendOutForm(Form):
    """Why somebody has to leave."""

    reason = RadioField(
        "Why?",
        choices=[SelectChoice(code, words) for code, words in REASONS.items()],
        validators=[DataRequired("Choose why.")],
    )
    words = LineField("What happened, in a few words?", most=LONGEST_REASON)


class AppealForm(Form):
    """Why it was wrong to send somebody out."""

    words = TextField("Why was it wrong?", most=LONGEST_APPEAL, validators=[Needed("Write why.")])


class DecideOutForm(Form):
    """What comes of somebody's being sent out."""

    decision = RadioField(
        "What comes of it?",
        choices=[SelectChoice("in", "Let them in"), SelectChoice("everywhere", "Keep them out")],
        validators=[DataRequired("Choose what comes of it.")],
    )
    answer = LineField("What they are told", most=300)


class ScriptForm(Form):
    """What is said in each part of the evening."""

    doors = TextField(NAMES[Phase.DOORS], most=LONGEST_WORDS)
    plenary = TextField(NAMES[Phase.PLENARY], most=LONGEST_WORDS)
    strategy = TextField(NAMES[Phase.STRATEGY], most=LONGEST_WORDS)
    report_back = TextField(NAMES[Phase.REPORT_BACK], most=LONGEST_WORDS)
    ask = TextField(NAMES[Phase.ASK], most=LONGEST_WORDS)
    local = TextField(NAMES[Phase.LOCAL], most=LONGEST_WORDS)
    commit = TextField(NAMES[Phase.COMMIT], most=LONGEST_WORDS)
    close = TextField(NAMES[Phase.CLOSE], most=LONGEST_WORDS)

    @property
    def words(self) -> dict[str, str]:
        """By phase."""
        return {phase.value: self[phase.value].data or "" for phase in USUAL}
