"""The reasons of decisions: what the public log says, and what the host reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaign.foundation.errors import Refused


class Verdict(StrEnum):
    """What a moderator decides about a thing that everybody could see."""

    LISTED = "listed"
    LINK_ONLY = "link-only"
    ASKED = "asked"
    HIDDEN = "hidden"
    SHOWN = "shown"
    KEPT = "kept"


SAID: dict[Verdict, str] = {
    Verdict.LISTED: "Listed",
    Verdict.LINK_ONLY: "Left off the map",
    Verdict.ASKED: "Asked the host",
    Verdict.HIDDEN: "Taken down",
    Verdict.SHOWN: "Shown again",
    Verdict.KEPT: "Left as it is",
}
# These are told to everybody; what was simply listed stands on the map.
PUBLIC = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.LISTED)
NEED_REASON = frozenset({Verdict.HIDDEN, Verdict.ASKED})


@dataclass(frozen=True)
class Reason:
    """One row of moderation.toml, which says what each field means."""

    code: str
    label: str
    public: str
    ask: str
    hide: str


def load_reasons(parsed: Mapping[str, Any]) -> dict[str, Reason]:
    """Read moderation.toml as parsed. Raises ValueError, saying which reason is wrong."""
    reasons: dict[str, Reason] = {}
    for row in parsed.get("reason", []):
        code = str(row.get("code", ""))
        missing = [key for key in ("code", "label", "public", "ask", "hide") if not row.get(key)]
        if missing or code in reasons or len(row["public"]) > 200 or len(code) > 20:
            raise ValueError(f"moderation.toml: look at reason “{code}”: {', '.join(missing)}")
        reasons[code] = Reason(**{key: str(value).strip() for key, value in row.items()})
    if not reasons:
        raise ValueError("moderation.toml names no reason")
    return reasons


def check_reason(verdict: Verdict, reason: Reason | None) -> None:
    """Whatever is taken down has a public reason, and so has a question."""
    if verdict in NEED_REASON and reason is None:
        raise Refused("Choose why: everybody can read the reason.", field="reason")
