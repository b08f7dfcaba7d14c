"""Run by Alembic: in the transaction that `migrating` has begun, or without a database to write SQL."""

from alembic import context
from sqlalchemy import Connection

from authweave.storage.sql._schema import VERSION_TABLE, metadata

connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    context.configure(
        dialect_name=context.config.attributes["dialect"], version_table=VERSION_TABLE, literal_binds=True
    )
else:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,  # SQLite alters a table by making a new one
    )
with context.begin_transaction():
    context.run_migrations()
