"""The only assembler: settings in, a running application out."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign import registry
from campaign.foundation import clock, web
from campaign.foundation.carriers import carrier_for
from campaign.foundation.database import Database
from campaign.foundation.journal import NAME, Journal, keep_journal
from campaign.foundation.keyed import know_key
from campaign.foundation.limits import DatabaseCounter, Limits, RedisCounter
from campaign.foundation.settings import Settings, files_folder
from campaign.foundation.tasks import Queue, add_house_jobs
from campaign.people import access, operations


def open_house(settings: Settings, database: Database | None = None) -> web.House:
    """Everything a web server, a worker or a command needs, without any Flask."""
    clock.set_offset(settings.clock_offset)
    registry.read_config()
    database = database or Database(settings.database_url)
    carrier = carrier_for(settings.mail_url, settings.mail_from)
    counter = RedisCounter(settings.redis_url) if settings.redis_url else DatabaseCounter(database)
    queue = Queue(
        settings.data_dir, settings.redis_url, immediate=settings.environment == "testing"
    )
    journal = Journal(settings.data_dir / NAME, settings.suppression_key)
    keep_journal(database, journal)
    know_key(database, settings.suppression_key)
    add_house_jobs(queue, database, carrier, journal)
    registry.add_jobs(queue, database, settings)
    registry.subscribe()
    return web.House(
        settings=settings,
        database=database,
        limits=Limits(counter, key=settings.secret_key),
        queue=queue,
        carrier=carrier,
        identify=access.identify,
        touch=operations.touch_sign_in,
        journal=journal,
        device_of=registry.device_of,
    )


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """A Flask application for these settings.

    RuntimeError where an endpoint does not say who may use it.
    """
    app = Flask(
        "campaign",
        template_folder=str(files_folder("templates")),
        static_folder=str(files_folder("static")),
        static_url_path="/static",
    )
    app.testing = settings.environment == "testing"
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    held = open_house(settings, database)
    web.install(app, held)
    for blueprint in registry.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_always_at_hand)
    web.check_every_endpoint(app)
    site = web.Following(registry.in_front(app.wsgi_app, held.database))
    app.wsgi_app = site  # type: ignore[method-assign]
    return app


def _always_at_hand() -> dict[str, object]:
    """What every template may use."""
    settings = web.settings()
    return {
        "movement_name": settings.name,
        "imprint": settings.imprint,
        "is_development": settings.is_development,
        "visitor": web.visitor(),
    }
