"""The made-up people of a rehearsal, and what it has seen of their evening."""

from __future__ import annotations

import json
import re
import statistics
from dataclasses import dataclass, field

from campaign.commands.rehearse.pages import Page
from campaign.commands.rehearse.phones import Phone


@dataclass
class Guest:
    """A made-up person with a phone."""

    number: int
    name: str
    postcode: str
    phone: Phone
    hosts: bool
    leads: bool
    is_new: bool
    table: int | None = None
    said_yes: bool = False


@dataclass
class Found:
    """What the rehearsal has seen, all of it through public pages and its own phones."""

    strategy_tables: int = 0
    local_tables: int = 0
    published: set[str] = field(default_factory=set)
    to_public_s: list[float] = field(default_factory=list)
    committed_share: float = 0.0
    orphans: int = 0


def said(page: Page) -> str:
    """What a page says is wrong, in a line."""
    told = re.search(
        r'class="(?:error|errors|room-said|lede)[^"]*"[^>]*>(.*?)</', page.text, re.DOTALL
    )
    words = re.sub(r"<[^>]+>|\s+", " ", told[1]).strip() if told else ""
    return f"{page.path} answered {page.status}. {words}"


def summed_up(people: int, found: Found) -> str:
    """The last line: the figures of the evening as JSON."""
    return json.dumps(
        {
            "people": people,
            "strategy_tables": found.strategy_tables,
            "local_tables": found.local_tables,
            "published": len(found.published),
            "committed_share": round(found.committed_share, 3),
            "orphans": found.orphans,
            "card_to_public_s": round(statistics.median(found.to_public_s), 2)
            if found.to_public_s
            else None,
        }
    )
