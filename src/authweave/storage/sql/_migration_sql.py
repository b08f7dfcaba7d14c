"""The SQL of migrations, for those who run it themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from io import StringIO
from typing import Final, TypeAlias, cast

from sqlalchemy import make_url

from authweave.storage._options import StorageOptions

from ._history import CORE, History
from ._migrate import command, downgrade, upgrade
from ._sqlite import sqlite_backend

ASKS: Final = ("SELECT", "PRAGMA")
WRITES_SCHEMA: Final = "PRAGMA WRITABLE_SCHEMA"

BEGIN_ON_SQLITE: Final = "PRAGMA foreign_keys = OFF;\n\nBEGIN IMMEDIATE;\n\n"
"""Off before the transaction, in which it cannot be: else a table that is made anew takes along what refers to it."""

COMMIT_ON_SQLITE: Final = "PRAGMA foreign_key_check;\n\nCOMMIT;\n\nPRAGMA foreign_keys = ON;\n\n"
"""The check prints what refers to rows that are gone: nothing, if all is well."""

Step: TypeAlias = tuple[History, str | None, str]
"""A history, the revision to start at (None where there are no tables yet), and the one to go to."""


def migration_sql(dialect: str, steps: Sequence[Step]) -> str:
    """
    Return the SQL that takes histories from a revision to another, in one transaction.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        steps: in their order. An older revision may be gone to as well.
    """
    going = [step for step in steps if step[1] != step[2]]
    if dialect == "sqlite":
        statements = "".join(sqlite_sql(*step) for step in going)
        return f"{BEGIN_ON_SQLITE}{statements}{COMMIT_ON_SQLITE}"
    written = StringIO()
    for history, since, until in going:
        config = history.config()
        config.output_buffer = written
        config.attributes["dialect"] = dialect
        go = command().upgrade
        if is_backwards(history, since, until):
            history.check_way_back(since, until)
            go = command().downgrade
        go(config, f"{since or 'base'}:{until}", sql=True)
    return f"BEGIN;\n\n{written.getvalue()}COMMIT;\n\n"


def is_backwards(history: History, since: str | None, until: str) -> bool:
    """Return whether a revision is older than another."""
    order = [None, *history.revisions()]
    return order.index(until) < order.index(since)


def sqlite_sql(history: History, since: str | None, until: str) -> str:
    """
    Return the SQL for SQLite, without its transaction: that which goes there in a database in memory.

    Alembic cannot write it without one: SQLite alters a table by copying it, so the table has to be looked at.
    """
    backend = sqlite_backend(make_url("sqlite://"), StorageOptions())
    statements: list[str] = []
    if history != CORE:
        upgrade(backend, [CORE])
    if since is not None:
        upgrade(backend, [history], since)
    with backend.engine.connect() as connection:
        driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)  # SQLAlchemy's is for all drivers
        driver.rollback()  # SQLAlchemy has begun a transaction
    driver.set_trace_callback(statements.append)
    if is_backwards(history, since, until):
        downgrade(backend, history, until)
    else:
        upgrade(backend, [history], until)
    driver.set_trace_callback(None)
    backend.engine.dispose()
    return "".join(f"{each.strip()};\n\n" for each in statements if is_step(each))


def is_step(statement: str) -> bool:
    """Return whether a statement is one that changes the tables, or is needed to."""
    begins = statement.lstrip().upper()
    return begins.startswith(WRITES_SCHEMA) or not begins.startswith((*ASKS, "BEGIN", "COMMIT"))
