"""What waits for the demo's moderator and safeguarding officers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from campaign.commands.demo.placing import in_days, venue_of
from campaign.commands.demo.society import Society
from campaign.conduct.adapters import reasons
from campaign.conduct.operations import reporting
from campaign.conduct.rules.reasons import Verdict
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.queries.behind import behind_event
from campaign.foundation import clock

# By the host of the demo, days from now, so long ago in hours: public id, kind, title, text.
WAITING = (
    (
        (
            "demo-stall",
            "stall",
            "Stall outside the letting agents",
            "We hand out leaflets and collect signatures for the vote. Come to my flat first, "
            "22 Example Road, for the table and the banner. Bring gloves.",
        ),
        5,
        5,
    ),
    (("demo-soup", "social", "Soup and songs", "Everybody brings one. We have the pots."), 1, 2),
    (
        (
            "demo-rally",
            "rally",
            "Rents rally on the seafront",
            "Four hundred people, drums and a lorry. The plan is at https://rally.example/plan.",
        ),
        9,
        1,
    ),
)
TAKEN_DOWN = ("demo-flat", "meeting", "Meeting of the block", "At 9 Example Terrace, top bell.")


def open_cases(db: Session, society: Society) -> None:
    """Some events that wait, one that was taken down with its reason, and two reports."""
    moderator = society.cast["moderator"]
    for words, days, hours in WAITING:
        event = _announce(db, society, words=words, days=days)
        event.made_at = clock.now() - timedelta(hours=hours)
    hidden = _announce(db, society, words=TAKEN_DOWN, days=6)
    reason = reasons()["home"]
    events.decide(
        db,
        event=hidden,
        verdict=Verdict.HIDDEN,
        actor_id=moderator.id,
        reason=reason,
        note=reason.hide,
    )
    _report(db, "demo-rally", "demo-unsafe", "unsafe", "A lorry on the wet shingle, with children.")
    said = "One of the hosts kept calling me names at the stall, and followed me to the bus."
    _report(db, "demo-doors", "demo-words", "harassment", said)
    db.flush()


def _announce(
    db: Session, society: Society, *, words: tuple[str, str, str, str], days: int
) -> Event:
    public_id, kind, title, about = words
    group = society.group("hove")
    starts_at = in_days(days, 12)
    return events.announce(
        db,
        group=group,
        host=society.cast["host"],
        kind=kind,
        title=title,
        about=about,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=venue_of(group, "George Street", town="Hove"),
        capacity=20,
        listed=False,
        public_id=public_id,
    )


def _report(db: Session, event: str, public_id: str, category: str, text: str) -> None:
    held, _ = reporting.report(
        db,
        kind="event",
        public_id=event,
        category=category,
        text=text,
        behind=behind_event(db, event),
    )
    held.public_id = public_id
