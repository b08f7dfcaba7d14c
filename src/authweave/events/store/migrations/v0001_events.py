"""Make the table of security events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_events",
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(255), nullable=False),
        sa.Column("recipe_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255)),
        sa.Column("tenant_id", sa.String(255)),
        sa.Column("client", sa.String(255)),
        sa.Column("session_handle", sa.String(255)),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_authweave_events"),
    )
    op.create_index("ix_authweave_events_expires_at_ms", "authweave_events", ["expires_at_ms"])
    op.create_index("ix_authweave_events_user_id", "authweave_events", ["user_id", "event_id"])
