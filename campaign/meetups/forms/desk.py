"""What the organiser sets before and during the evening."""

from __future__ import annotations

from wtforms import (
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from campaign.foundation.formfields import Form, LineField, Needed, TextField
from campaign.meetups.rules.devices import LONGEST_NAME
from campaign.meetups.rules.floor import LONGEST_FLOOR
from campaign.meetups.rules.phases import NAMES, PRESETS, Phase
from campaign.meetups.rules.spoken import LONGEST_WORDS, USUAL
from campaign.meetups.rules.topics import LONGEST_TOPIC


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


class DeviceForm(Form):
    """What the device is called that holds the desk."""

    name = LineField(
        "What is this device?",
        most=LONGEST_NAME,
        validators=[Needed("Say which device it is, such as Laptop at the door.")],
    )


class WordForm(Form):
    """A word to everybody in the room; empty takes it off."""

    word = LineField("A word to everybody", most=140)


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
