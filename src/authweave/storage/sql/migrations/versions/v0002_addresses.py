"""Bring addresses to Unicode's form NFC, where no two become the same by it."""

import sqlalchemy as sa
from alembic import context, op

from authweave.storage.sql._addresses import BATCH, AddressTables, rewrite_addresses

revision = "0002"
down_revision = "0001"

methods: sa.TableClause = sa.table(
    "authweave_login_methods",
    *map(sa.column, ("recipe_user_id", "recipe_id", "tenant_id", "provider_id", "email")),
)


def upgrade() -> None:
    # SQL cannot write it: `authweave db addresses --rewrite` does the same where others run the SQL.
    if not context.is_offline_mode():
        rewrite_addresses(op.get_bind(), tables())


def tables() -> AddressTables:
    """Return where addresses stood."""
    return AddressTables(
        addresses=sa.select(methods)
        .where(methods.c.recipe_user_id > sa.bindparam("after"), methods.c.email.is_not(None))
        .order_by(methods.c.recipe_user_id)
        .limit(BATCH),
        holder=sa.select(methods.c.recipe_user_id).where(
            methods.c.tenant_id == sa.bindparam("tenant"),
            methods.c.recipe_id == sa.bindparam("recipe"),
            methods.c.email == sa.bindparam("address"),
            methods.c.provider_id.is_(None),
        ),
        primary_holder=None,
        write=write_address,
    )


def write_address(connection: sa.Connection, recipe_user_id: str, address: str) -> None:
    of_method = sa.update(methods).where(methods.c.recipe_user_id == recipe_user_id)
    connection.execute(of_method.values(email=address))


def downgrade() -> None:
    """Leave the addresses: an older release finds whoever types them so."""
