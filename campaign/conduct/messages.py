"""The letter of this room: something waits. It never says what."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str


def report_waits(mail: Mail, *, to: str, case: str) -> Letter:
    """A report waits for your look; what it is about stands on its page alone."""
    return mail.write(
        "conduct/report_waits",
        to=to,
        subject="A report waits for your look",
        case_url=f"{mail.base_url}/reports/{case}",
    )
