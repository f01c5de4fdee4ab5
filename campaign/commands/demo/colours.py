"""Groups of several kinds: established, a seed, a dormant one; with notes and with followers."""

from __future__ import annotations

from datetime import timedelta

from campaign.commands.demo.placing import venue_of
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.society import CROWD_HOST, Society
from campaign.events import operations as events
from campaign.events.rules.following import Wanted
from campaign.foundation import clock
from campaign.groups import operations as groups
from campaign.groups.models import Group
from campaign.groups.rules import Contact, GroupKind, GroupRole

AGREED = (
    (
        "Fill the public gallery on 10 December",
        "Seven of nine tables want it.\n\nWe meet at six at the town hall. Bring a sign.",
    ),
    (
        "A stall at London Road once a month",
        "Members’ meeting, 41 to 3.\n\nThe first Saturday, ten to one. New people stand with old.",
    ),
)
PLANNED = (
    "Ring every tenant who signed in Hove",
    "Six of nine tables want it.\n\nThursdays at half past six, until the vote.",
)


def colour(scribe: Scribe, society: Society) -> None:
    """Make the groups of the small demo different from one another."""
    brighton, hove = society.group("brighton"), society.group("hove")
    _describe(scribe, society, brighton, kind=GroupKind.LOCAL, outcodes="BN1, BN2", radius_km=5)
    _describe(scribe, society, hove, kind=GroupKind.BRANCH, parent=brighton, outcodes="BN3")
    kinds = (GroupKind.THEMATIC, GroupKind.WORKPLACE, GroupKind.HUB)
    for number, (group, kind) in enumerate(zip(society.groups[2:], kinds, strict=False)):
        _describe(scribe, society, group, kind=kind, radius_km=10, is_open=number != 1)
    for group, days in ((brighton, 10), (hove, 70)):
        _second_convenor(scribe, society, group)
        _held(scribe, society, group, days_ago=days)
    _notes(scribe, society, brighton)
    for number, wanted in enumerate(
        (Wanted(group_id=brighton.id), Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10))
    ):
        address = f"follower{number}@{CROWD_HOST}"
        events.follow_now(scribe.db, email=address, wanted=wanted)


def _describe(
    scribe: Scribe,
    society: Society,
    group: Group,
    *,
    kind: GroupKind,
    parent: Group | None = None,
    outcodes: str = "",
    radius_km: float | None = None,
    is_open: bool = True,
) -> None:
    groups.describe(
        scribe.db,
        group=group,
        actor_id=society.convenors[group.id],
        about=group.about,
        kind=kind,
        parent=parent,
        outcodes=outcodes,
        radius_km=radius_km,
        contact=Contact.MEMBERS,
        is_open=is_open,
    )


def _second_convenor(scribe: Scribe, society: Society, group: Group) -> None:
    groups.appoint(
        scribe.db,
        group=group,
        person_id=society.members[group.id][0].id,
        role=GroupRole.CONVENOR,
        actor_id=society.convenors[group.id],
    )


def _held(scribe: Scribe, society: Society, group: Group, *, days_ago: int) -> None:
    ended = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    town = society.towns[group.id].name
    events.announce(
        scribe.db,
        group=group,
        host=society.cast["organiser"],
        kind="meeting",
        title="Second Tuesday: what the vote means for us",
        starts_at=ended - timedelta(hours=2),
        ends_at=ended,
        place=venue_of(group, f"{town} Library", town=town),
        listed=True,
        check=False,
    )


def _notes(scribe: Scribe, society: Society, group: Group) -> None:
    author = society.convenors[group.id]
    for title, text in AGREED:
        note = groups.write_note(
            scribe.db, group=group, title=title, text=text, author_id=author, checked=True
        )
    groups.rewrite_note(
        scribe.db, note=note, seen=1, title=title, text=f"{text} Bring gloves.", author_id=author
    )
    title, text = PLANNED
    groups.propose_note(
        scribe.db, group=group, title=title, text=text, source=None, author_id=author
    )
