"""What may be kept of a report that is still being written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from campaign.phonebanks.rules.scripts import AGREED, kept_answers

# As the form names them.
ANSWER, CONSENT, SIGN_UP = "answer-", "agreed-", "signup-"
PLAIN = ("outcome", "callback_at", "callback_pick", "who", "spoken", "language")
# A draft that nobody touched for so long is of a call that can no longer be reported.
KEPT = timedelta(days=1)


def may_be_kept(
    sent: Mapping[str, str],
    steps: Sequence[Mapping[str, Any]],
    *,
    is_outcome: Callable[[str], bool],
) -> dict[str, str]:
    """What of a form is worth keeping, by the names of its fields.

    Answers are those to the script's own questions; an opinion only where they agreed that it is
    noted. "Never call" and its like are pressed, not drafted: they are no known choice here.
    """
    said = {name: sent[name][:40] for name in PLAIN if sent.get(name, "").strip()}
    if not is_outcome(said.get("outcome", "")):
        said.pop("outcome", None)
    agreed = {
        name.removeprefix(CONSENT): "yes"
        for name in sent
        if name.startswith(CONSENT) and any(step["key"] == name[len(CONSENT) :] for step in steps)
    }
    said |= {name: sent[name][:24] for name in sent if name.startswith(SIGN_UP)}
    answers = {name.removeprefix(ANSWER): sent[name] for name in sent if name.startswith(ANSWER)}
    answers |= {AGREED + key: "yes" for key in agreed}
    said |= {ANSWER + key: option for key, option in kept_answers(steps, answers).items()}
    return said | {CONSENT + key: "yes" for key in agreed}


def is_open(
    status: str,
    *,
    revealed_at: datetime | None,
    expires_at: datetime,
    latest: timedelta,
    now: datetime,
) -> bool:
    """Whether a call can still be reported, so that a draft of it is of use."""
    unsaid = status in ("claimed", "revealed", "expired", "revoked")
    return unsaid and revealed_at is not None and now <= expires_at + latest
