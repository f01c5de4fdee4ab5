"""Which answers say nothing of cookies: those that are the same for everybody."""

from __future__ import annotations

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from campaign.foundation.security import is_hall


def for_everybody() -> None:
    """The present answer is the same for all: no cookie goes out, none divides what is kept."""
    g.for_everybody = True


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, silent where the answer is for everybody."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie; over a hall's network an empty one, whatever was sent."""
        if is_hall(request):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session in the cookie, unless any cache may keep the answer, or a hall hears."""
        if not g.get("for_everybody") and not is_hall(request):
            super().save_session(app, session, response)
