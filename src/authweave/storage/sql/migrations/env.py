"""
Run by Alembic, for the migrations of the core and of every part.

In the transaction that `migrating` has begun, or without a database to write SQL, between a BEGIN and a COMMIT that
`migration_sql` writes.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from authweave.storage.sql._history import History

attributes: dict[str, Any] = context.config.attributes  # Any: Alembic's, of anything
connection: Connection | None = attributes.get("connection")
history: History = attributes["history"]
if connection is None:
    context.configure(dialect_name=attributes["dialect"], version_table=history.version_table, literal_binds=True)
else:
    context.configure(
        connection=connection,
        target_metadata=history.metadata,
        version_table=history.version_table,
        render_as_batch=True,  # SQLite alters a table by making a new one
    )
context.run_migrations()
