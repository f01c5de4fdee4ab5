"""Two people of one name may share a number: a list tells them apart by their ids."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_namesakes"
down_revision = "20261127_hashed"
branch_labels = None
depends_on = None

BY_NAME = "uq_sharer_contact_id_first_name_last_name"
BY_ID = "uq_sharer_contact_id_first_name_last_name_external_id"
WITHOUT_ID = "uq_sharer_without_id"
NAMES = ["contact_id", "first_name", "last_name"]


def upgrade() -> None:
    with op.batch_alter_table("sharer") as table:
        table.drop_constraint(op.f(BY_NAME), type_="unique")
        table.create_unique_constraint(op.f(BY_ID), [*NAMES, "external_id"])
    without = sa.text("external_id IS NULL")
    op.create_index(
        WITHOUT_ID,
        "sharer",
        NAMES,
        unique=True,
        sqlite_where=without,
        postgresql_where=without,
    )


def downgrade() -> None:
    # Of several with one name, the first of the list stays.
    op.execute(
        "DELETE FROM sharer WHERE EXISTS (SELECT 1 FROM sharer AS other WHERE other.id < sharer.id"
        " AND other.contact_id = sharer.contact_id AND other.first_name = sharer.first_name"
        " AND other.last_name = sharer.last_name)"
    )
    op.execute(
        "UPDATE contact SET sharers = (SELECT count(*) FROM sharer WHERE contact_id = contact.id)"
        " WHERE sharers > 1"
    )
    op.drop_index(WITHOUT_ID, table_name="sharer")
    with op.batch_alter_table("sharer") as table:
        table.drop_constraint(op.f(BY_ID), type_="unique")
        table.create_unique_constraint(op.f(BY_NAME), NAMES)
