"""Make the table of how tenants are configured."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_tenant_configs",
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_tenant_configs_tenant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_authweave_tenant_configs"),
    )
