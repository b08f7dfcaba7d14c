"""Run by Alembic, for `upgrade`, in the transaction that it has begun."""

from alembic import context
from sqlalchemy import Connection

from authweave.storage.sql._schema import VERSION_TABLE, metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite alters a table by making a new one
)
with context.begin_transaction():
    context.run_migrations()
