"""What the front page, "your page" and the mailbox show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True)
class ShownLetter:
    """A letter of the development mailbox: its plain part, with the links as links."""

    to: str
    subject: str
    at: str
    parts: list[tuple[str, bool]]


def shown_letter(message: EmailMessage) -> ShownLetter:
    """The letter as the mailbox page shows it."""
    body = message.get_body(("plain",))
    words = body.get_content() if body else ""
    parts = [(part, bool(LINK.fullmatch(part))) for part in LINK.split(words) if part]
    return ShownLetter(str(message["To"]), str(message["Subject"]), str(message["Date"]), parts)
