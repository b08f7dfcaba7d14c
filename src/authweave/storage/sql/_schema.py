"""
The tables that all recipes share. Those of the migrations are the same, and a test holds the two together.

Times are milliseconds since the epoch. The prefix lets the tables live in an application's own database.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    UniqueConstraint,
    text,
)

from authweave.storage._limits import MAX_ID_CHARACTERS, MAX_PHONE_NUMBER_CHARACTERS
from authweave.storage._part import StorePart
from authweave.types import MAX_EMAIL_CHARACTERS

REVISION: Final = "0002"
"""The newest migration: a database that stands at it needs none."""

PREFIX: Final = "authweave_"
"""With it begin the names of all tables of the library's own."""

VERSION_TABLE: Final = "authweave_version"

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
)

login_methods: Final = Table(
    "authweave_login_methods",
    metadata,
    Column("recipe_user_id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False, index=True),
    Column("recipe_id", String(32), nullable=False),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id), nullable=False),
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

# Two providers may vouch for one address, so it is unique only where none does.
vouched_for_by_none: Final = login_methods.c.provider_id.is_(None)
Index(
    "uq_authweave_login_methods_email",
    login_methods.c.tenant_id,
    login_methods.c.recipe_id,
    login_methods.c.email,
    unique=True,
    sqlite_where=vouched_for_by_none,
    postgresql_where=vouched_for_by_none,
)

signing_keys: Final = Table(
    "authweave_signing_keys",
    metadata,
    Column("kid", Id, primary_key=True),
    Column("slot", Id, nullable=False, unique=True),
    Column("algorithm", String(32), nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
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
