"""The letter to who looks after people while an evening goes on."""

from __future__ import annotations

from campaign.events.messages import Mail
from campaign.foundation.carriers import Letter


def at_one_table(mail: Mail, *, to: str, meetup: str, path: str) -> Letter:
    """Two who are kept apart sit at one table; who they are stands on its page alone."""
    return mail.write(
        "meetups/at_one_table",
        to=to,
        subject="Somebody needs you in the hall",
        meetup=meetup,
        page_url=f"{mail.base_url}/sign-in?next={path}",
    )
