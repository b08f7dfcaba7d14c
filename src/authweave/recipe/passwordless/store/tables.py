"""The tables of browsers that asked for codes, and of codes; that of login methods is the core's."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from authweave.storage.sql import Id, new_metadata, tenants
from authweave.types import MAX_EMAIL_CHARACTERS

metadata: Final = new_metadata()

# Whose contact it is does not matter, nor whether there is a user: who has the code has proved that it is his.
devices: Final = Table(
    "authweave_passwordless_devices",
    metadata,
    Column("pre_auth_session_id", Id, primary_key=True),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("value", String(MAX_EMAIL_CHARACTERS), nullable=False),
    Column("client", Id),
    Column("failures", Integer, nullable=False),
    # That of the code that is good for longest.
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    # Devices are found by all but the last. Of clients that are not known there may be any number.
    UniqueConstraint("tenant_id", "kind", "value", "client", name="uq_authweave_passwordless_devices_client"),
)

codes: Final = Table(
    "authweave_passwordless_codes",
    metadata,
    Column("code_id", Id, primary_key=True),
    Column(
        "pre_auth_session_id",
        Id,
        # Named by hand: PostgreSQL's names end after 63 characters.
        ForeignKey(devices.c.pre_auth_session_id, ondelete="CASCADE", name="fk_authweave_passwordless_codes_device"),
        nullable=False,
    ),
    Column("code_hash", Id, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    UniqueConstraint("pre_auth_session_id", "code_hash", name="uq_authweave_passwordless_codes_hash"),
)
