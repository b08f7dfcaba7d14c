"""Keep whether everybody may read a note."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("authweave_notes") as table:
        table.add_column(sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("authweave_notes") as table:
        table.drop_column("is_public")
