"""From six answers to an event: the place is looked up, title and end are proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events import queries
from campaign.events.adapters import default_templates
from campaign.events.forms import AnnounceForm
from campaign.events.models import Event
from campaign.events.rules.accessibility import KEYS, answer_of
from campaign.events.rules.announcements import Answers
from campaign.events.rules.kinds import proposed_capacity, proposed_needed, proposed_title
from campaign.events.rules.openness import checked, is_exact
from campaign.events.rules.templates import Template
from campaign.events.rules.times import Typed, instants
from campaign.events.rules.venues import PlaceChoice, PlaceKind, checked_link
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused, at_field
from campaign.places import lookup
from campaign.places.rules import Precision, Spot


def complete(form: AnnounceForm, event: Event | None = None) -> bool:
    """Whether every answer without a proposal is there; says at once which are missing."""
    missing = []
    if form.chosen_day is None:
        missing.append(Refused("Choose the day.", field="date"))
    if form.chosen_start is None:
        missing.append(Refused("Choose when it starts.", field="start"))
    held = event is not None and event.postcode and form.place.data == event.place_kind
    if _needs_spot(form, event) and not (form.postcode.data or form.where.data or held):
        sentence = "Give the postcode or the town, so that the map can show it."
        missing.append(Refused(sentence, field="postcode"))
    if event is None and not web.visitor().is_authenticated:
        missing += _missing_host(form)
    for refusal in missing:
        form.refuse(refusal)
    return not missing


def _missing_host(form: AnnounceForm) -> list[Refused]:
    missing = []
    if not form.name.data and not form.name.errors:
        missing.append(Refused("Type what we may call you.", field="name"))
    if not form.email.data and not form.email.errors:
        missing.append(Refused("Type your email address.", field="email"))
    if form.place.data == PlaceKind.ONLINE and not (form.postcode.data or form.group.data):
        sentence = "Give your postcode or town, so that we find the group near you."
        missing.append(Refused(sentence, field="postcode"))
    return missing


def _needs_spot(form: AnnounceForm, event: Event | None) -> bool:
    unchanged = event is not None and place_unchanged(form, event)
    return form.place.data != PlaceKind.ONLINE and not unchanged


def spots_for(form: AnnounceForm, event: Event | None = None) -> list[Spot]:
    """What the postcode or town means; several, and the person must choose."""
    if not _needs_spot(form, event):
        return []
    if event is not None:
        _type_again(form, event)
    with at_field("postcode"):
        spots = lookup.find(web.settings().data_dir, form.postcode.data or form.where.data)
    spots = [spot for spot in spots if spot.name == form.chosen_place.data] or spots
    if len(spots) > 1:
        form.postcode.errors = ["There are several. Choose one below, or give the postcode."]
    return spots


def _type_again(form: AnnounceForm, event: Event) -> None:
    """Only who learns the address was changed: the place is the one we hold."""
    same = form.place.data == event.place_kind == PlaceKind.VENUE
    if same and not (form.where.data or form.postcode.data):
        form.where.data, form.postcode.data = event.venue, event.postcode


def filled(form: AnnounceForm, spots: list[Spot], event: Event | None = None) -> Answers:
    """The answers of a complete form as an event wants them; a refusal names its field."""
    place = _place(form, spots, event)
    template = template_of(event.kind if event else form.kind.data)
    starts_at, ends_at = _times(form, event, template.minutes)
    capacity = _capacity(form)
    proposed = proposed_title(form.kind.data, where=place.in_title)
    needed = event.needed if event else proposed_needed(form.kind.data, capacity)
    if event and event.needed == event.capacity:
        needed = proposed_needed(event.kind, capacity)
    return Answers(
        kind=event.kind if event else form.kind.data,
        place=place,
        title=form.title.data or (event.title if event else proposed),
        about=form.about.data or ("" if event or form.about_shown.data else template.about),
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        needed=needed,
        access=form.access,
        access_contact=form.access_contact.data,
    )


def template_of(kind: str) -> Template:
    """What is proposed for a kind, read beside the request: limits are counted after it."""
    with web.house().database.reading() as db:
        return queries.template_for(db, kind, default_templates())


def _times(form: AnnounceForm, event: Event | None, minutes: int) -> tuple[datetime, datetime]:
    day, start = form.chosen_day, form.chosen_start
    if day is None or start is None:
        raise Refused("Choose the day and when it starts.", field="date")
    typed = Typed(
        day=day,
        start=start,
        minutes=minutes,
        end=form.end.data,
        end_day=form.end_day.data,
        twice=form.twice.data,
    )
    # An event that is already under way may still be mended.
    now = min(clock.now(), event.starts_at) if event else clock.now()
    return instants(typed, now=now)


def _capacity(form: AnnounceForm) -> int | None:
    if form.capacity.data == "usual" and not form.capacity_own.data:
        return proposed_capacity(form.kind.data)
    if form.chosen_capacity is None and form.capacity.data not in (None, "", "none"):
        raise Refused("Give a number of places from 1 to 5,000.", field="capacity")
    return form.chosen_capacity


def _place(form: AnnounceForm, spots: list[Spot], event: Event | None) -> PlaceChoice:
    kind = PlaceKind(form.place.data)
    where = form.where.data or ""
    if event is not None and place_unchanged(form, event):
        return PlaceChoice(
            kind=kind,
            venue=event.venue,
            postcode=event.postcode,
            address_for=event.address_for,
        )
    if kind is PlaceKind.ONLINE:
        return PlaceChoice(kind=kind, online_link=checked_link(where))
    spot = spots[0]
    postcode = spot.name if spot.precision is Precision.POSTCODE else None
    town = lookup.nearest_town(web.settings().data_dir, spot.lat, spot.lng)
    venue = where if where != (form.postcode.data or where) else ""
    return PlaceChoice(
        kind=kind,
        venue=venue or ("" if kind is PlaceKind.HOME else (town.name if town else spot.name)),
        postcode=postcode,
        lat=spot.lat,
        lng=spot.lng,
        town=town.name if town else (spot.council or "Nearby"),
        address_for=form.address_for.data,
    )


def typed_before(event: Event) -> dict[str, Any]:
    """The form as it stands for an event. A hidden address is never filled in again."""
    zone = ZoneInfo(event.zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    at_venue = is_exact(event)
    return {
        "kind": event.kind,
        "date_own": starts.date(),
        "start_own": starts.time().replace(tzinfo=None),
        "end": ends.time().replace(tzinfo=None),
        "end_day": ends.date() if ends.date() != starts.date() else None,
        "twice": "second" if starts.fold else "first",
        "place": event.place_kind,
        "where": event.venue if at_venue else None,
        "postcode": event.postcode if at_venue else None,
        "capacity": "none" if event.capacity is None else None,
        "capacity_own": str(event.capacity) if event.capacity else None,
        "address_for": event.address_for if event.place_kind == PlaceKind.VENUE else None,
        "access_contact": event.access_contact,
        "title": event.title,
        "about": event.about,
        **{key: answer_of(getattr(event, key)) for key in KEYS},
    }


def _told_to(form: AnnounceForm) -> str:
    return checked(form.place.data, form.address_for.data).value


def place_unchanged(form: AnnounceForm, event: Event) -> bool:
    """Whether the place stays: nothing new was typed."""
    if form.place.data != event.place_kind or _told_to(form) != event.address_for:
        return False
    typed = (form.where.data or "", form.postcode.data or "")
    if is_exact(event):
        return typed in ((event.venue, event.postcode or ""), ("", ""))
    return typed == ("", "")
