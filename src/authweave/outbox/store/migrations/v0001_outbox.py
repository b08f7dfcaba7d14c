"""Make the table of messages that wait to be delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_outbox",
        sa.Column("row_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(255), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(255)),
        sa.Column("last_error", sa.String(255)),
        sa.Column("payload", sa.Text()),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_authweave_outbox"),
    )
    op.create_index("ix_authweave_outbox_expires_at_ms", "authweave_outbox", ["expires_at_ms"])
    op.create_index("ix_authweave_outbox_state_due_at_ms", "authweave_outbox", ["state", "due_at_ms"])
