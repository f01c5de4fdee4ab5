"""The key that hands a call over to the caller's own phone: for one claim and a few minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from campaign.foundation import tokens

LIFE = timedelta(minutes=5)
# Of the seal: 126 bits, so that the code a camera reads stays coarse.
SEAL = 21


def key_for(
    claim_id: str, caller_id: int, *, now: datetime, expires_at: datetime, secret: str
) -> str:
    """A key that opens this claim to this caller, for five minutes or until the claim ends."""
    ends = int(min(now + LIFE, expires_at).timestamp())
    return f"{claim_id}.{ends:x}.{_seal(claim_id, ends, caller_id, secret)}"


def read_key(
    key: str, caller_id: int, *, now: datetime, secret: str
) -> tuple[str, datetime] | None:
    """The claim of a key and until when it opens; None where it is not this caller's, or over."""
    claim_id, _, rest = key.partition(".")
    ends_text, _, seal = rest.partition(".")
    try:
        ends = int(ends_text, 16)
        until = datetime.fromtimestamp(ends, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    made = _seal(claim_id, ends, caller_id, secret)
    is_ours = compare_digest(seal.encode(), made.encode())
    return (claim_id, until) if is_ours and now < until else None


def _seal(claim_id: str, ends: int, caller_id: int, secret: str) -> str:
    return tokens.derived(f"hand-over:{claim_id}:{ends}:{caller_id}", secret=secret)[:SEAL]
