"""The letters about a table that goes on as a group."""

from __future__ import annotations

from campaign.events.messages import Mail
from campaign.foundation.carriers import Letter


def seed_invite(
    mail: Mail, *, to: str, name: str, seed: str, many: int, meetup: str, key: str
) -> Letter:
    """You ticked that your table goes on: will you join, or convene it? Nothing without a tap."""
    return mail.write(
        "meetups/seed_invite",
        to=to,
        subject=f"Keep going together in {seed}?",
        name=name,
        seed=seed,
        others=many - 1,
        meetup=meetup,
        answer_url=f"{mail.base_url}/keep-going/{key}",
    )


def seed_waits(mail: Mail, *, to: str, seed: str, path: str) -> Letter:
    """To who looks at new groups: a table has found its convenor."""
    return mail.write(
        "meetups/seed_waits",
        to=to,
        subject=f"A new group to look at: {seed}",
        seed=seed,
        seeds_url=f"{mail.base_url}/sign-in?next={path}",
    )
