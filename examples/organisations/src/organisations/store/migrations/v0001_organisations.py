"""Make the tables of organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_organisations",
        sa.Column("organisation_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_authweave_organisations"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_organisations_tenant_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authweave_organisations_tenant_id", "authweave_organisations", ["tenant_id"])
    op.create_table(
        "authweave_organisation_members",
        sa.Column("organisation_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("role", sa.String(255), nullable=False),
        sa.Column("joined_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", name="pk_authweave_organisation_members"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["authweave_organisations.organisation_id"],
            name="fk_authweave_organisation_members_organisation_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authweave_organisation_members_user_id", "authweave_organisation_members", ["user_id"])
    op.create_table(
        "authweave_organisation_invitations",
        sa.Column("token_hash", sa.String(255), nullable=False),
        sa.Column("organisation_id", sa.String(255), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("role", sa.String(255), nullable=False),
        sa.Column("invited_by", sa.String(255)),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_authweave_organisation_invitations"),
        sa.UniqueConstraint(
            "organisation_id", "email", name="uq_authweave_organisation_invitations_organisation_id_email"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["authweave_organisations.organisation_id"],
            name="fk_authweave_organisation_invitations_organisation_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("invited_by", "expires_at_ms"):
        name = f"ix_authweave_organisation_invitations_{column}"
        op.create_index(name, "authweave_organisation_invitations", [column])
