"""Whose event it will be: one of one's own groups, the one that was named, or the nearest."""

from __future__ import annotations

from typing import Any

from campaign.events.forms import AnnounceForm
from campaign.events.rules.announcements import NoGroupNear
from campaign.events.rules.venues import PlaceChoice
from campaign.foundation import web
from campaign.foundation.errors import at_field
from campaign.groups import queries as groups
from campaign.groups.models import Group, Membership
from campaign.people.rules import Action, may, require
from campaign.places import lookup
from campaign.places.rules import outcode_of


def own_groups(db: Any) -> list[Membership]:
    """The groups for which this person may announce; none for who is not signed in."""
    person_id = web.visitor().person_id
    if person_id is None:
        return []
    return [
        held
        for held in groups.groups_of(db, person_id)
        if may(Action.ANNOUNCE_EVENT, groups.standings_in(db, held.group_id, person_id))
    ]


def group_for(db: Any, form: AnnounceForm, place: PlaceChoice) -> Group:
    """The group of what was announced: who belongs to none gives it to the nearest.

    Refuses where there is none within 25 km.
    """
    own = own_groups(db)
    for held in own:
        if held.group.slug == form.group.data or len(own) == 1:
            return held.group
    named = groups.group_by_slug(db, form.group.data) if form.group.data else None
    group = named or _nearest(db, form, place)
    require(Action.PROPOSE_EVENT, groups.standings_in(db, group.id, web.visitor().person_id))
    return group


def _nearest(db: Any, form: AnnounceForm, place: PlaceChoice) -> Group:
    lat, lng = place.lat, place.lng
    if lat is None or lng is None:
        with at_field("postcode"):
            spot = lookup.find(web.settings().data_dir, form.postcode.data or "")[0]
        lat, lng = spot.lat, spot.lng
    near = _open_near(db, lat, lng, place.postcode)
    if not near:
        raise NoGroupNear
    return near[0]


def _open_near(db: Any, lat: float, lng: float, postcode: str | None) -> list[Group]:
    """The open groups for a place: whose area holds it, then the nearest within 25 km."""
    outcode = outcode_of(postcode) if postcode else None
    found = groups.groups_for(db, lat=lat, lng=lng, outcode=outcode)
    return [held.group for held in found if held.group.is_open]


def choices_at(db: Any, place: PlaceChoice, group: Group) -> list[Group]:
    """The groups near a place, the one that is meant first."""
    if place.lat is None or place.lng is None:
        return [group]
    near = _open_near(db, place.lat, place.lng, place.postcode)
    return [group, *[one for one in near if one.id != group.id]][:6]
