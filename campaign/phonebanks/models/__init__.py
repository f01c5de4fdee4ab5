"""Phonebanks, their people, sessions, scripts, call lists and calls."""

from campaign.phonebanks.models.answers import BureauAnswer, ScreenedNumber
from campaign.phonebanks.models.banks import (
    CallingSession,
    Phonebank,
    PhonebankRole,
    Removal,
    ScriptVersion,
)
from campaign.phonebanks.models.callers import CallerProfile
from campaign.phonebanks.models.calls import Agreement, Answer, Call
from campaign.phonebanks.models.canaries import Canary, CanaryCall
from campaign.phonebanks.models.drafts import CallDraft
from campaign.phonebanks.models.exports import ContactExport
from campaign.phonebanks.models.goals import Goal
from campaign.phonebanks.models.helping import Broadcast, HelpRequest, NoThanks, Pairing
from campaign.phonebanks.models.imports import ImportBatch
from campaign.phonebanks.models.lists import Contact, NeverLoad
from campaign.phonebanks.models.promises import NoPromiseLetters, Promise
from campaign.phonebanks.models.quarantine import HeldReport
from campaign.phonebanks.models.reversals import Reversal
from campaign.phonebanks.models.reviews import CallerSignal, CallReview, QualityMark
from campaign.phonebanks.models.scripts import CallSignUp, ScriptDraft
from campaign.phonebanks.models.sharers import Sharer
from campaign.phonebanks.models.sheets import FigureSheet
from campaign.phonebanks.models.thanks import ShownCaller
from campaign.phonebanks.models.totals import AnswerTotal, CallTotal
from campaign.phonebanks.models.tps import TpsFile, TpsPart
from campaign.phonebanks.models.training import TrainingAttempt

__all__ = [
    "Agreement",
    "Answer",
    "AnswerTotal",
    "Broadcast",
    "BureauAnswer",
    "Call",
    "CallDraft",
    "CallReview",
    "CallSignUp",
    "CallTotal",
    "CallerProfile",
    "CallerSignal",
    "CallingSession",
    "Canary",
    "CanaryCall",
    "Contact",
    "ContactExport",
    "FigureSheet",
    "Goal",
    "HeldReport",
    "HelpRequest",
    "ImportBatch",
    "NeverLoad",
    "NoPromiseLetters",
    "NoThanks",
    "Pairing",
    "Phonebank",
    "PhonebankRole",
    "Promise",
    "QualityMark",
    "Removal",
    "Reversal",
    "ScreenedNumber",
    "ScriptDraft",
    "ScriptVersion",
    "Sharer",
    "ShownCaller",
    "TpsFile",
    "TpsPart",
    "TrainingAttempt",
]
