"""Make the table of one-time tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_one_time_tokens",
        sa.Column("token_hash", sa.String(255), nullable=False),
        sa.Column("purpose", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_authweave_one_time_tokens"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["authweave_tenants.tenant_id"], name="fk_authweave_one_time_tokens_tenant_id"
        ),
    )
    op.create_index("ix_authweave_one_time_tokens_expires_at_ms", "authweave_one_time_tokens", ["expires_at_ms"])
    op.create_index("ix_authweave_one_time_tokens_user_id", "authweave_one_time_tokens", ["user_id", "purpose"])
