"""Make the table of what tenants have configured of providers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_tenant_providers",
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("third_party_id", sa.String(255), nullable=False),
        sa.Column("config", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "third_party_id", name="pk_authweave_tenant_providers"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_tenant_providers_tenant_id",
            ondelete="CASCADE",
        ),
    )
