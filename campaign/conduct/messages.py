"""The letters of this room: something waits, without what; and somebody is kept out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaign.conduct.rules.kept_out import TO_THEM
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


def kept_out(mail: Mail, *, to: str, reason: str, until: datetime) -> Letter:
    """You are kept out of what we do: why, until when, and how to have it looked at again."""
    return mail.write(
        "conduct/kept_out",
        to=to,
        subject="You cannot come to our events for now",
        why=TO_THEM[reason],
        until=day_of(until),
    )


def day_of(moment: datetime) -> str:
    """A day as a letter writes it."""
    return f"{moment.astimezone(ZoneInfo('Europe/London')):%-d %B %Y}"
