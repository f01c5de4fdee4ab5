"""Photos of what came of an event: given by who looks after it, shown with its report."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, flash, make_response
from wtforms import Field

from campaign.events import access, forms, queries
from campaign.events.adapters import photos as adapters
from campaign.events.adapters.photos import Picture
from campaign.events.operations import photos as operations
from campaign.events.rules.photos import MOST, PhotoRefused, check_given
from campaign.events.rules.states import State
from campaign.foundation import web
from campaign.foundation.errors import NotFound, Refused


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    address = "/events/<public_id>/photos"
    blueprint.route(address, methods=["GET", "POST"])(photos)
    blueprint.post(f"{address}/<name>/take-down")(take_down_photo)
    blueprint.get(f"{address}/<name>.jpg")(photo)
    blueprint.get(f"{address}/<name>-small.jpg", endpoint="photo_small")(photo_small)


@web.takes_files(32)
@web.needs(web.SIGNED_IN)
def photos(public_id: str) -> Response:
    """Give photos, and see those that stand there."""
    form = forms.PhotosForm()
    # Looked up apart: pictures are drawn before the request holds the database.
    with web.house().database.reading() as db:
        access.event_to_manage(db, public_id, web.visitor().person_id)
    if form.validate_on_submit():
        with form.refusals():
            return _kept(public_id, _given(form))
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    held = queries.photos_of(web.db(), event.id)
    return web.page(
        "events/photos.html",
        form.code,
        event=event,
        form=form,
        photos=held,
        pairs=form.pairs()[: MOST - len(held)],
        report=queries.report_of(web.db(), event.id),
    )


def _kept(public_id: str, pictures: list[tuple[Picture, str]]) -> Response:
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    operations.add_photos(
        web.db(), event=event, pictures=pictures, folder=_folder(), actor_id=person_id
    )
    flash("Thank you. The photos stand with the report.", "success")
    return web.see_other("events.show", public_id=public_id, _anchor="what-happened")


@web.needs(web.SIGNED_IN)
def take_down_photo(public_id: str, name: str) -> Response:
    """Take one down."""
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    operations.take_down_photo(web.db(), event=event, name=name, actor_id=person_id)
    flash("The photo is taken down.", "success")
    return web.see_other("events.photos", public_id=public_id)


@web.public
def photo(public_id: str, name: str) -> Response:
    """One photo."""
    return _answer(public_id, name, small=False)


@web.public
def photo_small(public_id: str, name: str) -> Response:
    """One photo, small."""
    return _answer(public_id, name, small=True)


def _answer(public_id: str, name: str, *, small: bool) -> Response:
    """A photo, while the report of its event may be read by who asks."""
    event = access.event_to_see(web.db(), public_id, web.visitor().person_id)
    known = {one.name for one in queries.photos_of(web.db(), event.id)}
    data = adapters.kept(_folder(), name, small=small) if name in known else None
    if data is None:
        raise NotFound("There is no such photo. It may have been taken down.")
    answer = make_response(data)
    answer.mimetype = "image/jpeg"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # An hour and no longer: what was taken down must go from browsers, too.
    public = event.state == State.LISTED.value and event.hidden_at is None
    answer.headers["Cache-Control"] = "public, max-age=3600, immutable" if public else "no-store"
    return answer


def _given(form: forms.PhotosForm) -> list[tuple[Picture, str]]:
    """The photos of the form, drawn anew before anything is written."""
    chosen = [pair for pair in form.pairs() if pair[0].data]
    check_given([words.data or "" for _, words in chosen], agreed=form.agreed.data)
    return [(_drawn(file), _words(words)) for file, words in chosen]


def _drawn(field: Field) -> Picture:
    try:
        return adapters.draw_anew(field.data.read())
    except PhotoRefused as refused:
        raise Refused(f"{refused} Choose your photos again.", field=field.name) from refused


def _words(field: Field) -> str:
    words = (field.data or "").strip()
    if not words:
        raise Refused("Say in a few words what the photo shows.", field=field.name)
    return words


def _folder() -> Path:
    return web.settings().data_dir / "photos"
