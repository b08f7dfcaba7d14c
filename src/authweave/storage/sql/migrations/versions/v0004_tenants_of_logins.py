"""
Let a login method be in several tenants, and let primary users have their addresses for themselves.

What is unique by tenant, or sorted by it, moves to a table of its own. That of login methods keeps one tenant, which
may be none from now on: it is not made anew, since an application's tables, indexes, triggers and views may refer to
it.
"""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.exc import OperationalError

from authweave.storage.sql._references import following

revision = "0004"
down_revision = "0003"

METHODS = "authweave_login_methods"
INDEXES = ("subject", "phone_number", "domain", "email", "joined")

users: sa.TableClause = sa.table("authweave_users", sa.column("user_id"), sa.column("is_primary_user", sa.Boolean))
methods: sa.TableClause = sa.table(
    METHODS,
    *map(
        sa.column,
        (
            "recipe_user_id",
            "user_id",
            "recipe_id",
            "tenant_id",
            "email",
            "email_domain",
            "phone_number",
            "provider_id",
            "issuer",
            "subject",
            "time_joined_ms",
            "user_time_joined_ms",
        ),
    ),
)
COPIED = (
    "recipe_user_id",
    "tenant_id",
    "user_id",
    "recipe_id",
    "email",
    "email_domain",
    "phone_number",
    "provider_id",
    "issuer",
    "subject",
    "user_time_joined_ms",
)
memberships: sa.TableClause = sa.table("authweave_login_tenants", *map(sa.column, COPIED))
contacts: sa.TableClause = sa.table(
    "authweave_primary_contacts", *map(sa.column, ("tenant_id", "kind", "value", "user_id"))
)

# The tab is what it was written with. An application's own column has none, whatever it is called.
REQUIRE = sa.text(
    "UPDATE sqlite_master "
    "SET sql = replace(sql, char(9) || 'tenant_id VARCHAR(255)', char(9) || 'tenant_id VARCHAR(255) NOT NULL') "
    "WHERE type = 'table' AND name = 'authweave_login_methods'"
)
DO_NOT_REQUIRE = sa.text(
    "UPDATE sqlite_master "
    "SET sql = replace(sql, char(9) || 'tenant_id VARCHAR(255) NOT NULL', char(9) || 'tenant_id VARCHAR(255)') "
    "WHERE type = 'table' AND name = 'authweave_login_methods'"
)


def upgrade() -> None:
    create_tables()
    run(memberships.insert().from_select(COPIED, sa.select(*(methods.c[name] for name in COPIED))))
    make_primary()
    reserve_contacts()
    drop_indexes()
    op.drop_column(METHODS, "email_domain")
    op.drop_column(METHODS, "user_time_joined_ms")
    require_tenant(required=False)
    create_indexes("authweave_login_tenants")


def require_tenant(*, required: bool) -> None:
    """
    Let the tenant of a login method be NULL, or not any more.

    SQLite has no statement for it. Its documentation lets the text of the schema be changed for what changes nothing on
    the disk (sqlite.org/lang_altertable.html, section 7). A build in defensive mode does not: there the table is made
    anew, without an application's triggers on it.
    """
    if op.get_context().dialect.name != "sqlite":
        op.alter_column(METHODS, "tenant_id", existing_type=sa.String(255), nullable=not required)
        return
    op.execute("PRAGMA writable_schema = ON")
    try:
        run(REQUIRE if required else DO_NOT_REQUIRE)
    except OperationalError:  # "table sqlite_master may not be modified"
        with op.batch_alter_table(METHODS, recreate="always") as batch:
            batch.alter_column("tenant_id", existing_type=sa.String(255), nullable=not required)
    op.execute("PRAGMA writable_schema = RESET")  # off, and the schema is read again


def run(statement: sa.Executable) -> None:
    op.execute(statement)


def create_tables() -> None:
    op.create_table(
        "authweave_login_tenants",
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("recipe_id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(320)),
        sa.Column("email_domain", sa.String(320)),
        sa.Column("phone_number", sa.String(32)),
        sa.Column("provider_id", sa.String(255)),
        sa.Column("issuer", sa.String(255), nullable=False, server_default=sa.text("''")),
        sa.Column("subject", sa.String(255)),
        sa.Column("user_time_joined_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recipe_user_id", "tenant_id", name="pk_authweave_login_tenants"),
        sa.ForeignKeyConstraint(
            ["recipe_user_id"],
            ["authweave_login_methods.recipe_user_id"],
            name="fk_authweave_login_tenants_recipe_user_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_login_tenants_tenant_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id", "provider_id", "issuer", "subject", name="uq_authweave_login_tenants_identity"
        ),
        sa.UniqueConstraint("tenant_id", "recipe_id", "phone_number", name="uq_authweave_login_tenants_phone_number"),
    )
    op.create_table(
        "authweave_primary_contacts",
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "value", name="pk_authweave_primary_contacts"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["authweave_tenants.tenant_id"],
            name="fk_authweave_primary_contacts_tenant_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["authweave_users.user_id"],
            name="fk_authweave_primary_contacts_user_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authweave_primary_contacts_user_id", "authweave_primary_contacts", ["user_id"])


def make_primary() -> None:
    """Have each user of several login methods, who was imported so, be a primary one."""
    several = sa.select(methods.c.user_id).group_by(methods.c.user_id).having(sa.func.count() > 1)
    run(sa.update(users).where(users.c.user_id.in_(several)).values(is_primary_user=sa.true()))


def reserve_contacts() -> None:
    """
    Reserve what primary users have. Where two have the same, whom nothing kept apart so far, the older has it.

    The younger is no primary user any more, unless of several login methods.
    """
    primary = methods.join(users, users.c.user_id == methods.c.user_id)
    other = methods.alias("other")
    each_tenant = primary.join(other, other.c.user_id == methods.c.user_id)
    for kind in ("email", "phone_number"):
        key = (other.c.tenant_id, methods.c[kind])
        ranked = (
            sa.select(
                other.c.tenant_id.label("tenant_id"),
                methods.c[kind].label("value"),
                methods.c.user_id.label("user_id"),
                sa.func.row_number()
                .over(partition_by=key, order_by=(methods.c.user_time_joined_ms, methods.c.user_id))
                .label("place"),
            )
            .select_from(each_tenant)
            .where(users.c.is_primary_user.is_(sa.true()), methods.c[kind].is_not(None))
            .subquery("ranked")
        )
        first = sa.select(ranked.c.tenant_id, sa.literal(kind), ranked.c.value, ranked.c.user_id).where(
            ranked.c.place == 1
        )
        run(contacts.insert().from_select(["tenant_id", "kind", "value", "user_id"], first))
    of_user = methods.alias("of_user")
    alone = sa.select(of_user.c.user_id).group_by(of_user.c.user_id).having(sa.func.count() == 1)
    of_another = sa.exists().where(
        methods.c.user_id == users.c.user_id,
        contacts.c.tenant_id == methods.c.tenant_id,
        contacts.c.user_id != users.c.user_id,
        sa.or_(
            sa.and_(contacts.c.kind == "email", contacts.c.value == methods.c.email),
            sa.and_(contacts.c.kind == "phone_number", contacts.c.value == methods.c.phone_number),
        ),
    )
    loses = (users.c.is_primary_user.is_(sa.true()), users.c.user_id.in_(alone), of_another)
    run(sa.update(users).where(*loses).values(is_primary_user=sa.false()))
    primary_ids = sa.select(users.c.user_id).where(users.c.is_primary_user.is_(sa.true()))
    run(sa.delete(contacts).where(contacts.c.user_id.not_in(primary_ids)))


def drop_indexes() -> None:
    for name in INDEXES:
        op.drop_index(f"ix_authweave_login_methods_{name}", METHODS)
    op.drop_index("uq_authweave_login_methods_email", METHODS)


def create_indexes(table: str) -> None:
    """Make the indexes that users are listed and found by. PostgreSQL finds beginnings where bytes are compared."""
    op.create_index(
        f"uq_{table}_email",
        table,
        ["tenant_id", "recipe_id", "email"],
        unique=True,
        sqlite_where=sa.text("provider_id IS NULL"),
        postgresql_where=sa.text("provider_id IS NULL"),
    )
    op.create_index(f"ix_{table}_joined", table, ["tenant_id", "user_time_joined_ms", "user_id", "recipe_id"])
    for name, column in (("email", "email"), ("domain", "email_domain")):
        op.create_index(
            f"ix_{table}_{name}", table, ["tenant_id", column], postgresql_ops={column: "varchar_pattern_ops"}
        )
    for column in ("phone_number", "subject"):
        there = sa.column(column).is_not(None)
        op.create_index(
            f"ix_{table}_{column}",
            table,
            ["tenant_id", column],
            sqlite_where=there,
            postgresql_where=there,
            postgresql_ops={column: "varchar_pattern_ops"},
        )


def downgrade() -> None:
    """
    Have each login method be in the first of its tenants: ``public`` where it is in that.

    What the older tables cannot hold is lost: that it is in others too, and login methods that are in none.
    """
    first = (
        sa.select(memberships.c.tenant_id)
        .where(memberships.c.recipe_user_id == methods.c.recipe_user_id)
        .order_by(sa.case((memberships.c.tenant_id == "public", 0), else_=1), memberships.c.tenant_id)
        .limit(1)
    )
    run(sa.update(methods).values(tenant_id=first.scalar_subquery()))
    delete_those_in_no_tenant()
    op.drop_table("authweave_primary_contacts")
    op.drop_table("authweave_login_tenants")
    require_tenant(required=True)
    op.add_column(
        METHODS, sa.Column("user_time_joined_ms", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column(METHODS, sa.Column("email_domain", sa.String(320)))
    each = methods.alias("each")
    oldest = sa.select(sa.func.min(each.c.time_joined_ms)).where(each.c.user_id == methods.c.user_id)
    position = sa.func.strpos if op.get_context().dialect.name == "postgresql" else sa.func.instr
    domain = sa.func.substr(methods.c.email, position(methods.c.email, "@") + 1)
    run(sa.update(methods).values(user_time_joined_ms=oldest.scalar_subquery(), email_domain=domain))
    create_indexes(METHODS)


def delete_those_in_no_tenant() -> None:
    """Delete login methods that are in no tenant, and users who have no other. What refers to them follows."""
    without = sa.delete(methods).where(methods.c.tenant_id.is_(None))
    ids = sa.union(sa.select(methods.c.user_id), sa.select(methods.c.recipe_user_id))
    nobody = sa.delete(users).where(users.c.user_id.not_in(ids))
    with nullcontext() if context.is_offline_mode() else following(op.get_bind()):
        run(without)
        run(nobody)
