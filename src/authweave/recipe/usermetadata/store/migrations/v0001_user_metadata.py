"""Make the table of users' metadata."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_user_metadata",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_authweave_user_metadata"),
    )
