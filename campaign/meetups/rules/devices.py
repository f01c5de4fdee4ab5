"""The desk on another device: how long it is held there, and which of its doors it opens.

A laptop at the door is everybody's who stands beside it. It holds no sign-in but a key for the
desk of one meetup, and that key is good for what has to be done while the evening runs. What
shows how to reach people, what they need or what they did, what shuts somebody out, and what
sets the evening up stays with whoever is signed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from campaign.foundation.errors import DomainError

LINK_LASTS = timedelta(minutes=5)
# As long as a sign-in of who sees other people's data, and never longer than the meetup.
LASTS = timedelta(hours=12)
LONGEST_NAME = 40
MOST = 8

# The one table. Every door of the desk that wants a sign-in stands in one of the two, with the
# reason; to a door that is shut a device is a stranger.
OPEN_DOORS = {
    "desk": "cards and sheets by state, and where the evening stands",
    "phase": "somebody has to move the evening on when the organiser speaks",
    "extend": "two minutes more",
    "pause": "and none",
    "word": "what everybody must hear now",
    "bring_in": "who has no phone gets a number",
    "publish": "a card that is ready goes on the map",
    "publish_solid": "so do all the solid ones",
    "merge": "two tables planned the same",
    "send_helper": "a card waits, and somebody should go to its table",
    "helped": "a table calls for somebody",
    "hide": "what should not stand on the screen cannot wait",
    "going": "a steward asks for help, and somebody has to go",
    "people_to_move": "numbers and tables, no names",
    "move_somebody": "by their number",
    "door": "coming in without a phone; what is typed there is not shown again",
    "expected": "who signed up, by first name and initial: whoever comes in says it aloud",
    "bring_expected": "and one tap brings them in",
    "slips": "the slip of who was brought in",
    "paper_sheets": "the sheets on paper, by their ids",
    "print_paper": "more of them",
    "read_in": "reading a sheet in is the work of a data desk",
    "evening_script": "who speaks reads from it",
    "leave_desk": "whoever goes home closes it",
}
SHUT_DOORS = {
    "everybody": "names, and what people need",
    "words": "four words are somebody's place in the room, with what they signed up to",
    "send_out": "putting somebody out is a person's own decision",
    "let_in": "and so is taking it back",
    "incident_log": "what happened to whom",
    "call_for_help": "a steward's own phone says who calls",
    "download_log": "the whole log, for who answers for it",
    "practice": "setting up",
    "evening": "setting up",
    "floor": "setting up",
    "mark": "setting up",
    "desk_topics": "setting up",
    "take_topic_away": "setting up",
    "write_script": "setting up",
    "desk_devices": "a device lets in no other",
    "take_device_back": "nor does it shut one out",
}


class LinkSpent(DomainError):
    """The link was opened, is too old or was never ours; it is the same to a stranger."""

    status: ClassVar[int] = 410
    heading = "This link has done its work"

    def __init__(self) -> None:
        super().__init__(
            "It was opened, or its five minutes are over. Whoever runs the meetup makes a new one "
            "at the desk."
        )


class DeskClosed(DomainError):
    """The device held the desk, and does not any more."""

    status: ClassVar[int] = 410
    heading = "The desk is closed on this device"

    def __init__(self, code: str) -> None:
        super().__init__(
            "The meetup has ended, or it was taken back. Whoever runs the meetup opens it again."
        )
        self.steps = ((f"/m/{code}/screen", "Look at the screen"),)


def marks_of(device_id: int, name: str) -> tuple[str, str]:
    """What the audit log says of a device: which, and what it was called."""
    return f"device:{device_id}", name


def is_held(*, ends_at: datetime | None, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a device still holds the desk at ``now``."""
    return ends_at is not None and ended_at is None and now < ends_at
