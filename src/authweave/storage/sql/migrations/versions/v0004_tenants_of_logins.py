"""
Let a login method be in several tenants, and let primary users have their addresses for themselves.

What is unique by tenant moves to a table of its own. On SQLite that of login methods is made anew, since it cannot lose
a constraint: what refers to it stays, as do an application's columns and indexes of its own, and its triggers.
"""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import context, op

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


def upgrade() -> None:
    create_tables()
    op.execute(memberships.insert().from_select(COPIED, sa.select(*(methods.c[name] for name in COPIED))))
    make_primary()
    reserve_contacts()
    triggers = triggers_of_methods()
    drop_indexes()
    with op.batch_alter_table(METHODS) as batch:
        batch.drop_constraint("uq_authweave_login_methods_identity", type_="unique")
        batch.drop_constraint("uq_authweave_login_methods_phone_number", type_="unique")
        batch.drop_constraint("fk_authweave_login_methods_tenant_id", type_="foreignkey")
        for name in ("tenant_id", "email_domain", "user_time_joined_ms"):
            batch.drop_column(name)
    make_again(triggers)
    create_indexes("authweave_login_tenants")


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
    op.execute(sa.update(users).where(users.c.user_id.in_(several)).values(is_primary_user=sa.true()))


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
        op.execute(contacts.insert().from_select(["tenant_id", "kind", "value", "user_id"], first))
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
    op.execute(sa.update(users).where(*loses).values(is_primary_user=sa.false()))
    primary_ids = sa.select(users.c.user_id).where(users.c.is_primary_user.is_(sa.true()))
    op.execute(sa.delete(contacts).where(contacts.c.user_id.not_in(primary_ids)))


def triggers_of_methods() -> list[str]:
    """Return an application's triggers on SQLite's table of login methods, which go with the former table."""
    if context.is_offline_mode() or op.get_context().dialect.name != "sqlite":
        return []
    of_table = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name COLLATE NOCASE")
    return list(op.get_bind().execute(of_table, {"name": METHODS}).scalars())


def make_again(triggers: list[str]) -> None:
    for each in triggers:
        op.get_bind().exec_driver_sql(each)


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
        op.create_index(
            f"ix_{table}_{column}",
            table,
            ["tenant_id", column],
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_ops={column: "varchar_pattern_ops"},
        )


def downgrade() -> None:
    """
    Have each login method be in the first of its tenants: ``public`` where it is in that.

    What the older tables cannot hold is lost: that it is in others too, and login methods that are in none.
    """
    op.add_column(METHODS, sa.Column("tenant_id", sa.String(255)))
    op.add_column(METHODS, sa.Column("email_domain", sa.String(320)))
    op.add_column(
        METHODS, sa.Column("user_time_joined_ms", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    first = (
        sa.select(memberships.c.tenant_id)
        .where(memberships.c.recipe_user_id == methods.c.recipe_user_id)
        .order_by(sa.case((memberships.c.tenant_id == "public", 0), else_=1), memberships.c.tenant_id)
        .limit(1)
    )
    op.execute(sa.update(methods).values(tenant_id=first.scalar_subquery()))
    delete_those_in_no_tenant()
    op.drop_table("authweave_primary_contacts")
    op.drop_table("authweave_login_tenants")
    each = methods.alias("each")
    oldest = sa.select(sa.func.min(each.c.time_joined_ms)).where(each.c.user_id == methods.c.user_id)
    position = sa.func.strpos if op.get_context().dialect.name == "postgresql" else sa.func.instr
    domain = sa.func.substr(methods.c.email, position(methods.c.email, "@") + 1)
    op.execute(sa.update(methods).values(user_time_joined_ms=oldest.scalar_subquery(), email_domain=domain))
    triggers = triggers_of_methods()
    with op.batch_alter_table(METHODS) as batch:
        batch.alter_column("tenant_id", existing_type=sa.String(255), nullable=False)
        batch.create_foreign_key(
            "fk_authweave_login_methods_tenant_id", "authweave_tenants", ["tenant_id"], ["tenant_id"]
        )
        batch.create_unique_constraint(
            "uq_authweave_login_methods_identity", ["tenant_id", "provider_id", "issuer", "subject"]
        )
        batch.create_unique_constraint(
            "uq_authweave_login_methods_phone_number", ["tenant_id", "recipe_id", "phone_number"]
        )
    make_again(triggers)
    create_indexes(METHODS)


def delete_those_in_no_tenant() -> None:
    """Delete login methods that are in no tenant, and users who have no other. What refers to them follows."""
    without = sa.delete(methods).where(methods.c.tenant_id.is_(None))
    nobody = sa.delete(users).where(users.c.user_id.not_in(sa.select(methods.c.user_id)))
    with nullcontext() if context.is_offline_mode() else following(op.get_bind()):
        op.execute(without)
        op.execute(nobody)
