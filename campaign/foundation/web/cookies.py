"""Cookies: of the session, of a device that was let in, and which answers carry none."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from campaign.foundation.security import is_hall
from campaign.foundation.web.state import settings


def for_everybody() -> None:
    """The present answer is the same for all: no cookie goes out, none divides what is kept."""
    g.for_everybody = True


def remember_device(response: Response, token: str, *, lasts: timedelta) -> Response:
    """Give this browser the cookie of a device: it opens what that was let in for, nothing else."""
    response.set_cookie(
        _device_cookie(),
        token,
        max_age=lasts,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_device(response: Response) -> Response:
    """Take that cookie back."""
    response.delete_cookie(
        _device_cookie(), path="/", secure=settings().secure, httponly=True, samesite="Lax"
    )
    return response


def device_token() -> str | None:
    """What the cookie of a device says; over a hall's network nothing, whatever was sent."""
    return None if is_hall(request) else request.cookies.get(_device_cookie())


def _device_cookie() -> str:
    return "__Host-device" if settings().secure else "device"


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
