"""Make the tables of TOTP devices, of recovery codes, of codes that were used, and of attempts that failed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_totp_devices",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("period_s", sa.Integer(), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_authweave_totp_devices"),
    )
    op.create_table(
        "authweave_totp_recovery_codes",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_authweave_totp_recovery_codes"),
    )
    op.create_table(
        "authweave_totp_used_codes",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("code", sa.String(255), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code", name="pk_authweave_totp_used_codes"),
    )
    op.create_index("ix_authweave_totp_used_codes_until_ms", "authweave_totp_used_codes", ["until_ms"])
    op.create_table(
        "authweave_totp_attempts",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "tenant_id", name="pk_authweave_totp_attempts"),
    )
    op.create_index("ix_authweave_totp_attempts_until_ms", "authweave_totp_attempts", ["until_ms"])
