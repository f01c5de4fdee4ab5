"""On PostgreSQL the key of a number has an index for looking up, not for putting in order."""

from alembic import op

revision = "20261127_hashed"
down_revision = "20261127_table_marks"
branch_labels = None
depends_on = None

INDEX = "ix_phone_number_hmac"


def upgrade() -> None:
    _make_anew("hash")


def downgrade() -> None:
    _make_anew("btree")


def _make_anew(kind: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, table_name="phone_number")
        op.create_index(INDEX, "phone_number", ["hmac"], postgresql_using=kind)
