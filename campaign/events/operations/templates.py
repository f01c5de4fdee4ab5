"""Changing what is proposed for a kind of event, and going back to the default."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.models import EventTemplate
from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import Template, TemplateChanged, checked_template
from campaign.foundation import audit, clock
from campaign.foundation.database import refusing


def change_template(
    db: Session, *, kind: Kind, template: Template, seen: str, actor_id: int
) -> EventTemplate:
    """Change the template of a kind; ``seen`` is the mark of what the administrator looked at.

    Refuses what cannot be used (``rules.templates``), and TemplateChanged where somebody else was
    first: nothing of theirs is lost without a word.
    """
    checked_template(template)
    held = _held(db, kind, seen)
    row = held or EventTemplate(kind=kind.value)
    row.minutes, row.about = template.minutes, template.about
    row.kit, row.roles = "\n".join(template.kit), "\n".join(template.roles)
    row.safety = "\n".join(template.safety)
    row.changed_at, row.changed_by = clock.now(), actor_id
    with refusing(db, {"pk_event_template": TemplateChanged}):
        db.add(row)
    _note(db, "event template changed", kind, actor_id)
    return row


def back_to_default(db: Session, *, kind: Kind, seen: str, actor_id: int) -> None:
    """Let the operator's file count again; TemplateChanged where somebody changed it meanwhile."""
    held = _held(db, kind, seen)
    if held is None:
        return
    db.delete(held)
    db.flush()
    _note(db, "event template back to the default", kind, actor_id)


def _held(db: Session, kind: Kind, seen: str) -> EventTemplate | None:
    """What was changed already, locked: of two who save at once the second hears of it."""
    held = db.get(EventTemplate, kind.value, with_for_update=True, populate_existing=True)
    if mark_of(held) != seen:
        raise TemplateChanged
    return held


def mark_of(held: EventTemplate | None) -> str:
    """What tells one state of a template from another; empty for the default."""
    return held.changed_at.isoformat() if held else ""


def _note(db: Session, action: str, kind: Kind, actor_id: int) -> None:
    audit.append(db, action, subject=f"event template:{kind.value}", actor_id=actor_id)
