"""What every answer and every request is held to: headers, hosts, cookies, cross-site requests.

References: OWASP ASVS 5.0 level 2; the Content-Security-Policy was tried in Chromium with the
self-hosted Leaflet and htmx.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect

from campaign.foundation import hall
from campaign.foundation.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MEGABYTE = 1024 * 1024
# A picture in SVG can be opened as a page, and has scripts: it is not one of these.
NO_PAGES = frozenset({"text/css", "text/javascript", "application/javascript", "font/woff2"})
PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"


class Protection(CSRFProtect):
    """CSRF by the token of the session; over a hall's network, which has no session, by Origin."""

    def protect(self, **given: bool) -> None:
        """Refuse a form that comes from elsewhere."""
        if not is_hall(request):
            super().protect(**given)
            return
        if request.method in SAFE_METHODS:
            return
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            abort(403)
        g.csrf_valid = True


class Asked(Request):
    """A request that may also be for this machine's address in the hall."""

    hall: hall.Network | None = None

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The hosts we answer to, and the one asked for where it is an address of the hall."""
        named = self.environ.get("HTTP_HOST", "")
        trusted: list[str] | None = self.__dict__.get("trusted")
        if trusted is None or not hall.is_inside(named, self.hall):
            return trusted
        return [*trusted, named.rpartition(":")[0] if ":" in named else named]

    @trusted_hosts.setter
    def trusted_hosts(self, value: list[str] | None) -> None:
        self.__dict__["trusted"] = value


csrf = Protection()


def is_hall(asked: Request) -> bool:
    """Whether this came over the hall's own network, where only phones' pages are open."""
    named = asked.environ.get("HTTP_HOST", "")  # `host` refuses what we do not answer to
    return not asked.is_secure and hall.is_inside(named, getattr(asked, "hall", None))


def refuse_in_hall(asked: Request) -> str | None:
    """The sentence for what is not open over the hall's network; None for what is."""
    return hall.REFUSED if is_hall(asked) and not hall.OPEN.fullmatch(asked.path) else None


def configure(app: Flask, settings: Settings) -> None:
    """Set what Flask leaves open by default."""
    hosts = [urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts]
    if not settings.is_production or settings.hall:
        hosts += LOOPBACK
    app.request_class = type("Asked", (Asked,), {"hall": settings.hall})
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=hosts,
        MAX_CONTENT_LENGTH=MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-campaign" if settings.secure else "campaign",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # A form that stood open for three hours still saves: the token lasts with the session.
        WTF_CSRF_TIME_LIMIT=None,
        # A page with a key in its address sends no Referer, so its form could not be sent over
        # https. `refuse_cross_site` looks at Sec-Fetch-Site and Origin instead.
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
    )
    csrf.init_app(app)


def content_security_policy(
    settings: Settings, *, ancestors: str = "'none'", frames: str = "'none'"
) -> str:
    """The policy of every page; a tile server that the operator named may send pictures.

    ``ancestors`` are the sites in whose frames it may stand, ``frames`` those it may show.
    """
    tiles = urlsplit(settings.tile_url)
    images = "'self' data:" + (f" {tiles.scheme}://{tiles.netloc}" if tiles.netloc else "")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src {images}; font-src 'self'; connect-src 'self'; form-action 'self'; "
        f"frame-src {frames}; "
        f"frame-ancestors {ancestors}; base-uri 'none'; object-src 'none'; "
        "manifest-src 'self'; worker-src 'self'"
    )


def add_headers(response: Response, settings: Settings, *, is_file: bool = False) -> None:
    """The headers of every answer.

    A style, a script or a font of the program (``is_file``) is never shown as a page of its own:
    what only a page obeys is left out, which is half a kilobyte for each of thirty files.
    """
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if settings.secure and not settings.hall_network:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if is_file and response.mimetype in NO_PAGES:
        return
    headers.setdefault("Content-Security-Policy", content_security_policy(settings))
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    headers["Cross-Origin-Opener-Policy"] = "same-origin"


def refuse_cross_site(asked: Request) -> None:
    """Refuse an unsafe request that a browser says came from elsewhere."""
    if asked.method in SAFE_METHODS:
        return
    site = asked.headers.get("Sec-Fetch-Site")
    origin = asked.headers.get("Origin")
    if site not in (None, "same-origin", "none"):
        abort(403)
    if origin and origin != "null" and urlsplit(origin).netloc != asked.host:
        abort(403)


def refuse_nul(asked: Request) -> None:
    """Refuse a NUL wherever text stands: PostgreSQL cannot store it, no page may show it."""
    texts = [asked.path, *asked.args, *asked.form]
    texts += [text for _, text in asked.args.items(multi=True)]
    texts += [text for _, text in asked.form.items(multi=True)]
    if any("\0" in text for text in texts):
        abort(400)


def own_path(text: str | None) -> str | None:
    """A path of this site to go to next, or None: never another host, however it is spelled."""
    if not text or not text.startswith("/") or len(text) > 500:
        return None
    if text.startswith(("//", "/\\")) or any(ord(sign) <= 32 or sign == "\\" for sign in text):
        return None
    parts = urlsplit(text)
    return text if not parts.netloc and not parts.scheme else None


def address() -> str:
    """The network address of the present request, for limits only."""
    return request.remote_addr or "unknown"
