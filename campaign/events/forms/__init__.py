"""What people type about events: six questions, a sign-up, who stands at the door."""

from campaign.events.forms.announcing import AnnounceForm, CancelForm
from campaign.events.forms.bringing import BringForm
from campaign.events.forms.changing import TellingForm
from campaign.events.forms.door import HostLinkForm, TapForm, WalkInForm
from campaign.events.forms.following import (
    RADIUS_CHOICES,
    ComeInForm,
    FollowForm,
    RadiusForm,
)
from campaign.events.forms.moderating import AppealForm, DecideForm, TrustForm
from campaign.events.forms.numbers import PlainNumber
from campaign.events.forms.photos import PhotosForm
from campaign.events.forms.repeating import RepeatForm
from campaign.events.forms.report import ReportForm
from campaign.events.forms.shifts import FillForm, RemoveShiftForm, ShiftForm
from campaign.events.forms.signing_up import GuestsForm, SignUpForm
from campaign.events.forms.team import AnswerInviteForm, InviteForm
from campaign.events.forms.templates import TemplateForm

__all__ = [
    "RADIUS_CHOICES",
    "AnnounceForm",
    "AnswerInviteForm",
    "AppealForm",
    "BringForm",
    "CancelForm",
    "ComeInForm",
    "DecideForm",
    "FillForm",
    "FollowForm",
    "GuestsForm",
    "HostLinkForm",
    "InviteForm",
    "PhotosForm",
    "PlainNumber",
    "RadiusForm",
    "RemoveShiftForm",
    "RepeatForm",
    "ReportForm",
    "ShiftForm",
    "SignUpForm",
    "TapForm",
    "TellingForm",
    "TemplateForm",
    "TrustForm",
    "WalkInForm",
]
