"""Runs migrations on the connection it is given (``campaign init``, tests), or on a URL."""

from alembic import context

from campaign import registry  # noqa: F401 (its import makes every table known)
from campaign.foundation.database import Base


def run() -> None:
    """Run on the connection that campaign.foundation.schema put into the configuration."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
