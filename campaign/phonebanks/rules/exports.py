"""Exports of a phonebank: their shapes, and how long a yes lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.foundation.errors import Conflict, NotAllowed

# Nobody decided within so long: ask again. Approved: to be fetched within so long.
WAITS, LASTS = timedelta(days=7), timedelta(hours=24)
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Shape:
    """A table that can be asked for."""

    code: str
    label: str
    about: str


SHAPES = {
    shape.code: shape
    for shape in (
        Shape(
            "results",
            "Results",
            "One row for each person who was rung: the last outcome and each answer, in the "
            "columns of VAN’s bulk upload.",
        ),
        Shape("answers", "Answers", "One row for each answer to a question of the script."),
        Shape("attempts", "Attempts", "One row for each call, with its outcome and its times."),
        Shape("people", "People", "Everybody who may be rung, as a list that can be brought in."),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an export stands now: asked, approved, refused, withdrawn, or over."""

    state: str
    until: datetime | None = None


def stands(
    state: str,
    *,
    asked_at: datetime,
    decided_at: datetime | None,
    now: datetime,
    closes_at: datetime | None = None,
) -> Standing:
    """Where it stands: what nobody decided on, or fetched, in time is over.

    So is what was asked for before the phonebank came to its end; afterwards one may ask anew.
    """
    if state in ("asked", "approved") and closes_at and asked_at < closes_at <= now:
        return Standing("over")
    if state == "asked":
        until = asked_at + WAITS
        return Standing("over") if now >= until else Standing("asked", until)
    if state == "approved" and decided_at is not None:
        until = decided_at + LASTS
        return Standing("over") if now >= until else Standing("approved", until)
    return Standing(state)


def are_one(one: Sequence[str | None], other: Sequence[str | None]) -> bool:
    """Whether two accounts, each an address and a telephone, are plainly one person's.

    What stands behind a + in an address leads to the same mailbox.
    """
    (mail, phone), (mail_too, phone_too) = one, other
    return bool(phone and phone == phone_too) or bool(mail and _box(mail) == _box(mail_too or ""))


def _box(address: str) -> tuple[str, str]:
    name, _, host = address.strip().lower().rpartition("@")
    return name.partition("+")[0], host


class OwnExport(NotAllowed):
    """Two people stand behind an export."""

    def __init__(self) -> None:
        super().__init__(
            "You asked for this export yourself, or from an account with the same address or "
            "telephone: somebody else decides on it."
        )


class Decided(Conflict):
    """Somebody was first, or it took too long."""

    def __init__(self) -> None:
        super().__init__("This export was decided on already, or it is over. Nothing was changed.")


class NotYours(Conflict):
    """There is nothing to fetch."""

    def __init__(self) -> None:
        super().__init__(
            "This export cannot be fetched now: a second person has to approve it, and it lasts "
            "a day from then. Ask for it again if you still need it."
        )
