"""
The tables that all recipes share. Those of the migrations are the same, and a test holds the two together.

Times are milliseconds since the epoch. The prefix lets the tables live in an application's own database.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from authweave.storage._ahead import CORE_VERSION_TABLE
from authweave.storage._limits import MAX_ID_CHARACTERS, MAX_PHONE_NUMBER_CHARACTERS
from authweave.storage._part import StorePart
from authweave.types import MAX_EMAIL_CHARACTERS

REVISION: Final = "0004"
"""The newest migration: a database that stands at it needs none."""

PREFIX: Final = "authweave_"
"""With it begin the names of all tables of the library's own."""

VERSION_TABLE: Final = CORE_VERSION_TABLE

BYTES: Final = "varchar_pattern_ops"
"""PostgreSQL finds a prefix only in an index that compares bytes, as SQLite's do."""

Id: Final = String(MAX_ID_CHARACTERS)
"""The type of ids, hashes and tokens."""


def new_metadata() -> MetaData:
    """Return what tables are declared in: of the core, or of a part. It names their indexes and constraints."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


metadata: Final = new_metadata()

tenants: Final = Table("authweave_tenants", metadata, Column("tenant_id", Id, primary_key=True))

users: Final = Table(
    "authweave_users",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("is_primary_user", Boolean, nullable=False),
    Column("disabled_at_ms", BigInteger),
)
"""
Users, and the ids of login methods that are linked to others: an application's table may refer to who they were.

Who has no login method here is no user.
"""

# No foreign key: an id stays barred when its user is gone, and a login method may have a mapping of its own.
barred_users: Final = Table(
    "authweave_barred_users",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("until_ms", BigInteger, index=True),
)
"""
Ids for which there are no sessions: all those of disabled users, and those of deleted ones for a while.

What creates a session, or finds one, looks here by the session's own id alone.
"""

user_id_mappings: Final = Table(
    "authweave_user_id_mappings",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("external_user_id", Id, nullable=False, unique=True),
    Column("external_user_info", Text),
)
"""Which id APIs show instead of that of a user, or of one of the login methods."""

login_methods: Final = Table(
    "authweave_login_methods",
    metadata,
    Column("recipe_user_id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False, index=True),
    Column("recipe_id", String(32), nullable=False),
    # One of those that it is in, and NULL where it is in none: an application's tables may refer to it, with the
    # identity say. `login_tenants` has all.
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id)),
    Column("email", String(MAX_EMAIL_CHARACTERS)),
    Column("phone_number", String(MAX_PHONE_NUMBER_CHARACTERS)),
    Column("provider_id", Id),
    Column("issuer", Id, nullable=False, server_default=text("''")),
    Column("subject", Id),
    Column("verified", Boolean, nullable=False),
    Column("time_joined_ms", BigInteger, nullable=False),
    # Named by hand: PostgreSQL's names end after 63 characters.
    UniqueConstraint("tenant_id", "provider_id", "issuer", "subject", name="uq_authweave_login_methods_identity"),
    UniqueConstraint("tenant_id", "recipe_id", "phone_number", name="uq_authweave_login_methods_phone_number"),
)

# A database keeps apart what stands in one table, so what has to be unique in a tenant stands here once more, with what
# a tenant's users are found and sorted by. `_login_rows` writes both, and nothing else does.
login_tenants: Final = Table(
    "authweave_login_tenants",
    metadata,
    Column("recipe_user_id", Id, ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"), primary_key=True),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("recipe_id", String(32), nullable=False),
    Column("email", String(MAX_EMAIL_CHARACTERS)),
    # What stands after the first @ of the address, so that beginnings of it are found by an index (`address_values`).
    Column("email_domain", String(MAX_EMAIL_CHARACTERS)),
    Column("phone_number", String(MAX_PHONE_NUMBER_CHARACTERS)),
    Column("provider_id", Id),
    Column("issuer", Id, nullable=False, server_default=text("''")),
    Column("subject", Id),
    # That of the oldest login method of the same user: the users of a tenant are listed by this table's index alone.
    Column("user_time_joined_ms", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "provider_id", "issuer", "subject", name="uq_authweave_login_tenants_identity"),
    UniqueConstraint("tenant_id", "recipe_id", "phone_number", name="uq_authweave_login_tenants_phone_number"),
)
"""Which tenants login methods are in: a row for each of both. A login method may be in none."""

primary_contacts: Final = Table(
    "authweave_primary_contacts",
    metadata,
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", String(MAX_EMAIL_CHARACTERS), primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False, index=True),
)
"""
What no other primary user may have: all addresses and numbers of each, in all tenants that a login method of his is in.

It is `_login_rows` that reserves them. Users who are not primary have none.
"""

# Two providers may vouch for one address, so it is unique only where none does.
vouched_for_by_none: Final = login_tenants.c.provider_id.is_(None)
signing_keys: Final = Table(
    "authweave_signing_keys",
    metadata,
    Column("kid", Id, primary_key=True),
    Column("slot", Id, nullable=False, unique=True),
    Column("algorithm", String(32), nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)


@cache
def declare_indexes() -> None:
    """
    Declare the indexes of memberships, for who compares them with those of a database; migrations make them.

    They have options for PostgreSQL, whose dialect SQLAlchemy loads to check them: SQLite's users need not.
    """
    Index(
        "uq_authweave_login_tenants_email",
        login_tenants.c.tenant_id,
        login_tenants.c.recipe_id,
        login_tenants.c.email,
        unique=True,
        sqlite_where=vouched_for_by_none,
        postgresql_where=vouched_for_by_none,
    )

    Index(
        "ix_authweave_login_tenants_joined",
        login_tenants.c.tenant_id,
        login_tenants.c.user_time_joined_ms,
        login_tenants.c.user_id,
        login_tenants.c.recipe_id,
    )

    Index(
        "ix_authweave_login_tenants_email",
        login_tenants.c.tenant_id,
        login_tenants.c.email,
        postgresql_ops={"email": BYTES},
    )
    Index(
        "ix_authweave_login_tenants_domain",
        login_tenants.c.tenant_id,
        login_tenants.c.email_domain,
        postgresql_ops={"email_domain": BYTES},
    )
    for name in ("phone_number", "subject"):
        there = login_tenants.c[name].is_not(None)
        Index(
            f"ix_authweave_login_tenants_{name}",
            login_tenants.c.tenant_id,
            login_tenants.c[name],
            sqlite_where=there,
            postgresql_where=there,
            postgresql_ops={name: BYTES},
        )


def owns_table(name: str, parts: Sequence[StorePart[object]] = ()) -> bool:
    """
    Return whether a table is the library's: of its core, of a recipe, or of their migrations.

    For an application with tables and an Alembic of its own in the same database: its ``include_object`` leaves these
    out, or ``--autogenerate`` would drop them.

    Args:
        name: the table's.
        parts: those of recipes from elsewhere whose tables do not begin with ``authweave_``.

    .. versionadded:: 0.1.0
    """
    return name.startswith(PREFIX) or any(name in part.in_sql().tables(part.name) for part in parts)


def core_tables() -> tuple[str, ...]:
    """Return the names of the tables that no part may have."""
    return (*metadata.tables, VERSION_TABLE)
