"""Looking at what members announced: onto the map, or live by its link alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.operations.deciding import write_decision
from campaign.conduct.rules.reasons import Verdict
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.repeating import follow
from campaign.events.operations.signing_up import lock
from campaign.events.operations.telling import refresh_feature, tell_looked_at
from campaign.events.operations.trusting import note_approval
from campaign.events.rules.moderation import TRUSTED_AFTER
from campaign.events.rules.states import State
from campaign.foundation import audit, clock
from campaign.foundation.errors import Conflict, Refused
from campaign.people.models import Person


def list_event(
    db: Session,
    *,
    event: Event,
    actor_id: int,
    mail: Mail | None = None,
    trusted_after: int = TRUSTED_AFTER,
) -> None:
    """Put an event onto the map and into the lists; its host hears of it.

    It was live by its link, or waited for this. Listing again changes nothing.
    Refuses a cancelled event, a draft, and one that was taken down. Who had ``trusted_after``
    events approved is trusted from now on.
    """
    event = lock(db, event.id)
    _check_on(event)
    if event.state == "listed":
        return
    event.state, event.kept_off_at, event.asked_at = "listed", None, None
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    follow(db, event=event)
    tell_looked_at(db, mail, event=event, actor_id=actor_id)
    decision = _write_down(db, event, Verdict.LISTED, actor_id)
    note_approval(
        db,
        host=db.get_one(Person, event.host_id),
        decision=decision,
        after=trusted_after,
        mail=mail,
        hold=None,
    )
    audit.append(db, "event listed", subject=f"event:{event.id}", actor_id=actor_id)


def keep_off_map(db: Session, *, event: Event, actor_id: int, mail: Mail | None = None) -> None:
    """Say no to an event that waits to be listed; it stays live by its link, its host hears of it.

    Saying no again changes nothing; an event that is changed afterwards waits to be looked at
    again. Refuses a cancelled event, and one that is on the map already (Conflict).
    """
    event = lock(db, event.id)
    _check_on(event)
    if event.state == "listed":
        raise Conflict("Somebody has put it on the map already. Open the event to change it.")
    if event.kept_off_at is not None:
        return
    event.kept_off_at = clock.now()
    db.flush()
    tell_looked_at(db, mail, event=event, actor_id=actor_id)
    _write_down(db, event, Verdict.LINK_ONLY, actor_id)
    audit.append(db, "event kept off the map", subject=f"event:{event.id}", actor_id=actor_id)


def _write_down(db: Session, event: Event, verdict: Verdict, actor_id: int) -> Decision:
    return write_decision(
        db,
        kind="event",
        public_id=event.public_id,
        verdict=verdict,
        actor_id=actor_id,
        group_slug=event.group.slug,
    )


def _check_on(event: Event) -> None:
    if event.state == "cancelled":
        raise Refused("This event was cancelled. Announce a new one.")
    if event.state == State.DRAFT.value:
        raise Refused("This is still a draft. Its host publishes it first.")
    if event.hidden_at is not None:
        raise Refused("This event was taken down. A moderator shows it again first.")
