"""Return codes: how who reported comes back without an account."""

from __future__ import annotations

import re

from campaign.foundation import tokens

LENGTH = 16


def normal(text: str) -> str:
    """A code as it is kept: without the gaps, in small letters, and never too long."""
    return re.sub(r"[^a-z0-9]", "", text[:80].casefold())


def spaced(code: str) -> str:
    """A code as people read and write it: "abcd-efgh-jkmn-pqrs"."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def fingerprint(text: str) -> str:
    """What the database keeps: 79 random bits need no slow hash."""
    return tokens.fingerprint(f"report:{normal(text)}")
