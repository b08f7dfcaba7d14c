"""
Let users be listed, found by the beginning of an address, disabled, and shown with ids of the application's own.

Columns and tables are added, and nothing is made anew: an application's tables may refer to these.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

methods: sa.TableClause = sa.table(
    "authweave_login_methods",
    *map(sa.column, ("user_id", "email", "email_domain", "time_joined_ms", "user_time_joined_ms")),
)


def upgrade() -> None:
    op.add_column("authweave_users", sa.Column("disabled_at_ms", sa.BigInteger()))
    op.add_column(
        "authweave_login_methods",
        sa.Column("user_time_joined_ms", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.add_column("authweave_login_methods", sa.Column("email_domain", sa.String(320)))
    each = methods.alias("each")
    oldest = sa.select(sa.func.min(each.c.time_joined_ms)).where(each.c.user_id == methods.c.user_id)
    position = sa.func.strpos if op.get_context().dialect.name == "postgresql" else sa.func.instr
    domain = sa.func.substr(methods.c.email, position(methods.c.email, "@") + 1)
    filled = sa.update(methods).values(user_time_joined_ms=oldest.scalar_subquery(), email_domain=domain)
    op.execute(filled)
    create_indexes()
    op.create_table(
        "authweave_barred_users",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("until_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("user_id", name="pk_authweave_barred_users"),
    )
    op.create_index("ix_authweave_barred_users_until_ms", "authweave_barred_users", ["until_ms"])
    op.create_table(
        "authweave_user_id_mappings",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("external_user_id", sa.String(255), nullable=False),
        sa.Column("external_user_info", sa.Text()),
        sa.PrimaryKeyConstraint("user_id", name="pk_authweave_user_id_mappings"),
        sa.UniqueConstraint("external_user_id", name="uq_authweave_user_id_mappings_external_user_id"),
    )


def create_indexes() -> None:
    """Make the indexes that users are listed and found by. PostgreSQL finds beginnings where bytes are compared."""
    op.create_index(
        "ix_authweave_login_methods_joined",
        "authweave_login_methods",
        ["tenant_id", "user_time_joined_ms", "user_id", "recipe_id"],
    )
    op.create_index(
        "ix_authweave_login_methods_email",
        "authweave_login_methods",
        ["tenant_id", "email"],
        postgresql_ops={"email": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_authweave_login_methods_domain",
        "authweave_login_methods",
        ["tenant_id", "email_domain"],
        postgresql_ops={"email_domain": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_authweave_login_methods_phone_number",
        "authweave_login_methods",
        ["tenant_id", "phone_number"],
        sqlite_where=sa.text("phone_number IS NOT NULL"),
        postgresql_where=sa.text("phone_number IS NOT NULL"),
        postgresql_ops={"phone_number": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_authweave_login_methods_subject",
        "authweave_login_methods",
        ["tenant_id", "subject"],
        sqlite_where=sa.text("subject IS NOT NULL"),
        postgresql_where=sa.text("subject IS NOT NULL"),
        postgresql_ops={"subject": "varchar_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_table("authweave_user_id_mappings")
    op.drop_table("authweave_barred_users")
    op.drop_index("ix_authweave_login_methods_subject", "authweave_login_methods")
    op.drop_index("ix_authweave_login_methods_phone_number", "authweave_login_methods")
    op.drop_index("ix_authweave_login_methods_domain", "authweave_login_methods")
    op.drop_index("ix_authweave_login_methods_email", "authweave_login_methods")
    op.drop_index("ix_authweave_login_methods_joined", "authweave_login_methods")
    op.drop_column("authweave_login_methods", "email_domain")
    op.drop_column("authweave_login_methods", "user_time_joined_ms")
    op.drop_column("authweave_users", "disabled_at_ms")
