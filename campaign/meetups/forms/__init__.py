"""What people type in the room: as little as can be."""

from campaign.meetups.forms.cards import PLACES, YES_NO, AcceptForm, CardForm, HeldForm, SeedForm
from campaign.meetups.forms.desk import (
    DeviceForm,
    FloorForm,
    OpenForm,
    ScriptForm,
    TopicsForm,
    WordForm,
)
from campaign.meetups.forms.joining import (
    BringInForm,
    CodeForm,
    DoorForm,
    JoinForm,
    Tapped,
    Ticks,
    WordsForm,
    YouForm,
)
from campaign.meetups.forms.paper import LineForm, SheetEntryForm
from campaign.meetups.forms.safety import (
    AppealForm,
    DecideOutForm,
    HelpForm,
    IncidentForm,
    SendOutForm,
)
from campaign.meetups.forms.sheets import AboutForm, HideForm, SheetForm

__all__ = [
    "PLACES",
    "YES_NO",
    "AboutForm",
    "AcceptForm",
    "AppealForm",
    "BringInForm",
    "CardForm",
    "CodeForm",
    "DecideOutForm",
    "DeviceForm",
    "DoorForm",
    "FloorForm",
    "HeldForm",
    "HelpForm",
    "HideForm",
    "IncidentForm",
    "JoinForm",
    "LineForm",
    "OpenForm",
    "ScriptForm",
    "SeedForm",
    "SendOutForm",
    "SheetEntryForm",
    "SheetForm",
    "Tapped",
    "Ticks",
    "TopicsForm",
    "WordForm",
    "WordsForm",
    "YouForm",
]
