"""Make the table of sessions that links have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_linked_sessions",
        sa.Column("handle", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_authweave_linked_sessions"),
    )
    for column in ("user_id", "recipe_user_id", "expires_at_ms"):
        op.create_index(f"ix_authweave_linked_sessions_{column}", "authweave_linked_sessions", [column])
