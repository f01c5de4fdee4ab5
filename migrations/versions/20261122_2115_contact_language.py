"""The language that somebody needs to be called in."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_contact_language"
down_revision = "20261122_organising"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("language")
