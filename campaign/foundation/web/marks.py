"""What an endpoint says of itself: who may use it, how large a body it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import (
    Flask,
)

from campaign.foundation import security

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "everybody"


SIGNED_IN = "signed in"
# A browser that nobody is signed in on, and that somebody let in for one thing.
DEVICE = "a device that was let in"


def public(view: View) -> View:
    """Mark an endpoint as open to everybody."""
    cast(Any, view).needs = (PUBLIC,)
    return view


def needs(*standings: str) -> Callable[[View], View]:
    """Mark an endpoint as open to people with one of these standings."""

    def mark(view: View) -> View:
        cast(Any, view).needs = standings
        return view

    return mark


def lately(view: View) -> View:
    """Mark an endpoint that wants a sign-in of the last ten minutes: others sign in once more."""
    cast(Any, view).lately = True
    return view


def takes_files(megabytes: int) -> Callable[[View], View]:
    """Let an endpoint take a larger body than the usual megabyte."""

    def mark(view: View) -> View:
        cast(Any, view).body_limit = megabytes * security.MEGABYTE
        return view

    return mark


def keeps_typing(view: View) -> View:
    """Mark an endpoint whose form takes much typing: it is not lost where a sign-in has ended."""
    cast(Any, view).keeps_typing = True
    return view


def standing_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The standings of which an endpoint needs one; empty where it does not say."""
    if endpoint == "static":
        return (PUBLIC,)
    return tuple(getattr(app.view_functions[endpoint], "needs", ()))


def check_every_endpoint(app: Flask) -> None:
    """Stop the start where an endpoint does not say who may use it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not standing_of(app, rule.endpoint):
            raise RuntimeError(f"endpoint {rule.endpoint} says neither @public nor @needs")
