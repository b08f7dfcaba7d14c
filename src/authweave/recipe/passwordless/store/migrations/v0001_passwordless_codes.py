"""Make the tables of browsers that asked for codes, and of codes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_passwordless_devices",
        sa.Column("pre_auth_session_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
        sa.Column("client", sa.String(255), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pre_auth_session_id", name="pk_authweave_passwordless_devices"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_passwordless_devices_tenant_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "kind", "value", "client", name="uq_authweave_passwordless_devices_client"),
    )
    op.create_index(
        "ix_authweave_passwordless_devices_expires_at_ms", "authweave_passwordless_devices", ["expires_at_ms"]
    )
    op.create_table(
        "authweave_passwordless_codes",
        sa.Column("code_id", sa.String(255), nullable=False),
        sa.Column("pre_auth_session_id", sa.String(255), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", name="pk_authweave_passwordless_codes"),
        sa.ForeignKeyConstraint(
            ["pre_auth_session_id"],
            ["authweave_passwordless_devices.pre_auth_session_id"],
            name="fk_authweave_passwordless_codes_device",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("pre_auth_session_id", "code_hash", name="uq_authweave_passwordless_codes_hash"),
    )
