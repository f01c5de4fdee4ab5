"""What a meetup keeps: the room and who is in it, its cards, and what its tables wrote."""

from campaign.meetups.models.asking import HostAsked
from campaign.meetups.models.cohosts import CohostOffer
from campaign.meetups.models.devices import DeskDevice
from campaign.meetups.models.helping import HelpWanted
from campaign.meetups.models.incidents import Incident, SentOut, SentOutMark
from campaign.meetups.models.marks import TableMark
from campaign.meetups.models.moves import MoveRequest
from campaign.meetups.models.paper import PaperSheet
from campaign.meetups.models.recaps import Recap
from campaign.meetups.models.rooms import Batch, Breakout, Card, Commitment, Meetup, Participant
from campaign.meetups.models.seeds import KeepGoing, SeedGroup, SeedInvite
from campaign.meetups.models.sheets import Dot, Proposal, Sheet
from campaign.meetups.models.spoken import SpokenWords
from campaign.meetups.models.taps import SentTap
from campaign.meetups.models.topics import Topic, TopicVote

__all__ = [
    "Batch",
    "Breakout",
    "Card",
    "CohostOffer",
    "Commitment",
    "DeskDevice",
    "Dot",
    "HelpWanted",
    "HostAsked",
    "Incident",
    "KeepGoing",
    "Meetup",
    "MoveRequest",
    "PaperSheet",
    "Participant",
    "Proposal",
    "Recap",
    "SeedGroup",
    "SeedInvite",
    "SentOut",
    "SentOutMark",
    "SentTap",
    "Sheet",
    "SpokenWords",
    "TableMark",
    "Topic",
    "TopicVote",
]
