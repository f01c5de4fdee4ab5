"""How a route answers: a page, a redirect, and what an error says."""

from __future__ import annotations

from typing import Any, cast

from flask import (
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)


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


def error_answer(
    status: int, sentence: str, steps: tuple[tuple[str, str], ...] = (), heading: str = ""
) -> Response:
    if wants_json():
        return make_response(jsonify(error=sentence), status)
    template = "errors/_error.html" if is_fragment() else "errors/error.html"
    heading = heading or HEADINGS.get(status, "That did not work")
    told = {"heading": heading, "sentence": sentence, "steps": steps}
    return page(template, status, status=status, **told)
