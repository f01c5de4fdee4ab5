"""What was asked for in the address of a list or a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from campaign.events.rules.finding import RADII, RADIUS_KM, SORTS, Filters, read_after
from campaign.events.rules.kinds import Kind
from campaign.events.rules.times import window
from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.places import lookup
from campaign.places.rules import Spot

YES = ("1", "true", "on", "yes")
WHENS = (("today", "Today"), ("weekend", "Weekend"), ("week", "This week"))


@dataclass
class Asked:
    """The search as it stands in the address, and what the place resolved to."""

    near: str = ""
    kinds: tuple[str, ...] = ()
    when: str = ""
    first: date | None = None
    last: date | None = None
    radius_km: float = RADIUS_KM
    group: str = ""
    open_only: bool = False
    accessible: bool = False
    sort: str = "need"
    spots: list[Spot] = field(default_factory=list)
    problem: str = ""

    @property
    def spot(self) -> Spot | None:
        """The one place that was meant."""
        return self.spots[0] if len(self.spots) == 1 else None

    @property
    def no_feed(self) -> str:
        """Why a feed cannot answer; a page would ask. Empty where it can."""
        if len(self.spots) > 1:
            names = "; ".join(spot.name for spot in self.spots)
            return f"There are several places called {self.near}. Ask for one of them: {names}."
        return self.problem

    def filters(self, **more: Any) -> Filters:
        """The same as the queries want it."""
        begins, until = window(self.when, first=self.first, last=self.last, now=clock.now())
        spot = self.spot
        return Filters(
            kinds=self.kinds,
            begins=begins,
            until=until,
            lat=spot.lat if spot else None,
            lng=spot.lng if spot else None,
            radius_km=self.radius_km,
            group=self.group or None,
            open_only=self.open_only,
            step_free=self.accessible,
            sort=self.sort,
            **more,
        )

    def address(self, path: str = "/events", **changed: Any) -> str:
        """The address of this search with something changed; None leaves a part out."""
        parts: dict[str, Any] = {
            "near": self.near,
            "kind": list(self.kinds),
            "when": self.when,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "radius_km": "" if self.radius_km == RADIUS_KM else f"{self.radius_km:g}",
            "group": self.group,
            "open_only": "1" if self.open_only else "",
            "accessible": "1" if self.accessible else "",
            "sort": "" if self.sort == "need" else self.sort,
        }
        parts |= changed
        kept = {key: value for key, value in parts.items() if value}
        return path + ("?" + urlencode(kept, doseq=True) if kept else "")


def read() -> Asked:
    """Read the search of the present request. What makes no sense counts as not asked."""
    args = request.args
    known = {kind.value for kind in Kind}
    asked = Asked(
        near=(args.get("near") or "").strip()[:200],
        kinds=tuple(sorted(set(args.getlist("kind")) & known)),
        when=args.get("when", "") if args.get("when") in dict(WHENS) else "",
        first=_day(args.get("from")),
        last=_day(args.get("to")),
        radius_km=_radius(args.get("radius_km")),
        group=(args.get("group") or "")[:80],
        open_only=args.get("open_only") in YES,
        accessible=args.get("accessible") in YES,
        sort=args.get("sort", "") if args.get("sort") in SORTS else "need",
    )
    if asked.near:
        _resolve(asked)
    return asked


def after() -> tuple[float, ...] | None:
    """Where the list goes on."""
    return read_after(request.args.get("after"))


def _resolve(asked: Asked) -> None:
    try:
        asked.spots = lookup.find(web.settings().data_dir, asked.near)
    except Refused as refusal:
        asked.problem = refusal.message


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _radius(text: str | None) -> float:
    plain = (text or "").isascii() and (text or "").replace(".", "", 1).isdigit()
    return max(1.0, min(float(text or RADIUS_KM), float(RADII[-1]))) if plain else RADIUS_KM
