"""
The tables. Those of the migrations are the same, and a test holds the two together.

Times are milliseconds since the epoch. The prefix lets the tables live in an application's own database.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from authweave.storage import MAX_EMAIL_CHARACTERS, MAX_ID_CHARACTERS, MAX_PASSWORD_HASH_CHARACTERS

REVISION: Final = "0003"
"""The newest migration: a database that stands at it needs none."""

VERSION_TABLE: Final = "authweave_version"

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id: Final = String(MAX_ID_CHARACTERS)

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
    Column("phone_number", String(32)),
    Column("third_party_id", Id),
    Column("third_party_issuer", Id, nullable=False, server_default=text("''")),
    Column("third_party_user_id", Id),
    Column("verified", Boolean, nullable=False),
    Column("time_joined_ms", BigInteger, nullable=False),
    # Named by hand: PostgreSQL's names end after 63 characters.
    UniqueConstraint(
        "tenant_id",
        "third_party_id",
        "third_party_issuer",
        "third_party_user_id",
        name="uq_authweave_login_methods_third_party",
    ),
    UniqueConstraint("tenant_id", "recipe_id", "phone_number", name="uq_authweave_login_methods_phone_number"),
)

# Two providers may vouch for one address, so it is unique only where none does.
vouched_for_by_none: Final = login_methods.c.third_party_id.is_(None)
Index(
    "uq_authweave_login_methods_email",
    login_methods.c.tenant_id,
    login_methods.c.recipe_id,
    login_methods.c.email,
    unique=True,
    sqlite_where=vouched_for_by_none,
    postgresql_where=vouched_for_by_none,
)

passwords: Final = Table(
    "authweave_passwords",
    metadata,
    Column("recipe_user_id", Id, ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"), primary_key=True),
    Column("password_hash", String(MAX_PASSWORD_HASH_CHARACTERS), nullable=False),
)

tenant_providers: Final = Table(
    "authweave_tenant_providers",
    metadata,
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), primary_key=True),
    Column("third_party_id", Id, primary_key=True),
    Column("config", LargeBinary, nullable=False),
)

# The user is no foreign key: an application may keep its users elsewhere and only its sessions here.
sessions: Final = Table(
    "authweave_sessions",
    metadata,
    Column("handle", Id, primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("recipe_user_id", Id, nullable=False),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("refresh_hash", Id, nullable=False),
    Column("previous_hash", Id),
    Column("confirmed_at_ms", BigInteger, nullable=False),
    Column("anti_csrf_token", Id),
    Column("payload", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    # In an index, where the moment itself would make PostgreSQL write to all of them with every refresh.
    Column("expires_day", BigInteger, nullable=False, index=True, server_default=text("0")),
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
