"""The same funnel over all phonebanks of a group, and of all groups that somebody runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, url_for

from campaign.figures import access
from campaign.figures.queries.parts import phonebanks_of
from campaign.figures.routes.phonebanks import as_file
from campaign.figures.rules import figures, pages
from campaign.figures.rules.figures import Figure, Named
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import sheets
from campaign.phonebanks.rules.funnel import Funnel, together

# Several events at once: some are over, others are not.
CAME = ""


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/groups/<slug>/figures")(group)
    blueprint.get("/groups/<slug>/figures/<key>.csv")(group_csv)
    blueprint.get("/figures")(everything)


@web.needs(web.SIGNED_IN)
def group(slug: str) -> Response:
    """What all phonebanks of a group came to."""
    held = access.group_to_reckon(web.db(), slug, web.visitor().person_id)
    banks = phonebanks_of(web.db(), [held.id])
    return _page(held.name, banks, url_for("events.group_page", slug=slug), slug)


@web.needs(web.SIGNED_IN)
def group_csv(slug: str, key: str) -> Response:
    """The table of one of the plots."""
    held = access.group_to_reckon(web.db(), slug, web.visitor().person_id)
    for figure in _figures(phonebanks_of(web.db(), [held.id])):
        if figure.key == key:
            return as_file(figure.table, f"{key}-{slug}", clock.now())
    raise NotFound("There is no such table. Look at the figures again.")


@web.needs(web.SIGNED_IN)
def everything() -> Response:
    """What all phonebanks of all groups came to that somebody runs; each group has its own."""
    groups = access.groups_to_reckon(web.db(), web.visitor().person_id)
    banks = phonebanks_of(web.db(), [one.id for one in groups])
    links = [(url_for("figures.group", slug=one.slug), one.name) for one in groups]
    return _page("Your groups", banks, url_for("home.me"), "", links)


def _page(
    name: str,
    banks: Sequence[Phonebank],
    back: str,
    slug: str,
    links: Sequence[tuple[str, str]] = (),
) -> Response:
    found = sheets.funnels_kept(web.db(), banks, now=clock.now())
    total = together(found.values())
    return web.page(
        "figures/group.html",
        name=name,
        slug=slug,
        back=(back, name if slug else "Your page"),
        headline=pages.headline(total, sees_all=True),
        total=total,
        figures=_drawn(banks, found),
        links=links,
        lines=[
            (url_for("figures.phonebank", public_id=one.public_id), one.title, found[one.id].calls)
            for one in banks
        ],
    )


def _figures(banks: Sequence[Phonebank]) -> list[Figure]:
    return _drawn(banks, sheets.funnels_kept(web.db(), banks, now=clock.now()))


def _drawn(banks: Sequence[Phonebank], found: Mapping[int, Funnel]) -> list[Figure]:
    """Both are for who runs the groups: small numbers are shown."""
    named = [Named(one.title, found[one.id]) for one in banks if found[one.id]]
    return [
        figures.funnel(together(found.values()), sees_all=True, came=CAME),
        figures.parts(
            "phonebanks", "By phonebank", "Phonebank", pages.largest(named), sees_all=True
        ),
    ]
