"""Tables of an application, which refer to users."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, String, Table

from authweave.storage.sql import users

metadata = MetaData()
profiles = Table(
    "profiles",
    metadata,
    Column("user_id", String(255), ForeignKey(users.c.user_id), primary_key=True),
    Column("email", String(320)),
)
"""It does not give way: who deletes a user deletes its row first."""
