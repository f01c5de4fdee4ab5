"""The front door: who is it, may they, one transaction a request, and how to answer.

The request is the transaction: an unsafe method that ends below 400 commits once, anything else
rolls back. Beside it only limits, ``last_seen`` and refusals in the audit log write, each in a
short transaction of its own. An endpoint says ``@public`` or ``@needs(…)``; one that says
nothing stops the application from starting.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter

from campaign.foundation import audit, security
from campaign.foundation.carriers import Carrier
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, DomainError, NotAllowed, TooOften
from campaign.foundation.limits import Limit, Limits
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue

log = logging.getLogger("campaign.web")
View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "everybody"
SIGNED_IN = "signed in"


class Visitor(Protocol):
    """Who stands at the door: a signed-in person, or nobody we know."""

    is_authenticated: bool
    person_id: int | None

    def has(self, standing: str) -> bool:
        """Whether this visitor has a standing for the whole installation."""


class Nobody(AnonymousUserMixin):
    """A visitor who has not signed in."""

    person_id: int | None = None
    name = ""

    def has(self, standing: str) -> bool:
        """Nobody has only what everybody has."""
        return standing == PUBLIC


class RowNumber(IntegerConverter):
    """A number in an address that a column of the database can hold; a larger one is no page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": 2**31 - 1, **kwargs})


@dataclass(frozen=True)
class House:
    """What one running application holds."""

    settings: Settings
    database: Database
    limits: Limits
    queue: Queue
    carrier: Carrier
    identify: Callable[[Session, str], Any]
    touch: Callable[..., None]


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


def takes_files(megabytes: int) -> Callable[[View], View]:
    """Let an endpoint take a larger body than the usual megabyte."""

    def mark(view: View) -> View:
        cast(Any, view).body_limit = megabytes * security.MEGABYTE
        return view

    return mark


def house() -> House:
    """What the running application holds."""
    return cast(House, current_app.extensions["campaign"])


def settings() -> Settings:
    """The settings of the running application."""
    return house().settings


def visitor() -> Any:
    """Who is asking."""
    return current_user


def db() -> Session:
    """The session of this request: it writes for unsafe methods and only reads otherwise."""
    if "db" not in g:
        g.db = house().database.session(write=request.method not in security.SAFE_METHODS)
    return cast(Session, g.db)


def limit(what: Limit, who: str) -> None:
    """Count towards a limit of a person; call it before the first use of ``db()``."""
    if "db" in g:
        raise RuntimeError("count limits before the transaction of the request begins")
    house().limits.hit(what, who)


def limit_address(what: Limit) -> None:
    """Count towards forty times that limit for the network address."""
    limit(what.for_address(), security.address())


def wants_json() -> bool:
    """Whether the client asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers


def page(template: str, code: int = 200, /, **values: Any) -> Response:
    """A rendered page with its status code."""
    return make_response(render_template(template, **values), code)


def see_other(endpoint: str, **values: Any) -> Response:
    """After a form: go and look at the result."""
    return cast(Response, redirect(url_for(endpoint, **values), code=303))


def go(path: str) -> Response:
    """After a form: go to a path of this site."""
    return cast(Response, redirect(path, code=303))


def install(app: Flask, held: House) -> None:
    """Fit the front door into an application; the last thing before it serves."""
    app.extensions["campaign"] = held
    security.configure(app, held.settings)
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
    app.register_error_handler(Exception, _refuse)
    app.url_defaults(_version_static)


def _recognise(held: House, token: str) -> Any:
    """Who carries this token; at most once a minute it is noted that we saw the device."""
    with held.database.reading() as session:
        found = held.identify(session, token)
    if found is not None and found.to_be_noted:
        # Seen a minute later then: who only looks is not turned away because others write.
        with contextlib.suppress(Busy), held.database.unit_of_work() as session:
            held.touch(session, token=token)
    return found


def check_every_endpoint(app: Flask) -> None:
    """Stop the start where an endpoint does not say who may use it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not standing_of(app, rule.endpoint):
            raise RuntimeError(f"endpoint {rule.endpoint} says neither @public nor @needs")


def standing_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The standings of which an endpoint needs one; empty where it does not say."""
    if endpoint == "static":
        return (PUBLIC,)
    return tuple(getattr(app.view_functions[endpoint], "needs", ()))


def _set_body_limit() -> None:
    if request.endpoint:
        view = current_app.view_functions[request.endpoint]
        most = getattr(view, "body_limit", None)
        if most:
            request.max_content_length = most


def _meet() -> ResponseReturnValue | None:
    security.refuse_cross_site(request)
    security.refuse_nul(request)
    if request.endpoint is None:
        return None
    # Recognised here, for public endpoints too: noting that we saw the device is a write of its
    # own and must be over before the request's transaction begins.
    known = current_user.is_authenticated
    wanted = standing_of(current_app, request.endpoint)
    if PUBLIC in wanted:
        return None
    if not known:
        return _ask_to_sign_in()
    if SIGNED_IN in wanted or any(current_user.has(standing) for standing in wanted):
        return None
    raise NotAllowed("This page is for other roles than yours. Ask an organiser if you need it.")


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="Sign in first."), 401
    here = request.full_path.rstrip("?") if request.method in security.SAFE_METHODS else None
    return see_other("people.sign_in", next=here)


def _finish(response: Response) -> Response:
    """Commit or roll back, once, here and nowhere else."""
    session: Session | None = g.pop("db", None)
    if session is None:
        return response
    unsafe = request.method not in security.SAFE_METHODS
    try:
        if unsafe and response.status_code < 400:
            session.commit()
        else:
            if settings().environment == "testing" and not unsafe:
                _complain_of_changes(session)
            session.rollback()
    except OperationalError as error:
        session.rollback()
        return make_response(_refuse(error))
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
    security.add_headers(response, held)
    if "Cache-Control" not in response.headers and request.endpoint != "static":
        private = current_user.is_authenticated or "key" in (request.view_args or {})
        response.headers["Cache-Control"] = "no-store" if private else "private, no-cache"
    return response


def _refuse(error: Exception) -> ResponseReturnValue:
    """Every error on its way out: a page, a fragment or JSON, with one plain sentence."""
    if isinstance(error, SecurityError):  # not our host: no address of a page can be made
        return Response(SENTENCES[400], 400, mimetype="text/plain")
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        error = Busy("We are very busy for a moment. Nothing was lost: try again.")
    status, sentence = _told(error)
    _undo()
    if isinstance(error, NotAllowed) and current_user.is_authenticated:
        _note_refusal()
    response = _error_answer(status, sentence)
    if isinstance(error, TooOften | Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, DomainError):
        return error.status, error.message
    if isinstance(error, CSRFError):
        return 400, "This form had grown too old or came from elsewhere. Go back and try again."
    if isinstance(error, HTTPException):
        return error.code or 500, SENTENCES.get(error.code or 500, "That did not work.")
    if current_app.testing:
        raise error
    # Where it broke, not what it said: a database quotes names and numbers in its messages.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s at %s\n%s", type(error).__name__, request.endpoint, where)
    return 500, SENTENCES[500]


SENTENCES = {
    400: "We could not read that request. Go back and try again.",
    401: "Sign in first.",
    403: "This is not open to you. If you think it should be, ask an organiser.",
    404: "There is nothing here, or not for you. It may have moved, ended or been taken down.",
    405: "That cannot be done here. Go back and use the buttons of the page.",
    413: "That is too large for us to take. Make it smaller and try again.",
    500: "Something broke on our side, and we have noted it. Nothing was half done: try again.",
    503: "We are very busy for a moment. Nothing was lost: try again.",
}


HEADINGS = {
    401: "Sign in first",
    403: "Not open to you",
    404: "Nothing here",
    409: "Somebody was first",
    410: "No longer here",
    413: "Too large",
    429: "A little slower, please",
    500: "Something broke on our side",
    503: "Very busy for a moment",
}


def _undo() -> None:
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.rollback()
        session.close()


def _note_refusal() -> None:
    with house().database.unit_of_work() as session:
        audit.append(
            session,
            "refused",
            subject=f"endpoint:{request.endpoint}",
            actor_id=current_user.person_id,
        )


def _error_answer(status: int, sentence: str) -> Response:
    if wants_json():
        return make_response(jsonify(error=sentence), status)
    template = "errors/_error.html" if is_fragment() else "errors/error.html"
    heading = HEADINGS.get(status, "That did not work")
    return page(template, status, status=status, heading=heading, sentence=sentence)


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
