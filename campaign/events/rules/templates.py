"""What is proposed for a kind of event: how long, what to bring, who does what, what is safe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaign.events.rules.giveaways import gives_home_away
from campaign.events.rules.kinds import Kind
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.words import plural

SHORTEST, LONGEST = 15, 4320
MOST_LINES, LONGEST_LINE, LONGEST_ROLE, LONGEST_ABOUT = 20, 200, 40, 2000
# Every type of event that Mobilize knows, in its own spelling.
MOBILIZE_TYPES = frozenset(
    {
        *("CANVASS", "PHONE_BANK", "TEXT_BANK", "MEETING", "COMMUNITY", "FUNDRAISER"),
        *("MEET_GREET", "HOUSE_PARTY", "VOTER_REG", "TRAINING", "FRIEND_TO_FRIEND_OUTREACH"),
        *("DEBATE_WATCH_PARTY", "ADVOCACY_CALL", "RALLY", "TOWN_HALL", "OFFICE_OPENING"),
        *("BARNSTORM", "SOLIDARITY_EVENT", "COMMUNITY_CANVASS", "SIGNATURE_GATHERING", "CARPOOL"),
        *("WORKSHOP", "PETITION", "AUTOMATED_PHONE_BANK", "LETTER_WRITING", "LITERATURE_DROP_OFF"),
        *("VISIBILITY_EVENT", "OTHER"),
    }
)
_FIELDS = {"minutes", "mobilize", "kit", "roles", "safety", "about"}


class TemplateChanged(Conflict):
    """Two administrators changed the same template."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this template since you opened it. Open it in a second "
            "window to see theirs; what you send after that is what counts."
        )


@dataclass(frozen=True)
class Template:
    """What is proposed for a kind. ``about`` is for everybody, the rest for who runs the event;
    the first of the ``roles`` is the usual one."""

    minutes: int
    about: str
    kit: tuple[str, ...]
    roles: tuple[str, ...]
    safety: tuple[str, ...]
    mobilize: str = "OTHER"

    @property
    def usual_role(self) -> str:
        """As what somebody comes where nobody said."""
        return self.roles[0]

    @property
    def length(self) -> str:
        """ "2 hours", "1 hour 30 minutes"."""
        hours, minutes = divmod(self.minutes, 60)
        words = [plural(hours, "hour")] if hours else []
        return " ".join(words + ([plural(minutes, "minute")] if minutes else []))


def lines_of(text: str | None) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def checked_template(template: Template) -> Template:
    """The template, where all of it can be used; Refused names the field that cannot.

    What everybody reads must hold for a home too: no postcode and no house number, or no host of
    a home could publish it.
    """
    if not SHORTEST <= template.minutes <= LONGEST:
        raise Refused("Give a length from 15 minutes to 72 hours.", field="minutes")
    if not template.roles:
        raise Refused("Name one role at least: as what people come as a rule.", field="roles")
    _check_lines("kit", template.kit, LONGEST_LINE)
    _check_lines("roles", template.roles, LONGEST_ROLE)
    _check_lines("safety", template.safety, LONGEST_LINE)
    if len(template.about) > LONGEST_ABOUT:
        raise Refused("Keep it to 2,000 characters at most.", field="about")
    for field, text in (("about", template.about), ("roles", "\n".join(template.roles))):
        if gives_home_away(text):
            raise Refused(
                "Everybody reads this, for events at homes too: take the postcode and the house "
                "number out.",
                field=field,
            )
    return template


def _check_lines(field: str, lines: Iterable[str], longest: int) -> None:
    lines = tuple(lines)
    if len(lines) > MOST_LINES:
        raise Refused(f"Keep it to {MOST_LINES} lines at most.", field=field)
    for line in lines:
        if len(line) > longest:
            raise Refused(
                f"A line has {longest} characters at most: shorten “{line[:30]}…”.", field=field
            )


def load_templates(raw: Mapping[str, Any]) -> dict[Kind, Template]:
    """Read event_templates.toml as parsed. Raises ValueError, naming the kind that is wrong."""
    if unknown := sorted(set(raw) - set(Kind)):
        raise ValueError(f"[{unknown[0]}]: there is no such kind of event")
    return {kind: _read(kind, raw.get(kind.value)) for kind in Kind}


def _read(kind: Kind, row: Any) -> Template:
    if not isinstance(row, dict):
        raise ValueError(f"[{kind}] is missing: every kind of event needs its template")
    if wrong := sorted(_FIELDS ^ set(row)):
        said = "is missing" if wrong[0] in _FIELDS else "means nothing here"
        raise ValueError(f"[{kind}]: {wrong[0]} {said}")
    if not isinstance(row["minutes"], int) or isinstance(row["minutes"], bool):
        raise ValueError(f"[{kind}]: minutes is a whole number")
    for field in ("about", "mobilize"):
        if not isinstance(row[field], str):
            raise ValueError(f"[{kind}]: {field} is a text in quotes")
    if row["mobilize"] not in MOBILIZE_TYPES:
        raise ValueError(f"[{kind}]: Mobilize knows no type {row['mobilize']}")
    lists = {field: _lines(kind, field, row[field]) for field in ("kit", "roles", "safety")}
    try:
        return checked_template(
            Template(row["minutes"], row["about"].strip(), **lists, mobilize=row["mobilize"])
        )
    except Refused as refusal:
        raise ValueError(f"[{kind}]: {refusal.field}: {refusal.message}") from refusal


def _lines(kind: Kind, field: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"[{kind}]: {field} is a list of lines in quotes")
    return tuple(line.strip() for line in value if line.strip())


def as_changed(default: Template, changed: Any) -> Template:
    """A template as an administrator changed it; how Mobilize calls the kind stays."""
    return replace(
        default,
        minutes=changed.minutes,
        about=changed.about,
        kit=lines_of(changed.kit),
        roles=lines_of(changed.roles) or default.roles,
        safety=lines_of(changed.safety),
    )


def mobilize_type(kind: str, templates: Mapping[Kind, Template]) -> str:
    """A kind of event in the words of Mobilize."""
    return templates[Kind(kind)].mobilize
