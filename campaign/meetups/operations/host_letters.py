"""The letter of the same night: what a host has to do, and every way they need for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events.adapters import default_templates
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations import host_link
from campaign.events.operations.hosting import write_event_key
from campaign.events.operations.telling import facts_for_letter, with_calendar
from campaign.events.queries.templates import template_for
from campaign.foundation.outbox import post
from campaign.meetups import messages
from campaign.meetups.models import Participant


def write_host(
    db: Session, mail: Mail | None, *, event: Event, host: Participant, now: datetime
) -> None:
    """You are hosting: the checklist, who comes, the call sheet, the script, the host's page and
    the way out; the event hangs on it as a calendar file."""
    if mail is None or host.email is None:
        return
    script = event.roster_path if event.kind == "phonebank" else None
    letter = messages.hosting(
        mail,
        to=host.email,
        name=host.name,
        event=facts_for_letter(event, now=now),
        script_path=script,
        kit=template_for(db, event.kind, default_templates()).kit,
        keys={
            "host": host_link(db, event=event, actor_id=event.host_id),
            "cannot": write_event_key(
                db, event_id=event.id, person_id=event.host_id, purpose="host"
            ),
        },
    )
    post(db, with_calendar(letter, mail, event=event), key=f"hosting:{event.public_id}")
