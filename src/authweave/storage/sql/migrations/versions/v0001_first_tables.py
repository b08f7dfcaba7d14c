"""Make the tables that all recipes share, and the tenant that always exists."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    tenants = op.create_table(
        "authweave_tenants",
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_authweave_tenants"),
    )
    op.bulk_insert(tenants, [{"tenant_id": "public"}])
    op.create_table(
        "authweave_users",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("is_primary_user", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_authweave_users"),
    )
    create_login_methods()
    op.create_table(
        "authweave_signing_keys",
        sa.Column("kid", sa.String(255), nullable=False),
        sa.Column("slot", sa.String(255), nullable=False),
        sa.Column("algorithm", sa.String(32), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_authweave_signing_keys"),
        sa.UniqueConstraint("slot", name="uq_authweave_signing_keys_slot"),
    )


def create_login_methods() -> None:
    op.create_table(
        "authweave_login_methods",
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("recipe_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("email", sa.String(320)),
        sa.Column("phone_number", sa.String(32)),
        sa.Column("provider_id", sa.String(255)),
        sa.Column("issuer", sa.String(255), nullable=False, server_default=sa.text("''")),
        sa.Column("subject", sa.String(255)),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("time_joined_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recipe_user_id", name="pk_authweave_login_methods"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["authweave_users.user_id"],
            name="fk_authweave_login_methods_user_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["authweave_tenants.tenant_id"], name="fk_authweave_login_methods_tenant_id"
        ),
        sa.UniqueConstraint(
            "tenant_id", "provider_id", "issuer", "subject", name="uq_authweave_login_methods_identity"
        ),
        sa.UniqueConstraint("tenant_id", "recipe_id", "phone_number", name="uq_authweave_login_methods_phone_number"),
    )
    op.create_index("ix_authweave_login_methods_user_id", "authweave_login_methods", ["user_id"])
    op.create_index(
        "uq_authweave_login_methods_email",
        "authweave_login_methods",
        ["tenant_id", "recipe_id", "email"],
        unique=True,
        sqlite_where=sa.text("provider_id IS NULL"),
        postgresql_where=sa.text("provider_id IS NULL"),
    )
