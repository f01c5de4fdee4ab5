"""Where an event stands with the moderators, and what one finds when looking at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from campaign.foundation.errors import Conflict, DomainError

# A host who was asked and does nothing: after so long the event waits again.
ASKED_FOR = timedelta(hours=48)
# What begins within this is looked at before what has waited longer.
SOON = timedelta(hours=48)
# So many in a day by one host is worth a look.
MANY_IN_A_DAY = 5
# Approved events that make a host trusted, unless the installation says otherwise.
TRUSTED_AFTER = 2
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')]+", re.IGNORECASE)


@dataclass(frozen=True)
class Hint:
    """Something that was found: ``tone`` is "bad", "ask" or "ok"."""

    tone: str
    head: str
    words: str = ""


def links_in(text: str, *, own_host: str) -> list[str]:
    """The hosts of the links in a text that are not ours, each once, in their order."""
    hosts: dict[str, None] = {}
    for found in _LINK.findall(text):
        address = found if "//" in found else f"https://{found}"
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            host = found[:60]
        if host and host.removeprefix("www.") != own_host.removeprefix("www."):
            hosts.setdefault(host[:60])
    return list(hosts)


class TakenDown(DomainError):
    """A moderator took the event down; everybody may know why."""

    status = 410
    heading = "Taken down"
    steps = (
        ("/events", "Look for another event"),
        ("/moderation/log", "What we take down, and why"),
    )

    def __init__(self, *, category: str, public: str) -> None:
        why = f"The reason: {category[:1].lower()}{category[1:]}. {public}" if public else ""
        super().__init__(f"A moderator has taken this event down. {why}".strip())


class AlreadyDecided(Conflict):
    """Somebody else looked at it meanwhile."""

    heading = "Already decided"
    steps = (("/moderation", "Go on to the next"),)

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody else was first: {what}. Nothing was changed, and the host gets one letter."
        )
