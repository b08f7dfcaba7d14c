"""Make the table of API keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_apikeys",
        sa.Column("key_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("scopes", sa.String(1024), nullable=False),
        sa.Column("secret_hash", sa.String(255), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_authweave_apikeys"),
    )
    op.create_index("ix_authweave_apikeys_user_id", "authweave_apikeys", ["user_id"])
    op.create_index("ix_authweave_apikeys_expires_at_ms", "authweave_apikeys", ["expires_at_ms"])
