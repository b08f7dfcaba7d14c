"""The SQL of migrations, for those who run it themselves."""

from __future__ import annotations

import sqlite3
from io import StringIO
from typing import Final, cast

from sqlalchemy import make_url

from authweave.storage import StorageOptions

from ._migrate import bare_config, command, downgrade, revisions, upgrade
from ._sqlite import sqlite_backend

ASKS: Final = ("SELECT", "PRAGMA")


def migration_sql(dialect: str, since: str | None, until: str) -> str:
    """
    Return the SQL that goes from a revision to another, of which it knows both, in one transaction.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        since: where to start; None means that there are no tables yet.
        until: where to go; an older revision is one too.
    """
    order = [None, *revisions()]
    backwards = order.index(until) < order.index(since)
    if dialect == "sqlite":
        return sqlite_sql(since, until, backwards=backwards)
    written = StringIO()
    config = bare_config()
    config.output_buffer = written
    config.attributes["dialect"] = dialect
    go = command().downgrade if backwards else command().upgrade
    go(config, f"{since or 'base'}:{until}", sql=True)
    return written.getvalue()


def sqlite_sql(since: str | None, until: str, *, backwards: bool) -> str:
    """
    Return the SQL for SQLite: that which goes there in a database in memory.

    Alembic cannot write it without one: SQLite alters a table by copying it, so the table has to be looked at.
    """
    backend = sqlite_backend(make_url("sqlite://"), StorageOptions())
    statements: list[str] = []
    if since is not None:
        upgrade(backend, since)
    with backend.engine.connect() as connection:
        driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)  # SQLAlchemy's is for all drivers
        driver.rollback()  # SQLAlchemy has begun a transaction
    driver.set_trace_callback(statements.append)
    (downgrade if backwards else upgrade)(backend, until)
    driver.set_trace_callback(None)
    backend.engine.dispose()
    return "".join(f"{each.strip()};\n\n" for each in statements if not each.lstrip().upper().startswith(ASKS))
