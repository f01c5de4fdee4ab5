"""What is proposed for a kind of event: the operator's file, or what an administrator changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import EventTemplate
from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import Template, as_changed
from campaign.people.models import Person

Defaults = Mapping[Kind, Template]


@dataclass(frozen=True)
class Held:
    """The template of a kind as it counts; ``changed`` where an administrator changed it."""

    kind: Kind
    template: Template
    changed: EventTemplate | None = None
    changed_by: str | None = None


def template_for(db: Session, kind: str, defaults: Defaults) -> Template:
    """The template that counts for a kind."""
    default, changed = defaults[Kind(kind)], db.get(EventTemplate, kind)
    return as_changed(default, changed) if changed else default


def all_templates(db: Session, defaults: Defaults) -> dict[Kind, Held]:
    """Every kind's template, in the order of the kinds; with who changed it."""
    rows = db.execute(
        select(EventTemplate, Person.name)
        .outerjoin(Person, Person.id == EventTemplate.changed_by)
        .order_by(EventTemplate.kind)
    )
    changed = {Kind(row.kind): (row, name) for row, name in rows}
    return {
        kind: Held(kind, as_changed(default, changed[kind][0]), *changed[kind])
        if kind in changed
        else Held(kind, default)
        for kind, default in defaults.items()
    }
