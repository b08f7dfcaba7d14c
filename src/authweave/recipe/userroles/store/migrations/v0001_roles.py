"""Make the tables of roles, of what they permit, and of who has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_roles",
        sa.Column("role", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_authweave_roles"),
    )
    op.create_table(
        "authweave_role_permissions",
        sa.Column("role", sa.String(255), nullable=False),
        sa.Column("permission", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("role", "permission", name="pk_authweave_role_permissions"),
        sa.ForeignKeyConstraint(
            ["role"], ["authweave_roles.role"], name="fk_authweave_role_permissions_role", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_authweave_role_permissions_permission", "authweave_role_permissions", ["permission"])
    op.create_table(
        "authweave_user_roles",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("role", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "tenant_id", "role", name="pk_authweave_user_roles"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["authweave_tenants.tenant_id"], name="fk_authweave_user_roles_tenant_id"
        ),
        sa.ForeignKeyConstraint(
            ["role"], ["authweave_roles.role"], name="fk_authweave_user_roles_role", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_authweave_user_roles_role_tenant_id", "authweave_user_roles", ["role", "tenant_id"])
