"""Make the tables of passkeys, and of the options of ceremonies under way."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_passkeys",
        sa.Column("credential_id", sa.String(1364), nullable=False),
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("relying_party_id", sa.String(255), nullable=False),
        sa.Column("public_key", sa.String(2048), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("user_handle", sa.String(255), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credential_id", name="pk_authweave_passkeys"),
        sa.ForeignKeyConstraint(
            ["recipe_user_id"],
            ["authweave_login_methods.recipe_user_id"],
            name="fk_authweave_passkeys_recipe_user_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authweave_passkeys_recipe_user_id", "authweave_passkeys", ["recipe_user_id"])
    op.create_table(
        "authweave_passkey_options",
        sa.Column("options_id", sa.String(255), nullable=False),
        sa.Column("ceremony", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("client", sa.String(255), nullable=True),
        sa.Column("relying_party_id", sa.String(255), nullable=False),
        sa.Column("relying_party_name", sa.String(255), nullable=False),
        sa.Column("origin", sa.String(512), nullable=False),
        sa.Column("email", sa.String(320), nullable=True),
        sa.Column("user_handle", sa.String(255), nullable=True),
        sa.Column("user_verification", sa.String(255), nullable=False),
        sa.Column("user_presence", sa.Integer(), nullable=False),
        sa.Column("attestation", sa.String(255), nullable=True),
        sa.Column("algorithms", sa.String(255), nullable=True),
        sa.Column("challenge", sa.String(255), nullable=False),
        sa.Column("timeout_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("options_id", name="pk_authweave_passkey_options"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_passkey_options_tenant_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authweave_passkey_options_client", "authweave_passkey_options", ["client", "created_at_ms"])
    op.create_index("ix_authweave_passkey_options_expires_at_ms", "authweave_passkey_options", ["expires_at_ms"])
