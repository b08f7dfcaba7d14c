"""
Keep who issues the ids of a provider's users, and the providers of tenants.

Going back, issuers are forgotten, since the older tables have no place for them, and so are the tenants' providers. It
is refused where two users differ in nothing else.
"""

import sqlalchemy as sa
from alembic import op

from authweave.types import ConfigurationError

revision = "0002"
down_revision = "0001"

UNIQUE = "uq_authweave_login_methods_third_party"
LOGIN_METHODS = "authweave_login_methods"
PASSWORDS = "authweave_passwords"
KEPT = "authweave_passwords_kept"


def upgrade() -> None:
    set_passwords_aside()
    with op.batch_alter_table(LOGIN_METHODS) as table:
        table.add_column(sa.Column("third_party_issuer", sa.String(255), nullable=False, server_default=sa.text("''")))
        table.drop_constraint(UNIQUE, type_="unique")
        table.create_unique_constraint(
            UNIQUE, ["tenant_id", "third_party_id", "third_party_issuer", "third_party_user_id"]
        )
    bring_passwords_back()
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


def downgrade() -> None:
    refuse_if_issuers_tell_users_apart()
    op.drop_table("authweave_tenant_providers")
    set_passwords_aside()
    with op.batch_alter_table(LOGIN_METHODS) as table:
        table.drop_constraint(UNIQUE, type_="unique")
        table.create_unique_constraint(UNIQUE, ["tenant_id", "third_party_id", "third_party_user_id"])
        table.drop_column("third_party_issuer")
    bring_passwords_back()


def refuse_if_issuers_tell_users_apart() -> None:
    if op.get_context().as_sql:  # there is nobody to ask: the unique constraint will refuse
        return
    methods = sa.table(
        LOGIN_METHODS, sa.column("tenant_id"), sa.column("third_party_id"), sa.column("third_party_user_id")
    )
    alike = (
        sa.select(sa.func.count())
        .where(methods.c.third_party_id.is_not(None))
        .group_by(methods.c.tenant_id, methods.c.third_party_id, methods.c.third_party_user_id)
        .having(sa.func.count() > 1)
        .limit(1)
    )
    if op.get_bind().execute(alike).first() is not None:
        message = (
            "The database cannot go back to revision 0001: some users have the same id at the same provider, from "
            "different issuers, and the older tables cannot tell them apart. Delete all but one of each first."
        )
        raise ConfigurationError(message)


def set_passwords_aside() -> None:
    """
    Make SQLite forget that passwords belong to login methods.

    It alters that table by making a new one, and with the old one the passwords would go.
    """
    if is_sqlite():
        op.execute(
            "CREATE TABLE authweave_passwords_kept AS SELECT recipe_user_id, password_hash FROM authweave_passwords"
        )
        op.drop_table(PASSWORDS)


def bring_passwords_back() -> None:
    if is_sqlite():
        op.create_table(
            PASSWORDS,
            sa.Column("recipe_user_id", sa.String(255), nullable=False),
            sa.Column("password_hash", sa.String(1024), nullable=False),
            sa.PrimaryKeyConstraint("recipe_user_id", name="pk_authweave_passwords"),
            sa.ForeignKeyConstraint(
                ["recipe_user_id"],
                [f"{LOGIN_METHODS}.recipe_user_id"],
                name="fk_authweave_passwords_recipe_user_id",
                ondelete="CASCADE",
            ),
        )
        op.execute("INSERT INTO authweave_passwords SELECT recipe_user_id, password_hash FROM authweave_passwords_kept")
        op.drop_table(KEPT)


def is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
