"""The tables of third parties, beside that of login methods, which is the core's."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table, Text

from authweave.storage.sql import Id, login_methods, new_metadata, tenants

metadata: Final = new_metadata()

tenant_providers: Final = Table(
    "authweave_tenant_providers",
    metadata,
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), primary_key=True),
    Column("third_party_id", Id, primary_key=True),
    Column("config", LargeBinary, nullable=False),
)

# They go with their login method, and so with the user.
provider_tokens: Final = Table(
    "authweave_provider_tokens",
    metadata,
    Column("recipe_user_id", Id, ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"), primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("client_type", Text),
    Column("access_token", Text),
    Column("refresh_token", Text),
    Column("signed_in_at_ms", BigInteger, nullable=False),
    Column("leased_until_ms", BigInteger),
)
"""Sealed. Until when a row is leased, nobody else sends its refresh token to the provider."""
