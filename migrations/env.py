"""Runs migrations on the connection it is given (``campaign init``, tests), or on a URL."""

from alembic import context

from campaign import registry  # noqa: F401 (its import makes every table known)
from campaign.events.models.turns import keep_turns
from campaign.foundation.database import Base, UTCDateTime


def render(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations stand alone: our own type is written as the plain one beneath it."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run on the connection that campaign.foundation.schema put into the configuration."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
        keep_turns(context.config.attributes["connection"])


run()
