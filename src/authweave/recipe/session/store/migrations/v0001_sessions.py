"""Make the table of sessions. PostgreSQL leaves room in its pages, so that a refresh writes to no index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_sessions",
        sa.Column("handle", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("refresh_hash", sa.String(255), nullable=False),
        sa.Column("previous_hash", sa.String(255)),
        sa.Column("confirmed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("anti_csrf_token", sa.String(255)),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_day", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("handle", name="pk_authweave_sessions"),
        sa.ForeignKeyConstraint(["tenant_id"], ["authweave_tenants.tenant_id"], name="fk_authweave_sessions_tenant_id"),
    )
    op.create_index("ix_authweave_sessions_user_id", "authweave_sessions", ["user_id"])
    op.create_index("ix_authweave_sessions_expires_day", "authweave_sessions", ["expires_day"])
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE authweave_sessions SET (fillfactor = 80)")
