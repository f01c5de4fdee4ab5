"""The letters of this room: a link to sign in."""

from __future__ import annotations

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer


def sign_in_link(write: Writer, *, to: str, url: str, movement: str) -> Letter:
    """The mailed key."""
    return write(
        "people/sign_in",
        to=to,
        subject=f"Your link to sign in to {movement}",
        url=url,
    )
