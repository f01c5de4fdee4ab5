"""Which answers say nothing of cookies: those that are the same for everybody."""

from __future__ import annotations

from flask import Flask, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin


def for_everybody() -> None:
    """The present answer is the same for all: no cookie goes out, none divides what is kept."""
    g.for_everybody = True


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, silent where the answer is for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session in the cookie, unless any cache may keep the answer."""
        if not g.get("for_everybody"):
            super().save_session(app, session, response)
