"""Who is kept out of everything for a while: how they are known again, and what they are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from campaign.foundation import phone
from campaign.foundation.errors import Refused

LASTS = timedelta(days=365)
# The reasons are a tap: what is typed of a person in a hurry is regretted.
REASONS = {
    "behaviour": "How they treated somebody",
    "disruption": "They would not let the meeting go on",
    "data": "They gathered names, numbers or pictures",
    "pretence": "They said they were somebody else",
    "other": "Something else",
}
# The same to their face.
TO_THEM = {
    "behaviour": "how you treated somebody",
    "disruption": "you would not let the meeting go on",
    "data": "you gathered names, numbers or pictures",
    "pretence": "you said you were somebody else",
    "other": "something that we have to look into",
}


class KeptOut(Refused):
    """Somebody who is kept out, or a stranger who typed their address: both read the same."""

    def __init__(self, *, field: str | None = None) -> None:
        super().__init__(
            "We cannot do this here. Whoever it is for can write to us and ask why: the address is "
            "under “Privacy”.",
            field=field,
        )


class NumberAlone(Refused):
    """A number that we cannot take by itself: with an address, its owner hears why by mail."""

    def __init__(self) -> None:
        super().__init__(
            "Give your email address as well: by this number alone we cannot sign you up here.",
            field="email",
        )


def until_when(now: datetime) -> datetime:
    """Until when somebody is kept out from now on."""
    return now + LASTS


def marks_of(*, email: str | None, phone_e164: str | None, name: str) -> list[str]:
    """By what somebody is known again; what is kept of each is a keyed hash.

    An address and a mobile are one person's. Any other number may be a household's, so it counts
    together with a first name alone.
    """
    found = [f"email:{email.strip().lower()}"] if email and email.strip() else []
    if phone_e164:
        shared = "" if phone.is_one_persons(phone_e164) else f":{_first_name(name)}"
        found.append(f"phone:{phone_e164}{shared}")
    return found


def _first_name(name: str) -> str:
    return (name.split() or [""])[0].casefold()
