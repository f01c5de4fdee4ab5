"""The letters of this room: an export waits for a second person, and what they said."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str


def export_asked(mail: Mail, *, to: str, title: str) -> Letter:
    """Somebody wants a table of contacts, and you may say yes or no."""
    return mail.write(
        "phonebanks/export_asked",
        to=to,
        subject=f"An export waits for you: {title}",
        title=title,
        exports_url=f"{mail.base_url}/exports",
    )


def export_decided(mail: Mail, *, to: str, title: str, yes: bool, path: str) -> Letter:
    """What the second person said. The table itself is never in a letter."""
    return mail.write(
        "phonebanks/export_decided",
        to=to,
        subject=f"Your export {'is approved' if yes else 'was refused'}: {title}",
        title=title,
        yes=yes,
        export_url=f"{mail.base_url}{path}/exports",
    )
