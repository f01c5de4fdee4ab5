"""The tables of groups."""

from campaign.groups.models.asking import JoinRequest
from campaign.groups.models.groups import Group, Membership
from campaign.groups.models.notes import GroupNote, GroupNoteRevision

__all__ = ["Group", "GroupNote", "GroupNoteRevision", "JoinRequest", "Membership"]
