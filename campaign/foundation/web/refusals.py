"""Every error on its way out: a page, a fragment or JSON, with one plain sentence."""

from __future__ import annotations

import logging
import traceback

from flask import (
    Response,
    current_app,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from campaign.foundation.errors import Busy, DomainError, NotAllowed, TooOften
from campaign.foundation.web.answers import SENTENCES, error_answer
from campaign.foundation.web.state import note, undo

log = logging.getLogger("campaign.web")


def refuse(error: Exception) -> ResponseReturnValue:
    """Every error on its way out: a page, a fragment or JSON, with one plain sentence."""
    if isinstance(error, SecurityError):  # not our host: no address of a page can be made
        return Response(SENTENCES[400], 400, mimetype="text/plain")
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        error = Busy("We are very busy for a moment. Nothing was lost: try again.")
    status, sentence = _told(error)
    undo()
    if isinstance(error, NotAllowed) and current_user.is_authenticated:
        note("refused", subject=f"endpoint:{request.endpoint}")
    steps = error.steps if isinstance(error, DomainError) else ()
    heading = error.heading if isinstance(error, DomainError) else ""
    response = error_answer(status, sentence, steps, heading)
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
