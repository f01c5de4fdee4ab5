"""What was asked for in the address of a list or a map."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from campaign.events.rules.finding import (
    FINEST_ZOOM,
    RADII,
    RADIUS_KM,
    SORTS,
    Box,
    Filters,
    parse_box,
    read_after,
    words_of,
)
from campaign.events.rules.kinds import Kind
from campaign.events.rules.times import window
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.places import lookup
from campaign.places.rules import Precision, Spot

YES = ("1", "true", "on", "yes")
WHENS = (("today", "Today"), ("weekend", "Weekend"), ("week", "Next 7 days"))
# The marks a map may show; the first two stand on it unless somebody says otherwise.
LAYERS = (("events", "Events"), ("meetups", "Meetups"), ("groups", "Groups"))
SHOWN = ("events", "meetups")
HERE = "where you are"


@dataclass
class Asked:
    """The search as it stands in the address, and what the place resolved to."""

    near: str = ""
    q: str = ""
    kinds: tuple[str, ...] = ()
    when: str = ""
    first: date | None = None
    last: date | None = None
    radius_km: float = RADIUS_KM
    group: str = ""
    open_only: bool = False
    accessible: bool = False
    online: bool = False
    sort: str = "need"
    box: Box | None = None
    zoom: int | None = None
    layers: tuple[str, ...] = SHOWN
    spots: list[Spot] = field(default_factory=list)
    problem: str = ""
    meant: list[str] = field(default_factory=list)

    @property
    def spot(self) -> Spot | None:
        """The one place that was meant."""
        return self.spots[0] if len(self.spots) == 1 else None

    @property
    def typed(self) -> str:
        """What stands in the field of the finder: a browser's own whereabouts are not words."""
        return "" if self.spot and self.spot.name == HERE else self.near

    @property
    def view(self) -> str:
        """The box of the map as the address says it."""
        box = self.box
        return f"{box.west:.8g},{box.south:.8g},{box.east:.8g},{box.north:.8g}" if box else ""

    @property
    def layers_asked(self) -> str:
        """The marks on the map as the address says them; empty for the usual ones."""
        return "" if self.layers == SHOWN else ",".join(self.layers) or "none"

    @property
    def unnarrowed(self) -> str:
        """The same place without any filter."""
        gone = ("q", "kind", "when", "from", "to", "group", "open_only", "accessible", "online")
        return self.address("/events", **dict.fromkeys(gone, ""))

    @property
    def hosting(self) -> str:
        """Where to announce what is not there, with the place and the kind filled in."""
        kind = self.kinds[0] if len(self.kinds) == 1 else ""
        asked = {"near": self.typed, "kind": kind, "group": self.group}
        kept = {key: value for key, value in asked.items() if value}
        return "/events/new" + ("?" + urlencode(kept) if kept else "")

    @property
    def no_feed(self) -> str:
        """Why a feed cannot answer; a page would ask. Empty where it can."""
        if len(self.spots) > 1:
            names = "; ".join(spot.name for spot in self.spots)
            return f"There are several places called {self.near}. Ask for one of them: {names}."
        return self.problem

    @property
    def narrowed(self) -> bool:
        """Whether more was asked for than a place."""
        chosen = (self.q, self.kinds, self.when, self.first, self.last, self.group)
        return any((*chosen, self.open_only, self.accessible, self.online))

    def filters(self, **more: Any) -> Filters:
        """The same as the queries want it."""
        begins, until = window(self.when, first=self.first, last=self.last, now=clock.now())
        spot = self.spot
        values: dict[str, Any] = {
            "kinds": self.kinds,
            "begins": begins,
            "until": until,
            "lat": spot.lat if spot else None,
            "lng": spot.lng if spot else None,
            "radius_km": self.radius_km,
            "group": self.group or None,
            "words": words_of(self.q),
            "open_only": self.open_only,
            "step_free": self.accessible,
            "online": self.online,
            "sort": self.sort,
        }
        return Filters(**values | more)

    def in_view(self, **more: Any) -> Filters:
        """For the list: where the map was moved its view counts, and the place only measures."""
        if self.box is not None:
            more |= {"box": self.box, "radius_km": None}
        return self.filters(**more)

    def address(self, path: str = "/events", **changed: Any) -> str:
        """The address of this search with something changed; None leaves a part out."""
        parts: dict[str, Any] = {
            "near": self.near,
            "q": self.q,
            "kind": list(self.kinds),
            "when": self.when,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "radius_km": "" if self.radius_km == RADIUS_KM else f"{self.radius_km:g}",
            "group": self.group,
            "open_only": "1" if self.open_only else "",
            "accessible": "1" if self.accessible else "",
            "online": "1" if self.online else "",
            "sort": "" if self.sort == "need" else self.sort,
            "layers": self.layers_asked,
            "bbox": self.view,
            "zoom": self.zoom if self.box and self.zoom is not None else "",
        }
        parts |= changed
        kept = {key: value for key, value in parts.items() if value}
        return path + ("?" + urlencode(kept, doseq=True, safe=",") if kept else "")

    @property
    def data_address(self) -> str:
        """Where the map asks for events: it says its own box."""
        gone = ("near", "radius_km", "sort", "layers", "bbox", "zoom")
        return self.address("/events.geojson", **dict.fromkeys(gone, ""))


def read() -> Asked:
    """Read the search of the present request. What makes no sense counts as not asked."""
    args = request.args
    known = {kind.value for kind in Kind}
    asked = Asked(
        near=(args.get("near") or "").strip()[:200],
        q=" ".join((args.get("q") or "").split())[:100],
        kinds=tuple(sorted(set(args.getlist("kind")) & known)),
        when=args.get("when", "") if args.get("when") in dict(WHENS) else "",
        first=_day(args.get("from")),
        last=_day(args.get("to")),
        radius_km=_radius(args.get("radius_km")),
        group=(args.get("group") or "")[:80],
        open_only=args.get("open_only") in YES,
        accessible=args.get("accessible") in YES,
        online=args.get("online") in YES,
        sort=args.get("sort", "") if args.get("sort") in SORTS else "need",
        box=_box(args.get("bbox")),
        zoom=_zoom(args.get("zoom")),
        layers=_layers(args.get("layers")),
    )
    if asked.near:
        _resolve(asked)
    return asked


def after() -> tuple[float, ...] | None:
    """Where the list goes on."""
    return read_after(request.args.get("after"))


def _resolve(asked: Asked) -> None:
    here = _coarse(asked.near)
    if here is not None:
        asked.near = f"{here[0]:.2f},{here[1]:.2f}"
        asked.spots = [Spot(HERE, *here, Precision.PLACE, None)]
        return
    data_dir = web.settings().data_dir
    try:
        asked.spots = lookup.find(data_dir, asked.near)
    except Refused as refusal:
        asked.problem = refusal.message
        asked.meant = lookup.meant(data_dir, asked.near)


def _coarse(text: str) -> tuple[float, float] | None:
    """A browser's own whereabouts, "50.82,-0.14": two decimals are about a kilometre."""
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d{1,6})?),\s?(-?\d{1,3}(?:\.\d{1,6})?)", text, re.ASCII)
    if found is None:
        return None
    lat, lng = round(float(found[1]), 2), round(float(found[2]), 2)
    return (lat, lng) if abs(lat) <= 90 and abs(lng) <= 180 else None


def _box(text: str | None) -> Box | None:
    try:
        return parse_box(text) if text else None
    except Refused:
        return None


def _zoom(text: str | None) -> int | None:
    if not text or not re.fullmatch(r"[0-9]{1,2}", text):
        return None
    return min(int(text), FINEST_ZOOM)


def _layers(text: str | None) -> tuple[str, ...]:
    if not text:
        return SHOWN
    return tuple(key for key, _ in LAYERS if key in text.split(","))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _radius(text: str | None) -> float:
    plain = (text or "").isascii() and (text or "").replace(".", "", 1).isdigit()
    return max(1.0, min(float(text or RADIUS_KM), float(RADII[-1]))) if plain else RADIUS_KM
