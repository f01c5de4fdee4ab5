"""What is written about groups: founding, joining, leaving, who runs them, and their notes."""

from campaign.groups.operations.belonging import (
    answer_asker,
    appoint,
    hand_over,
    join,
    leave,
    take_back,
)
from campaign.groups.operations.founding import describe, found, weigh
from campaign.groups.operations.notes import (
    decline_note,
    propose_note,
    publish_note,
    rewrite_note,
    write_note,
)

__all__ = [
    "answer_asker",
    "appoint",
    "decline_note",
    "describe",
    "found",
    "hand_over",
    "join",
    "leave",
    "propose_note",
    "publish_note",
    "rewrite_note",
    "take_back",
    "weigh",
    "write_note",
]
