"""The sizes of never-call files, so that a cut-off one is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_never_load"
down_revision = "20261122_found"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each file that was loaded."""
    op.create_table(
        "never_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_never_load")),
    )
    op.create_index("ix_never_load_source", "never_load", ["source"])


def downgrade() -> None:
    """The files stay loaded; how large they were is forgotten."""
    op.drop_index("ix_never_load_source", table_name="never_load")
    op.drop_table("never_load")
