"""A group that a table wanted stands in the middle of its square, as a home does: not on a home."""

import sqlalchemy as sa
from alembic import op

from campaign.places.rules import cell_centre

revision = "20261128_seed_squares"
down_revision = "20261128_cohost_offers"
branch_labels = None
depends_on = None

SEEDS = sa.text("SELECT id, group_id, lat, lng FROM seed_group ORDER BY id")
MOVE_SEED = sa.text("UPDATE seed_group SET lat = :lat, lng = :lng WHERE id = :id")
# A group whose convenor has given it a place of its own meanwhile stays there.
MOVE_GROUP = sa.text(
    'UPDATE "group" SET lat = :lat, lng = :lng WHERE id = :id AND lat = :was_lat AND lng = :was_lng'
)


def upgrade() -> None:
    for seed, group, lat, lng in op.get_bind().execute(SEEDS).all():
        shown = cell_centre(lat, lng)
        to = {"lat": shown.lat, "lng": shown.lng}
        op.get_bind().execute(MOVE_SEED, {"id": seed} | to)
        if group is not None:
            of_group = {"id": group, "was_lat": lat, "was_lng": lng}
            op.get_bind().execute(MOVE_GROUP, of_group | to)


def downgrade() -> None:
    """Where the homes are was not kept, and is not found again."""
