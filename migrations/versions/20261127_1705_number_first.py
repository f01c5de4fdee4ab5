"""Nobody twice on a list, told by the number first: one index less on the longest table.

What says that a number stands on a list once also finds a number's people, if it begins with the
number; the index of its own that did so is written at each new contact and each new version of a
row, and is not needed any more.
"""

from alembic import op

revision = "20261127_number_first"
down_revision = "20261127_rings"
branch_labels = None
depends_on = None

BEFORE, AFTER = "uq_contact_phonebank_id_number_id", "uq_contact_number_id_phonebank_id"
INDEX = "ix_contact_number_id"


def upgrade() -> None:
    # The new one first: where others write, there is no moment without one of the two.
    with op.batch_alter_table("contact") as batch:
        batch.create_unique_constraint(op.f(AFTER), ["number_id", "phonebank_id"])
        batch.drop_constraint(op.f(BEFORE), type_="unique")
        batch.drop_index(INDEX)


def downgrade() -> None:
    with op.batch_alter_table("contact") as batch:
        batch.create_unique_constraint(op.f(BEFORE), ["phonebank_id", "number_id"])
        batch.drop_constraint(op.f(AFTER), type_="unique")
        batch.create_index(INDEX, ["number_id"], unique=False)
