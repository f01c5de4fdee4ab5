"""What happens in a hall that somebody must be able to answer for, and who has to leave it."""

from __future__ import annotations

from datetime import datetime, timedelta

CATEGORIES = {
    "first_aid": "First aid",
    "safety": "Fire, crowding, the building",
    "disturbance": "Shouting, threats, a disturbance",
    "distress": "Somebody was upset or unwell",
    "property": "Theft, damage, lost things",
    "people": "Children or people at risk",
    "other": "Something else",
}
HELP = "help"
LONGEST_PLACE = 80
LONGEST_ACTION = 300
LONGEST_REASON = 200
LONGEST_APPEAL = 1000
# So long somebody stays out of every meetup where a moderator says so.
EVERYWHERE_LASTS = timedelta(days=365)
# The reasons are a tap: what is typed of a person in a hurry is regretted.
REASONS = {
    "behaviour": "How they treated somebody",
    "disruption": "They would not let the meeting go on",
    "data": "They gathered names, numbers or pictures",
    "pretence": "They said they were somebody else",
    "other": "Something else",
}
TURNED_AWAY = "Please go to the desk: somebody there will see to you."


def label_of(category: str) -> str:
    """A category as people read it."""
    return "Help asked for" if category == HELP else CATEGORIES[category]


def everywhere_until(now: datetime) -> datetime:
    """Until when somebody is turned away at every meetup from now on."""
    return now + EVERYWHERE_LASTS


def marks_of(email: str | None, phone: str | None) -> list[str]:
    """By what somebody is known again at a door; what is kept of each is a keyed hash."""
    found = [f"email:{email.strip().lower()}"] if email else []
    return [*found, f"phone:{phone}"] if phone else found
