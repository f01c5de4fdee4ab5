"""The door itself: recognise, admit, and decide once whether the request is kept."""

from __future__ import annotations

import contextlib
import hashlib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter

from campaign.foundation import clock, security
from campaign.foundation.errors import Busy, NotAllowed
from campaign.foundation.web.answers import (
    SENTENCES,
    error_answer,
    is_fragment,
    page,
    see_other,
    wants_json,
)
from campaign.foundation.web.cookies import Sessions, device_token, for_everybody
from campaign.foundation.web.marks import DEVICE, PUBLIC, SIGNED_IN, standing_of
from campaign.foundation.web.packing import pack
from campaign.foundation.web.refusals import refuse
from campaign.foundation.web.state import House, Nobody, settings

# Exports, imports, roles and erasure want a sign-in no older than this.
LATELY = timedelta(minutes=10)


class RowNumber(IntegerConverter):
    """A number in an address that a column of the database can hold; a larger one is no page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": 2**31 - 1, **kwargs})


def install(app: Flask, held: House) -> None:
    """Fit the front door into an application; the last thing before it serves."""
    app.extensions["campaign"] = held
    security.configure(app, held.settings)
    app.session_interface = Sessions()
    app.url_map.converters["int"] = RowNumber
    manager = LoginManager()
    manager.anonymous_user = Nobody
    manager.session_protection = None  # the session row in the database decides
    manager.init_app(app)
    manager.user_loader(lambda token: _recognise(held, token))
    # Body limits must stand before the CSRF check reads the form.
    app.before_request_funcs.setdefault(None, []).insert(0, _set_body_limit)
    app.before_request(_meet)
    app.after_request(_dress)
    app.after_request(_finish)  # runs first: after_request goes backwards
    app.teardown_request(_close)
    app.register_error_handler(Exception, refuse)
    app.url_defaults(_version_static)


def _recognise(held: House, token: str) -> Any:
    """Who carries this token; at most once a minute it is noted that we saw the device."""
    with held.database.looking() as connection:
        found = held.identify(connection, token)
    if found is not None and found.to_be_noted:
        # Seen a minute later then: who only looks is not turned away because others write.
        with contextlib.suppress(Busy), held.database.unit_of_work() as session:
            held.touch(session, token=token)
    return found


def _set_body_limit() -> None:
    if request.endpoint:
        view = current_app.view_functions[request.endpoint]
        most = getattr(view, "body_limit", None)
        if most:
            request.max_content_length = most


def _meet() -> ResponseReturnValue | None:
    security.refuse_cross_site(request)
    security.refuse_nul(request)
    if (sentence := security.refuse_in_hall(request)) is not None:
        return error_answer(403, sentence)
    if request.endpoint is None:
        return None
    # Recognised here, for public endpoints too: noting that we saw the device is a write of its
    # own and must be over before the request's transaction begins.
    known = current_user.is_authenticated
    wanted = standing_of(current_app, request.endpoint)
    if PUBLIC in wanted:
        return None
    if DEVICE in wanted:
        g.device = _device_let_in()
    if not known:
        return None if g.get("device") else _ask_to_sign_in()
    if SIGNED_IN in wanted or any(current_user.has(standing) for standing in wanted):
        return _ask_to_sign_in_again() if _wants_it_lately() else None
    raise NotAllowed("This page is for other roles than yours. Ask an organiser if you need it.")


def _device_let_in() -> Any:
    """The device that carries a key for what the address names, alive or not; or None."""
    token, held = device_token(), current_app.extensions["campaign"]
    if token is None:
        return None
    with held.database.reading() as db:
        return held.device_of(db, token, request.view_args or {})


def _wants_it_lately() -> bool:
    """Whether this endpoint wants a sign-in of the last minutes, and it is longer ago."""
    view = current_app.view_functions[str(request.endpoint)]
    return bool(getattr(view, "lately", False) and clock.now() - current_user.signed_in_at > LATELY)


def _ask_to_sign_in_again() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="Sign in again: this needs a sign-in of the last ten minutes."), 401
    return see_other("people.sign_in", next=_here(), again=1)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="Sign in first."), 401
    if is_fragment():
        # A part of a page whose sign-in has ended: the whole page goes to sign in, and comes back.
        page_path = urlsplit(request.headers.get("HX-Current-URL", "")).path
        response = error_answer(401, SENTENCES[401])
        where = url_for("people.sign_in", next=security.own_path(page_path))
        response.headers["HX-Redirect"] = where
        return response
    if request.method == "POST" and _keeps_typing():
        return _hold_what_was_typed()
    return see_other("people.sign_in", next=_here())


def _here() -> str | None:
    """The page to come back to after signing in: this one, or that whose form was sent."""
    if request.method in security.SAFE_METHODS:
        return security.own_path(request.full_path.rstrip("?"))
    return security.own_path(urlsplit(request.headers.get("Referer", "")).path)


def _keeps_typing() -> bool:
    view = current_app.view_functions[request.endpoint or ""]
    return bool(getattr(view, "keeps_typing", False))


def _hold_what_was_typed() -> Response:
    """The sign-in has ended while somebody typed: the page itself holds it and sends it again.

    Nothing is stored here, and nobody else's browser can bring it back.
    """
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return page("errors/signed_out.html", 401, typed=typed)


def _finish(response: Response) -> Response:
    """Commit or roll back, once, here and nowhere else."""
    session: Session | None = g.pop("db", None)
    if session is None:
        return response
    unsafe = request.method not in security.SAFE_METHODS
    try:
        if unsafe and response.status_code < 400:
            session.commit()
            current_app.extensions["campaign"].database.tell(session)
        else:
            if settings().environment == "testing" and not unsafe:
                _complain_of_changes(session)
            session.rollback()
    except OperationalError as error:
        session.rollback()
        return make_response(refuse(error))
    finally:
        session.close()
    return response


def _complain_of_changes(session: Session) -> None:
    changed = [*session.new, *session.dirty, *session.deleted]
    if changed:
        raise AssertionError(f"a GET changed something: {changed!r}")


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.rollback()
        session.close()


def _dress(response: Response) -> Response:
    held = settings()
    is_file = request.endpoint == "static"
    security.add_headers(response, held, is_file=is_file)
    if is_file:
        _let_it_be_kept(response)
    if "Cache-Control" not in response.headers and not is_file:
        keyed = "key" in (request.view_args or {}) or g.get("device")
        private = current_user.is_authenticated or keyed
        response.headers["Cache-Control"] = "no-store" if private else "private, no-cache"
    return pack(response)


def _let_it_be_kept(response: Response) -> None:
    """A file of the program: the same for everybody, and under its own mark for good.

    A mark that is not this file's is of a release that another process already serves.
    """
    for_everybody()
    response.headers.pop("Content-Disposition", None)  # “inline”, which is what happens anyway
    response.headers.pop("Expires", None)  # Cache-Control says it
    response.headers.pop("Last-Modified", None)  # the ETag says it better
    path = f"{current_app.static_folder}/{(request.view_args or {}).get('filename')}"
    if response.status_code < 400 and request.args.get("v") == _mark_of(path):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """A changed file gets a new address, so that browsers may keep the old one long."""
    if endpoint == "static" and "filename" in values and current_app.static_folder:
        path = f"{current_app.static_folder}/{values['filename']}"
        values.setdefault("v", _mark_of(path))


@lru_cache(maxsize=500)
def _mark_of(path: str) -> str | None:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
    except OSError:
        return None
