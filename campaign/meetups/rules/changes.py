"""What of the list at the door has changed since a page of it was sent.

A page says what it holds by digests: one of each part of it, and one of each group of its lines.
Nobody keeps what which page was sent. Whatever changed a line, here or on the pages of the event,
its group's digest is another one: then the group comes anew, whole, and its digest with it. So a
page that hears two answers in the wrong order never takes itself for newer than it is.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from campaign.meetups.rules.expected import Line

# The header in which a page says so, in the order of these parts and then of the groups.
HEADER = "Door-Holds"
PARTS = ("frame", "count", "last", "letters")
# Of a thousand lines eight are in a group.
GROUPS = 128
LENGTH = 5
HELD = re.compile(
    rf"[\w-]{{{LENGTH}}}(?: [\w-]{{{LENGTH}}}){{{len(PARTS) + GROUPS - 1}}}", re.ASCII
)


def group_of(line: Line) -> int:
    """By the ticket, which stands in the page."""
    return line.ticket % GROUPS


def holds_of(parts: Mapping[str, object], lines: Iterable[Line]) -> str:
    """What a page holds that shows this; the same words for the same page, in every process."""
    groups = defaultdict[int, list[Line]](list)
    for line in lines:
        groups[group_of(line)].append(line)
    shown = [*(parts[name] for name in PARTS), *(groups[at] for at in range(GROUPS))]
    return " ".join(map(_digest, shown))


def changes_since(held: str, now: str) -> dict[int, str] | None:
    """What is another one by now, by its place; None where a page has to come whole: it does not
    say what it holds, or is to hold nothing, or what frames its lines has changed.
    """
    if not now or not HELD.fullmatch(held):
        return None
    pairs = enumerate(zip(held.split(), now.split(), strict=True))
    changed = {at: new for at, (old, new) in pairs if old != new}
    return None if PARTS.index("frame") in changed else changed


def in_changed(lines: Iterable[Line], changed: Collection[int]) -> list[tuple[Line, str]]:
    """The lines of the groups that changed, each with the id of the one it stands behind."""
    behind, found = "", list[tuple[Line, str]]()
    for line in lines:
        if len(PARTS) + group_of(line) in changed:
            found.append((line, behind))
        behind = line.public_id
    return found


def _digest(shown: object) -> str:
    return urlsafe_b64encode(sha256(repr(shown).encode()).digest())[:LENGTH].decode()
